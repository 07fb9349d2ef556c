import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { findPocketsphinx } from '../../src/engines/pocketsphinx/index.ts';
import { type SpawnedServer, spawnServer } from '../support/spawned-server.ts';
import type { Caller } from './open-chat.ts';
import { channelOf, type RealtimePage, readWire, transcribe, writeMicrophone } from './open-realtime.ts';
import { hasChromium, launchBrowser, openPage } from './support/browser.ts';

const hasEars = findPocketsphinx() !== undefined;
if (!hasEars) console.warn('Left out, as pocketsphinx is not installed: the path of a newcomer.');

/** When the question is asked: alone, again once its answer has ended, into the second answer, and at the end. */
const ASKED_AT_SECONDS = [1, 30, 38, 58] as const;

describe.skipIf(!hasChromium || !hasEars)('the path of a newcomer', { timeout: 240_000 }, () => {
  let server: SpawnedServer;
  let as: Caller;
  let folder: string;
  let browser: Browser;

  beforeAll(async () => {
    server = await spawnServer();
    as = { url: server.url, secret: (await server.samtal('key')).trim() };
    folder = await mkdtemp(join(tmpdir(), 'samtal-newcomer-'));
    const microphone = join(folder, 'microphone.wav');
    await writeMicrophone(microphone, as, ASKED_AT_SECONDS);
    browser = await launchBrowser({ microphone });
  });
  afterAll(async () => {
    await browser?.close();
    await server?.[Symbol.asyncDispose]();
    if (folder) await rm(folder, { recursive: true, force: true });
  });

  async function download(page: Page, link: Locator): Promise<string> {
    const [file] = await Promise.all([page.waitForEvent('download'), link.click()]);
    const path = join(folder, file.suggestedFilename());
    await file.saveAs(path);
    return path;
  }

  test('from the link to a deployment, a conversation by voice, its log, and the deployment gone', async () => {
    await using opened = await openPage(browser, (await server.samtal('playground')).trim(), {
      viewport: { width: 1440, height: 1000 },
    });
    const { page, complaints } = opened;
    page.setDefaultTimeout(60_000);
    const wire = readWire(page);

    await page.getByRole('link', { name: 'Deployments' }).click();
    await createDeployment(page, 'guide');
    expect(await server.samtal('deployments')).toContain('guide');

    await page.getByRole('link', { name: 'Realtime' }).click();
    await page.getByLabel('Deployment', { exact: true }).selectOption('guide');
    const opening = page.waitForEvent('websocket');
    await page.getByRole('button', { name: 'Start listening' }).click();
    expect((await opening).url()).toContain('guide');
    const said = page.getByRole('region', { name: 'Conversation' }).getByRole('listitem');
    await said.nth(0).getByText('golden retriever').waitFor();
    await said
      .nth(1)
      .getByText(/You said: .*golden retriever/)
      .waitFor();

    const truncate = await wire.frame('sent', 'conversation.item.truncate');
    expect(truncate['audio_end_ms']).toBeGreaterThan(0);
    await page.getByRole('listitem').filter({ hasText: '(interrupted)' }).waitFor();

    const slider = page.getByRole('slider', { name: 'Silence duration' });
    await slider.focus();
    const from = wire.frames.length;
    await slider.press('End');
    await wire.frame('received', 'session.updated', from);
    expect((await turnMs(wire, from)) - (await turnMs(wire, 0))).toBeGreaterThan(3000);
    await page.getByRole('button', { name: 'Stop listening' }).click();

    const log = await download(page, page.getByRole('button', { name: 'Export' }));
    expect(await typesIn(log)).toEqual(
      expect.arrayContaining(['session.created', 'input_audio_buffer.speech_started', 'response.done']),
    );
    await page.getByRole('tab', { name: 'Recording' }).click();
    const recording = await download(page, page.getByRole('link', { name: 'Download: Both sides' }));
    const heard = await transcribe(as, await channelOf(recording, 1));
    expect(heard).toContain('you said');
    expect(heard).toContain('golden retriever');

    await page.getByRole('link', { name: 'Deployments' }).click();
    await page.getByRole('button', { name: 'Delete guide' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click();
    await page.getByRole('article', { name: 'guide', exact: true }).waitFor({ state: 'detached' });
    expect(await server.samtal('deployments')).not.toContain('guide');
    expect(complaints).toEqual([]);
  });
});

async function createDeployment(page: Page, name: string): Promise<void> {
  await page.getByRole('button', { name: 'New deployment' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Name').fill(name);
  await dialog.getByLabel('Model').fill('gpt-realtime');
  await dialog.getByRole('button', { name: 'Create' }).click();
  await page.getByRole('article', { name, exact: true }).waitFor();
}

type Wire = Pick<RealtimePage, 'frames' | 'frame'>;

/** How long the first turn after the frame number `from` is, from its first sound on, by the server's clock of sound. */
async function turnMs({ frames, frame }: Wire, from: number): Promise<number> {
  const started = await frame('received', 'input_audio_buffer.speech_started', from);
  const begin = frames.findIndex(({ event }) => event === started);
  const stopped = await frame('received', 'input_audio_buffer.speech_stopped', begin);
  return Number(stopped['audio_end_ms']) - Number(started['audio_start_ms']);
}

async function typesIn(log: string): Promise<readonly string[]> {
  const lines = (await readFile(log, 'utf8')).trimEnd().split('\n');
  return lines.map((line) => (JSON.parse(line) as { event: { type: string } }).event.type);
}
