import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { findPocketsphinx } from '../../src/engines/pocketsphinx/index.ts';
import { startTestServer, type TestServer } from '../support/test-server.ts';
import type { Caller } from './open-chat.ts';
import { channelOf, openRealtime, transcribe, writeMicrophone } from './open-realtime.ts';
import { accessibilityFaults } from './support/accessibility.ts';
import { hasChromium, launchBrowser } from './support/browser.ts';

const hasEars = findPocketsphinx() !== undefined;
if (!hasEars) console.warn('Left out, as pocketsphinx is not installed: speaking in the realtime page.');

/** A browser that waits for a processor loses some of what its microphone hears, and so the last word varies. */
const HEARD = /golden retriever a good family/;
const REPEATED = /You said: .*golden retriever a good family/;

describe.skipIf(!hasChromium || !hasEars)('speaking in the realtime page', { timeout: 180_000 }, () => {
  let server: TestServer;
  let as: Caller;
  let folder: string;
  /** Hears the question once. */
  let browser: Browser;
  /** Hears it again and again, the answers included. */
  let talkative: Browser;

  beforeAll(async () => {
    server = await startTestServer();
    as = { url: server.url, secret: server.key };
    folder = await mkdtemp(join(tmpdir(), 'samtal-realtime-'));
    const [once, often] = [join(folder, 'once.wav'), join(folder, 'often.wav')];
    await writeMicrophone(once, as, [1]);
    await writeMicrophone(often, as, [1, 11, 21, 31, 41, 51]);
    browser = await launchBrowser({ microphone: once });
    talkative = await launchBrowser({ microphone: often });
  });

  afterAll(async () => {
    await browser?.close();
    await talkative?.close();
    await server?.[Symbol.asyncDispose]();
    if (folder) await rm(folder, { recursive: true, force: true });
  });

  async function download(page: Page, press: () => Promise<void>): Promise<string> {
    const [file] = await Promise.all([page.waitForEvent('download'), press()]);
    const path = join(folder, file.suggestedFilename());
    await file.saveAs(path);
    return path;
  }

  test('a spoken question is written down, answered, and the answer heard', async () => {
    await using realtime = await openRealtime(browser, as);
    const { page, frame } = realtime;
    await page.getByRole('button', { name: 'Start listening' }).click();
    const said = page.getByRole('region', { name: 'Conversation' }).getByRole('listitem');
    await said.nth(0).getByText(HEARD).waitFor();
    await said.nth(1).getByText(REPEATED).waitFor();
    await frame('received', 'response.done');
    await page.getByRole('status').getByText('Listening').waitFor();

    await page.getByRole('tab', { name: 'Recording' }).click();
    const wav = await download(
      page,
      async () => await page.getByRole('link', { name: 'Download: Both sides' }).click(),
    );
    expect(await transcribe(as, await channelOf(wav, 0))).toContain('golden retriever');
    const heard = await transcribe(as, await channelOf(wav, 1));
    expect(heard).toContain('you said');
    expect(heard).toContain('golden retriever');
    expect(realtime.complaints).toEqual([]);
  });

  test('speech stops an answer, and the server is told how much of it was heard', async () => {
    await using realtime = await openRealtime(talkative, as);
    const { page, frame, frames } = realtime;
    await page.getByRole('button', { name: 'Start listening' }).click();
    const truncate = await frame('sent', 'conversation.item.truncate');
    const started = frames.findIndex(({ event }) => event.type === 'response.output_audio.delta');
    const cut = frames.findIndex(({ event }) => event.type === 'conversation.item.truncate');
    const sentMs = frames
      .slice(started, cut)
      .filter(
        ({ event }) =>
          event.type === 'response.output_audio.delta' && event['item_id'] === truncate['item_id'],
      )
      .reduce((sum, { event }) => sum + Buffer.byteLength(String(event['delta']), 'base64') / 48, 0);
    expect(truncate['audio_end_ms']).toBeGreaterThan(0);
    expect(truncate['audio_end_ms']).toBeLessThan(sentMs);
    await frame('received', 'conversation.item.truncated');
    const cutAnswer = page.getByRole('listitem').filter({ hasText: '(interrupted)' });
    await cutAnswer.waitFor();
    expect(await cutAnswer.locator('s').innerText()).toContain('settings file');
    expect(frames.filter(({ event }) => event.type === 'error')).toEqual([]);
  });

  test('a turn is timed from the end of speech to the first sound, and each step says whose clock it is by', async () => {
    await using realtime = await openRealtime(browser, as);
    const { page } = realtime;
    await page.getByRole('button', { name: 'Start listening' }).click();
    await page.getByRole('tab', { name: 'Latency' }).click();
    const turn = page.getByRole('table', { name: /^Turn 1/ });
    await turn.getByRole('row', { name: /First audio played/ }).waitFor();
    const rows = await turn.getByRole('row').allInnerTexts();
    const clocks = rows.slice(1).map((row) => row.split('\t').map((cell) => cell.trim()));
    expect(clocks.map(([step, , , clock]) => [step, clock?.toLowerCase()])).toEqual([
      ['Turn taken as ended', 'server'],
      ['Transcript', 'server'],
      ['First token', 'server'],
      ['First audio sent', 'server'],
      ['First audio played', 'this page'],
    ]);
  });

  test('the log is exported as lines of JSON, and read again', async () => {
    await using realtime = await openRealtime(browser, as);
    const { page, say, frame } = realtime;
    await say('Hello there');
    await frame('received', 'response.done');
    const path = await download(page, async () => await page.getByRole('button', { name: 'Export' }).click());
    const lines = (await readFile(path, 'utf8')).trimEnd().split('\n');
    const types = lines.map((line) => (JSON.parse(line) as { event: { type: string } }).event.type);
    expect(types.slice(0, 2)).toEqual(['session.created', 'session.update']);
    expect(types).toContain('conversation.item.create');
    expect(types).toContain('response.output_audio_transcript.delta');
    await page.reload();
    await page.locator('input[type=file]').setInputFiles(path);
    await page.getByText('Shown: realtime.jsonl').waitFor();
    await page.getByRole('textbox', { name: 'Message' }).waitFor();
    await page.getByPlaceholder('Filter events').fill('session.created');
    await page.getByRole('region', { name: 'Events' }).getByText('Session opened').waitFor();
    expect(await page.getByRole('region', { name: 'Events' }).getByRole('listitem').count()).toBe(1);
  });

  test('a longer silence ends the turn later', async () => {
    /** Where in the audio the server ends the turn, when the slider has been moved by a key. */
    async function turnEnd(key: 'Home' | 'End'): Promise<number> {
      await using realtime = await openRealtime(browser, as);
      const { page, frame } = realtime;
      const slider = page.getByRole('slider', { name: 'Silence duration' });
      await slider.focus();
      await slider.press(key);
      await page.getByRole('button', { name: 'Start listening' }).click();
      return Number((await frame('received', 'input_audio_buffer.speech_stopped'))['audio_end_ms']);
    }
    // From 100 ms to 4000 ms, less what a busy machine loses of the sound.
    expect((await turnEnd('End')) - (await turnEnd('Home'))).toBeGreaterThan(3000);
  });

  test.each(['light', 'dark'] as const)(
    'axe finds nothing serious while one speaks, in the %s',
    async (colorScheme) => {
      await using realtime = await openRealtime(browser, as, { colorScheme });
      const { page, say, frame } = realtime;
      await page.getByRole('button', { name: 'Start listening' }).click();
      await say('Hello');
      await frame('received', 'response.done');
      for (const tab of ['Events', 'Latency', 'Tokens', 'Recording', 'Code']) {
        await page.getByRole('tab', { name: tab, exact: true }).click();
        expect(await accessibilityFaults(page)).toEqual([]);
      }
    },
  );
});
