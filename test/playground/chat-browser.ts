import { existsSync } from 'node:fs';
import { type Browser, chromium, type Locator, type Page } from 'playwright-core';
import { buildIfStale } from '../../playground/build.ts';

const executablePath = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find(
  existsSync,
);
export const hasChromium = executablePath !== undefined;
if (!hasChromium) console.warn('Left out, as Chromium is not installed: the chat of the playground.');

export interface BrowserOptions {
  /** What the microphone hears: a wav at 48 kHz, once. */
  readonly microphone?: string;
}

/** The page as it is now, and a headless Chromium to look at it with. */
export async function launchBrowser({ microphone }: BrowserOptions = {}): Promise<Browser> {
  await buildIfStale();
  return await chromium.launch({
    ...(executablePath !== undefined && { executablePath }),
    args: [
      '--no-sandbox',
      '--use-fake-ui-for-media-stream',
      '--use-fake-device-for-media-stream',
      ...(microphone === undefined ? [] : [`--use-file-for-fake-audio-capture=${microphone}%noloop`]),
    ],
  });
}

export interface ChatRequestBody {
  readonly model: string;
  readonly messages: readonly Readonly<Record<string, unknown>>[];
  readonly [name: string]: unknown;
}

export interface ChatPage {
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

/** A spoken sentence as a file, made by the server itself. */
export async function speech(
  { url, secret }: { readonly url: string; readonly secret: string },
  format: 'wav' | 'mp3' | 'flac',
): Promise<Buffer> {
  const response = await fetch(new URL('/v1/audio/speech', url), {
    method: 'POST',
    headers: { 'api-key': secret, 'content-type': 'application/json' },
    body: JSON.stringify({ model: 'tts-1', voice: 'alloy', input: QUESTION, response_format: format }),
  });
  if (!response.ok) throw new Error(await response.text());
  return Buffer.from(await response.arrayBuffer());
}

const QUESTION = 'Is a golden retriever a good family dog?';

/** Opens the chat of a server as somebody who has signed in with `secret`. */
export async function openChat(
  browser: Browser,
  { url, secret }: { readonly url: string; readonly secret: string },
): Promise<ChatPage> {
  const context = await browser.newContext({
    locale: 'en-US',
    permissions: ['microphone', 'clipboard-read'],
  });
  await context.addInitScript((value) => sessionStorage.setItem('samtal.credential', value), secret);
  // Engines share the machine with the browser.
  context.setDefaultTimeout(60_000);
  const page = await context.newPage();
  const requests: { url: string; body: ChatRequestBody }[] = [];
  const complaints: string[] = [];
  page.on('request', (request) => {
    if (!request.url().includes('/chat/completions')) return;
    requests.push({ url: request.url(), body: request.postDataJSON() as ChatRequestBody });
  });
  page.on('console', (entry) => {
    if (entry.type() === 'error' || entry.type() === 'warning') complaints.push(entry.text());
  });
  page.on('pageerror', (error) => complaints.push(String(error)));
  await page.goto(new URL('/chat', url).href);
  const message = page.getByRole('textbox', { name: 'Message', exact: true });
  return {
    page,
    requests,
    complaints,
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
