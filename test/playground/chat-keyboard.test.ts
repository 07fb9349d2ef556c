import { writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, FileChooser, Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startTestServer, type TestServer } from '../support/test-server.ts';
import { type ChatPage, openChat, speech } from './open-chat.ts';
import { hasChromium, launchBrowser } from './support/browser.ts';
import { tabTo } from './support/keyboard.ts';

describe.skipIf(!hasChromium)('the chat by keyboard alone', { timeout: 120_000 }, () => {
  let server: TestServer;
  let browser: Browser;

  beforeAll(async () => {
    server = await startTestServer();
    browser = await launchBrowser();
  });
  afterAll(async () => {
    await browser?.close();
    await server?.[Symbol.asyncDispose]();
  });

  async function open(): Promise<ChatPage> {
    return await openChat(browser, { url: server.url, secret: server.key });
  }

  test('one asks, plays the answer, and asks on by its id', async () => {
    await using chat = await open();
    const { page, requests } = chat;
    await write(page, chat.message, 'Hello there');
    const answer = await chat.answer(1);
    await tabTo(answer.getByRole('button', { name: 'Play' }));
    await page.keyboard.press('Space');
    await answer.getByRole('button', { name: 'Pause' }).waitFor();
    await write(page, chat.message, 'And on?');
    await chat.answer(2);
    expect(requests[1]?.body.messages[1]).toMatchObject({
      role: 'assistant',
      audio: { id: expect.stringMatching(/^audio_/) },
    });
  });

  test('one records a question, hears what it is, and sends it', async () => {
    await using chat = await open();
    const { page, requests } = chat;
    await tabTo(page.getByRole('button', { name: 'Record', exact: true }));
    await page.keyboard.press('Space');
    const stop = page.getByRole('button', { name: 'Stop recording' });
    await page.getByText('0:01', { exact: true }).waitFor();
    await tabTo(stop);
    await page.keyboard.press('Space');
    await page.getByRole('group', { name: 'recording.wav' }).waitFor();
    await tabTo(page.getByRole('button', { name: 'Send', exact: true }));
    await page.keyboard.press('Enter');
    await chat.answer(1);
    expect(JSON.stringify(requests[0]?.body.messages)).toContain('"format":"wav"');
  });

  test('one attaches a file, and takes it away again', async () => {
    await using chat = await open();
    const { page } = chat;
    const file = join(tmpdir(), `samtal-question-${process.pid}.mp3`);
    await writeFile(file, await speech({ url: server.url, secret: server.key }, 'mp3'));
    await tabTo(page.getByRole('button', { name: 'Attach audio' }));
    await (await openChooser(page)).setFiles(file);
    const attached = page.getByRole('group', { name: /\.mp3$/ });
    await attached.waitFor();
    await tabTo(page.getByRole('button', { name: /^Remove: .*mp3$/ }));
    await page.keyboard.press('Enter');
    await attached.waitFor({ state: 'detached' });
  });

  test('one changes a setting, and copies the program that sends the same', async () => {
    await using chat = await open();
    const { page, requests } = chat;
    await tabTo(page.getByRole('combobox', { name: 'Voice' }));
    await page.keyboard.type('echo');
    await write(page, chat.message, 'Hello there');
    const answer = await chat.answer(1);
    expect(requests[0]?.body['audio']).toMatchObject({ voice: 'echo' });
    await tabTo(answer.getByRole('button', { name: 'Request, response and code' }));
    await page.keyboard.press('Enter');
    await tabTo(answer.getByRole('tab', { name: 'Request' }));
    for (const name of ['Response', 'Code']) {
      await page.keyboard.press('ArrowRight');
      await answer.getByRole('tabpanel', { name }).waitFor();
    }
    await tabTo(answer.getByRole('tabpanel', { name: 'Code' }).getByRole('button', { name: 'Copy' }).last());
    await page.keyboard.press('Enter');
    await expect
      .poll(async () => await page.evaluate('navigator.clipboard.readText()'))
      .toMatch(/voice: ['"]echo['"]/);
  });
});

/** A browser that waits long for a processor takes the press of a key for an old one, and opens nothing. */
async function openChooser(page: Page): Promise<FileChooser> {
  const opened = page.waitForEvent('filechooser');
  const waits = async (): Promise<'waits'> => {
    await page.waitForTimeout(8_000);
    return 'waits';
  };
  for (;;) {
    await page.keyboard.press('Enter');
    const outcome = await Promise.race([opened, waits()]);
    if (outcome !== 'waits') return outcome;
  }
}

async function write(page: Page, message: Locator, text: string): Promise<void> {
  await tabTo(message);
  await page.keyboard.type(text);
  await page.keyboard.press('Enter');
}
