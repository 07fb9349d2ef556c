import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { findPocketsphinx } from '../../src/engines/pocketsphinx/index.ts';
import { startTestServer, type TestServer } from '../support/test-server.ts';
import { type Caller, speech } from './open-chat.ts';
import { openRealtime, type RealtimePage } from './open-realtime.ts';
import { accessibilityFaults } from './support/accessibility.ts';
import { hasChromium, launchBrowser } from './support/browser.ts';

const hasEars = findPocketsphinx() !== undefined;
if (!hasEars)
  console.warn('Left out, as pocketsphinx is not installed: comparing deployments in the playground.');

describe.skipIf(!hasChromium || !hasEars)('comparing two deployments', { timeout: 120_000 }, () => {
  let server: TestServer;
  let as: Caller;
  let browser: Browser;

  beforeAll(async () => {
    server = await startTestServer();
    as = { url: server.url, secret: server.key };
    browser = await launchBrowser();
  });
  afterAll(async () => {
    await browser?.close();
    await server?.[Symbol.asyncDispose]();
  });

  async function open(): Promise<RealtimePage> {
    return await openRealtime(browser, as, { path: '/compare' });
  }

  async function attach(page: Page, buffer: Buffer): Promise<void> {
    await page.locator('input[type=file]').setInputFiles({ name: 'q.mp3', mimeType: 'audio/mpeg', buffer });
  }

  const side = (page: Page, letter: 'A' | 'B') => page.getByRole('region', { name: `Side ${letter}` });

  test('both are asked the same recording, each in its own settings, and both answers are heard and timed', async () => {
    await using realtime = await open();
    const { page, frames } = realtime;
    await attach(page, await speech(as, 'mp3'));
    await page.getByRole('group', { name: 'The question' }).waitFor();
    await side(page, 'A').getByLabel('Deployment').selectOption('gpt-realtime');
    await side(page, 'B').getByLabel('Deployment').selectOption('gpt-4o-mini-realtime-preview');
    await side(page, 'B').getByLabel('Protocol').selectOption('preview');
    await side(page, 'B').getByLabel('Voice').selectOption('echo');
    await page.getByRole('button', { name: 'Ask both' }).click();
    for (const letter of ['A', 'B'] as const) {
      await side(page, letter)
        .getByText('is a golden retriever a good family dog', { exact: true })
        .waitFor();
      await side(page, letter).getByText('You said: is a golden retriever').waitFor();
      await side(page, letter)
        .getByRole('button', { name: `Play: Answer, Side ${letter}` })
        .waitFor();
      await side(page, letter)
        .getByRole('row', { name: /First audio sent/ })
        .waitFor();
    }
    const updates = frames.flatMap(({ sent, event }) =>
      sent && event.type === 'session.update' ? [event['session']] : [],
    );
    expect(updates).toHaveLength(2);
    expect(updates).toContainEqual(expect.objectContaining({ voice: 'echo', turn_detection: null }));
    expect(updates).toContainEqual(
      expect.objectContaining({
        type: 'realtime',
        audio: expect.objectContaining({ input: expect.objectContaining({ turn_detection: null }) }),
      }),
    );
    const speechOf = (): string[] =>
      frames.flatMap(({ sent, event }) =>
        sent && event.type === 'input_audio_buffer.append' ? [String(event['audio'])] : [],
      );
    const pieces = speechOf();
    expect(new Set(pieces.map((piece) => pieces.filter((other) => other === piece).length % 2))).toEqual(
      new Set([0]),
    );
    expect(realtime.complaints).toEqual([]);
    expect(await accessibilityFaults(page)).toEqual([]);
  });

  test('a question is recorded in the page', async () => {
    await using realtime = await open();
    const { page } = realtime;
    await page.getByRole('button', { name: 'Record', exact: true }).click();
    await page.getByRole('button', { name: 'Stop recording' }).click();
    await page.getByRole('group', { name: 'The question' }).waitFor();
    await page.getByRole('button', { name: 'Ask both' }).and(page.locator(':enabled')).waitFor();
  });

  test('a file that is no sound is told of', async () => {
    await using realtime = await open();
    await attach(realtime.page, Buffer.from('This is no sound.'));
    await realtime.page.getByRole('alert').getByText('can not decode the file').waitFor();
  });
});
