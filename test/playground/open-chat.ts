import type { Browser, Locator, Page } from 'playwright-core';
import { openPage } from './support/browser.ts';

/** Who opens the page, and where. */
export interface Caller {
  readonly url: string;
  readonly secret: string;
}

export interface ChatRequestBody {
  readonly model: string;
  readonly messages: readonly Readonly<Record<string, unknown>>[];
  readonly [name: string]: unknown;
}

export interface ChatPage extends AsyncDisposable {
  readonly page: Page;
  /** What the page asked the server, in order. */
  readonly requests: readonly { readonly url: string; readonly body: ChatRequestBody }[];
  /** What the browser complained of, such as what the page's policy forbids. */
  readonly complaints: readonly string[];
  readonly message: Locator;
  /** Types a message and sends it. */
  readonly say: (text: string) => Promise<void>;
  /** The answer of this number, once it has ended. */
  readonly answer: (number: number) => Promise<Locator>;
}

/** Opens the chat of a server as somebody who has signed in. */
export async function openChat(browser: Browser, { url, secret }: Caller): Promise<ChatPage> {
  const permissions = ['microphone', 'clipboard-read'];
  const opened = await openPage(browser, new URL('/chat', url), { secret, permissions });
  const { page } = opened;
  // Engines share the machine with the browser.
  page.setDefaultTimeout(60_000);
  const requests: { url: string; body: ChatRequestBody }[] = [];
  page.on('request', (request) => {
    if (!request.url().includes('/chat/completions')) return;
    requests.push({ url: request.url(), body: request.postDataJSON() as ChatRequestBody });
  });
  const message = page.getByRole('textbox', { name: 'Message', exact: true });
  return {
    ...opened,
    requests,
    message,
    say: async (text) => {
      await message.fill(text);
      await message.press('Enter');
    },
    answer: async (number) => {
      const answer = page.getByRole('article', { name: 'Assistant' }).nth(number - 1);
      await answer.getByRole('button', { name: 'Request, response and code' }).waitFor();
      return answer;
    },
  };
}

const QUESTION = 'Is a golden retriever a good family dog?';

/** A spoken question as a file, made by the server itself. */
export async function speech({ url, secret }: Caller, format: 'wav' | 'mp3' | 'flac'): Promise<Buffer> {
  const response = await fetch(new URL('/v1/audio/speech', url), {
    method: 'POST',
    headers: { 'api-key': secret, 'content-type': 'application/json' },
    body: JSON.stringify({ model: 'tts-1', voice: 'alloy', input: QUESTION, response_format: format }),
  });
  if (!response.ok) throw new Error(await response.text());
  return Buffer.from(await response.arrayBuffer());
}
