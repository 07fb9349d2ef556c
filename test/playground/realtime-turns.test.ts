import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startTestServer, type TestServer } from '../support/test-server.ts';
import type { Caller } from './open-chat.ts';
import { openRealtime, type RealtimePage, writeMicrophone } from './open-realtime.ts';
import { hasChromium, launchBrowser } from './support/browser.ts';

describe.skipIf(!hasChromium)('turns, tools and faults of the realtime page', { timeout: 120_000 }, () => {
  let server: TestServer;
  let as: Caller;
  let folder: string;
  let browser: Browser;

  beforeAll(async () => {
    server = await startTestServer();
    as = { url: server.url, secret: server.key };
    folder = await mkdtemp(join(tmpdir(), 'samtal-realtime-'));
    const microphone = join(folder, 'microphone.wav');
    await writeMicrophone(microphone, as, [0, 4, 8, 12, 16, 20, 24]);
    browser = await launchBrowser({ microphone });
  });
  afterAll(async () => {
    await browser?.close();
    await server?.[Symbol.asyncDispose]();
    if (folder) await rm(folder, { recursive: true, force: true });
  });

  async function chooseNoDetection(page: Page): Promise<void> {
    await page.getByRole('radiogroup', { name: 'Turn detection' }).getByText('None').click();
  }

  /** Waits until so many more chunks of 40 ms have been sent. */
  async function hear({ frames, frame }: RealtimePage, chunks: number): Promise<void> {
    let from = frames.length;
    for (let chunk = 0; chunk < chunks; chunk++) {
      await frame('sent', 'input_audio_buffer.append', from);
      from = frames.length;
    }
  }

  const conversation = (page: Page) => page.getByRole('region', { name: 'Conversation' });
  const sentTypes = ({ frames }: RealtimePage) =>
    frames.flatMap(({ sent, event }) => (sent ? [event.type] : []));

  test('while the button is held by a key the server hears, and then it is asked to answer', async () => {
    await using realtime = await openRealtime(browser, as);
    const { page, frame } = realtime;
    await chooseNoDetection(page);
    const talk = page.getByRole('button', { name: 'Hold to talk' });
    await talk.focus();
    await page.keyboard.down('Space');
    await page.getByRole('button', { name: 'Let go to send', pressed: true }).waitFor();
    await hear(realtime, 50);
    await page.keyboard.up('Space');
    await frame('received', 'response.done');
    expect(sentTypes(realtime).filter((type) => !type.endsWith('append'))).toEqual([
      'session.update',
      'input_audio_buffer.commit',
      'response.create',
    ]);
    const sentAfterwards = realtime.frames.findLastIndex(({ event }) => event.type.endsWith('append'));
    const commit = realtime.frames.findIndex(({ event }) => event.type.endsWith('.commit'));
    expect(sentAfterwards).toBeLessThan(commit);
  });

  test('pressing the button while an answer sounds stops it on both sides', async () => {
    await using realtime = await openRealtime(browser, as);
    const { page, frame, say } = realtime;
    await chooseNoDetection(page);
    await say('Tell me of golden retrievers');
    await page.getByRole('status').getByText('Answering').waitFor();
    const from = realtime.frames.length;
    await page.getByRole('button', { name: 'Hold to talk' }).hover();
    await page.mouse.down();
    const truncate = await frame('sent', 'conversation.item.truncate', from);
    expect(truncate['audio_end_ms']).toBeGreaterThan(0);
    await frame('received', 'conversation.item.truncated', from);
    await page.mouse.up();
    await page.getByRole('listitem').filter({ hasText: '(interrupted)' }).waitFor();
  });

  test('a tool that is written in JavaScript answers, and can reach nothing', async () => {
    await using realtime = await openRealtime(browser, as);
    const { page, frame, say, setting } = realtime;
    await page.getByRole('radiogroup', { name: 'Answer by' }).getByText('Text').click();
    await page.getByRole('button', { name: 'Tools', exact: true }).click();
    await page.getByRole('button', { name: 'Add a tool' }).click();
    await page.getByRole('radiogroup', { name: 'Answer', exact: true }).getByText('JavaScript').click();
    await setting('JavaScript')
      .last()
      .fill(
        "const reached = await fetch('/health').then(() => 'everything', () => 'nothing');\n" +
          "return 'It is ' + 6 * 7 + ' degrees and reaches ' + reached + ', not ' + typeof sessionStorage;",
      );
    await setting('JavaScript').last().blur();
    await setting('Tool choice').selectOption('required');
    await say('How is the weather?');
    const created = await frame('sent', 'conversation.item.create');
    expect(created['item']).toMatchObject({ type: 'message' });
    const call = page.getByRole('listitem').filter({ hasText: 'Called get_weather' });
    await call.getByText('It is 42 degrees and reaches nothing, not undefined').waitFor();
    await conversation(page).getByText('The tool answered: It is 42 degrees').waitFor();
  });

  test('a tool that never ends has failed after a while, and the page lives on', async () => {
    await using realtime = await openRealtime(browser, as);
    const { page, say, setting } = realtime;
    await page.getByRole('radiogroup', { name: 'Answer by' }).getByText('Text').click();
    await page.getByRole('button', { name: 'Tools', exact: true }).click();
    await page.getByRole('button', { name: 'Add a tool' }).click();
    await page.getByRole('radiogroup', { name: 'Answer', exact: true }).getByText('JavaScript').click();
    await setting('JavaScript').last().fill('for (;;) {}');
    await setting('JavaScript').last().blur();
    await setting('Tool choice').selectOption('required');
    await say('How is the weather?');
    await page.getByText('The tool gave no answer within 10 s').first().waitFor();
  });

  test('a microphone that is denied is explained', async () => {
    await using realtime = await openRealtime(browser, as);
    const { page } = realtime;
    await page.evaluate(
      "navigator.mediaDevices.getUserMedia = async () => { throw new DOMException('no', 'NotAllowedError'); }",
    );
    await page.getByRole('button', { name: 'Start listening' }).click();
    await page.getByRole('alert').getByText('Allow the microphone beside the address').waitFor();
    await page.getByRole('button', { name: 'Start listening' }).waitFor();
  });

  test('a server that goes away is told of, and asked again at a click', async () => {
    const other = await startTestServer();
    await using realtime = await openRealtime(browser, { url: other.url, secret: other.key });
    const { page, say, frame } = realtime;
    await page.getByRole('radiogroup', { name: 'Answer by' }).getByText('Text').click();
    await say('Hello');
    await frame('received', 'response.done');
    await other[Symbol.asyncDispose]();
    const alert = page.getByRole('alert').filter({ hasText: 'The connection was lost' });
    await alert.waitFor();
    await conversation(page).getByText('You said: Hello').waitFor();
    await alert.getByRole('button', { name: 'Connect again' }).click();
    await page.getByRole('alert').filter({ hasText: 'No session came about' }).waitFor();
  });

  test('what the server refuses is shown in its own words', async () => {
    await using realtime = await openRealtime(browser, as);
    const { page, say, frame } = realtime;
    await say('Hello');
    await frame('received', 'response.output_audio.delta');
    await frame('received', 'response.done');
    await realtime.setting('Voice').selectOption('echo');
    await page.getByRole('alert').getByText("Cannot update a conversation's voice").waitFor();
  });
});
