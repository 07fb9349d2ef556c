import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startTestServer, type TestServer } from '../support/test-server.ts';
import { type ChatPage, openChat } from './open-chat.ts';
import { hasChromium, launchBrowser } from './support/browser.ts';

interface ControlCase {
  readonly control: string;
  readonly use: (page: Page) => Promise<void>;
  /** What of the request is other than at first; `undefined` where a field is gone. */
  readonly changes: Readonly<Record<string, unknown>>;
}

/** What is sent before anything has been changed. */
const AT_FIRST = {
  model: 'gpt-4o-mini-audio-preview',
  modalities: ['text', 'audio'],
  audio: { voice: 'alloy', format: 'pcm16' },
  stream: true,
  stream_options: { include_usage: true },
  messages: [{ role: 'user', content: 'hello' }],
};

async function openMore(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Sampling and tools' }).click();
}

const cases: readonly ControlCase[] = [
  { control: 'no change', use: async () => {}, changes: {} },
  {
    control: 'the deployment',
    use: async (page) => {
      await page.getByRole('combobox', { name: 'Deployment' }).selectOption('gpt-audio');
    },
    changes: { model: 'gpt-audio' },
  },
  {
    control: 'answers without sound',
    use: async (page) =>
      await page.getByRole('radiogroup', { name: 'Answers' }).getByText('Text', { exact: true }).click(),
    changes: { modalities: ['text'], audio: undefined },
  },
  {
    control: 'the voice',
    use: async (page) => {
      await page.getByRole('combobox', { name: 'Voice' }).selectOption('shimmer');
    },
    changes: { audio: { voice: 'shimmer', format: 'pcm16' } },
  },
  {
    control: 'the format',
    use: async (page) => {
      await page.getByRole('combobox', { name: 'Audio format' }).selectOption('mp3');
    },
    changes: { audio: { voice: 'alloy', format: 'mp3' }, stream: undefined, stream_options: undefined },
  },
  {
    control: 'the instructions',
    use: async (page) => await page.getByRole('textbox', { name: 'Instructions' }).fill('Be brief.'),
    changes: {
      messages: [
        { role: 'system', content: 'Be brief.' },
        { role: 'user', content: 'hello' },
      ],
    },
  },
  {
    control: 'the temperature',
    use: async (page) => {
      await openMore(page);
      await page.getByRole('textbox', { name: 'Temperature' }).fill('0.3');
    },
    changes: { temperature: 0.3 },
  },
  {
    control: 'the most tokens',
    use: async (page) => {
      await openMore(page);
      await page.getByRole('textbox', { name: 'Most tokens' }).fill('5');
    },
    changes: { max_completion_tokens: 5 },
  },
  {
    control: 'the stop sequences',
    use: async (page) => {
      await openMore(page);
      const stop = page.getByRole('combobox', { name: 'Stop sequences' });
      await stop.fill('.');
      await stop.press('Enter');
    },
    changes: { stop: ['.'] },
  },
  {
    control: 'the tools',
    use: async (page) => {
      await openMore(page);
      await page.getByRole('textbox', { name: 'Tools' }).fill('{"name":"get_time"}');
    },
    changes: { tools: [{ type: 'function', function: { name: 'get_time' } }] },
  },
];

describe.skipIf(!hasChromium)('each control of the chat', { timeout: 120_000 }, () => {
  let server: TestServer;
  let browser: Browser;
  let chat: ChatPage;

  beforeAll(async () => {
    server = await startTestServer();
    browser = await launchBrowser();
    chat = await openChat(browser, { url: server.url, secret: server.key });
  });

  afterAll(async () => {
    await browser?.close();
    await server?.[Symbol.asyncDispose]();
  });

  test.each(cases)('the server is told of $control, and of no other change', async ({ use, changes }) => {
    await chat.page.reload();
    await use(chat.page);
    await chat.say('hello');
    await chat.answer(1);
    const { url, body } = chat.requests.at(-1) ?? {};
    const expected = { ...AT_FIRST, ...changes };
    expect(body).toEqual(JSON.parse(JSON.stringify(expected)));
    expect(new URL(url ?? '').pathname).toBe(`/openai/deployments/${expected.model}/chat/completions`);
  });

  test('tools that can not be read are explained and hold the message back', async () => {
    await chat.page.reload();
    await openMore(chat.page);
    await chat.page.getByRole('textbox', { name: 'Tools' }).fill('[{"name":');
    await chat.page.getByText('This is not JSON.').waitFor();
    await chat.message.fill('hello');
    expect(await chat.page.getByRole('button', { name: 'Send', exact: true }).isDisabled()).toBe(true);
  });
});
