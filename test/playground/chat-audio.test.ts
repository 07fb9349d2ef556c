import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { encodeWav } from '../../playground/src/audio/encode-wav.ts';
import { resampleChunk } from '../../src/audio/resample.ts';
import { collectAudio } from '../../src/audio/test-speech.ts';
import { readWavHeader } from '../../src/audio/wav-header.ts';
import { readWav } from '../../src/audio/wav-reader.ts';
import { findPocketsphinx } from '../../src/engines/pocketsphinx/index.ts';
import { startTestServer, type TestServer } from '../support/test-server.ts';
import { type ChatPage, openChat, speech } from './open-chat.ts';
import { hasChromium, launchBrowser } from './support/browser.ts';

const hasEars = findPocketsphinx() !== undefined;
if (!hasEars) console.warn('Left out, as pocketsphinx is not installed: sound that is sent from the chat.');

/** The built-in script repeats what the recognizer made of the question. */
const HEARD = /You said: .*golden retriever/i;

describe.skipIf(!hasChromium || !hasEars)('sound in the chat', { timeout: 120_000 }, () => {
  let server: TestServer;
  let browser: Browser;
  let folder: string;
  let as: { readonly url: string; readonly secret: string };

  beforeAll(async () => {
    server = await startTestServer();
    as = { url: server.url, secret: server.key };
    folder = await mkdtemp(join(tmpdir(), 'samtal-microphone-'));
    const microphone = join(folder, 'microphone.wav');
    const spoken = await collectAudio(readWav(await speech(as, 'wav')));
    const { samples } = await resampleChunk(spoken, 48_000);
    await writeFile(microphone, encodeWav(samples, 48_000));
    browser = await launchBrowser({ microphone });
  });

  afterAll(async () => {
    await browser?.close();
    await server?.[Symbol.asyncDispose]();
    await rm(folder, { recursive: true, force: true });
  });

  async function open(): Promise<ChatPage> {
    const chat = await openChat(browser, as);
    await chat.page.getByRole('radiogroup', { name: 'Answers' }).getByText('Text', { exact: true }).click();
    return chat;
  }

  async function attach(chat: ChatPage, name: string, buffer: Buffer): Promise<void> {
    await chat.page.locator('input[type=file]').setInputFiles({ name, mimeType: 'audio/x-any', buffer });
  }

  test('what is recorded is sent as a wav and understood', async () => {
    await using chat = await open();
    await chat.page.getByRole('button', { name: 'Record', exact: true }).click();
    await chat.page.getByText('0:04', { exact: true }).waitFor();
    await chat.page.getByRole('button', { name: 'Stop recording' }).click();
    await chat.page.getByRole('group', { name: 'recording.wav' }).waitFor();
    await chat.page.getByRole('button', { name: 'Send', exact: true }).click();
    await (await chat.answer(1)).getByText(HEARD).waitFor();
    const { data, format } = sentAudio(chat);
    expect(format).toBe('wav');
    expect(readWavHeader(data)).toMatchObject({ sampleRate: 24_000, channels: 1 });
    expect(data.length).toBeGreaterThan(4 * 48_000);
    expect(chat.complaints).toEqual([]);
  });

  test('an mp3 is sent as it is and understood', async () => {
    await using chat = await open();
    const mp3 = await speech(as, 'mp3');
    await attach(chat, 'question.mp3', mp3);
    await chat.page.getByRole('group', { name: 'question.mp3' }).waitFor();
    await chat.say('Listen:');
    await (await chat.answer(1)).getByText(/golden retriever/i).waitFor();
    expect(sentAudio(chat)).toEqual({ data: mp3, format: 'mp3' });
  });

  test('a flac is decoded by the page, sent as a wav and understood', async () => {
    await using chat = await open();
    await attach(chat, 'question.flac', await speech(as, 'flac'));
    await chat.page.getByRole('group', { name: 'question.wav' }).waitFor();
    await chat.page.getByRole('button', { name: 'Send', exact: true }).click();
    await (await chat.answer(1)).getByText(HEARD).waitFor();
    const { data, format } = sentAudio(chat);
    expect(format).toBe('wav');
    expect(readWavHeader(data)).toMatchObject({ sampleRate: 24_000, channels: 1 });
  });

  test('a file that is dropped is attached, and can be taken away again', async () => {
    await using chat = await open();
    const data = (await speech(as, 'wav')).toString('base64');
    await chat.page.evaluate(`{
      const bytes = Uint8Array.from(atob('${data}'), (character) => character.charCodeAt(0));
      const dataTransfer = new DataTransfer();
      dataTransfer.items.add(new File([bytes], 'dropped.wav', { type: 'audio/wav' }));
      document.querySelector('textarea[aria-label="Message"]')
        .dispatchEvent(new DragEvent('drop', { dataTransfer, bubbles: true }));
    }`);
    const clip = chat.page.getByRole('group', { name: 'dropped.wav' });
    await clip.waitFor();
    await chat.page.getByRole('button', { name: 'Remove: dropped.wav' }).click();
    await clip.waitFor({ state: 'detached' });
    expect(await chat.page.getByRole('button', { name: 'Send', exact: true }).isDisabled()).toBe(true);
  });

  test('a file that is no sound is named, with what can be attached instead', async () => {
    await using chat = await open();
    await attach(chat, 'notes.ogg', Buffer.from('This is no sound.'));
    const alert = chat.page.getByRole('alert');
    await alert.getByText('“notes.ogg” can not be read as sound.').waitFor();
    await alert.getByText(/such as wav, mp3, flac or ogg/).waitFor();
  });

  test.each([
    ['wav', 'RIFF'],
    ['flac', 'fLaC'],
    ['opus', 'OggS'],
  ])('an answer in %s is played, and downloaded as it came', async (format, mark) => {
    await using chat = await openChat(browser, as);
    await chat.page.getByRole('combobox', { name: 'Audio format' }).selectOption(format);
    await chat.say('hello');
    const answer = await chat.answer(1);
    await answer.getByRole('button', { name: 'Pause: Answer' }).waitFor();
    const [file] = await Promise.all([
      chat.page.waitForEvent('download'),
      answer.getByRole('link', { name: 'Download: Answer' }).click(),
    ]);
    expect(file.suggestedFilename()).toBe(`answer.${format}`);
    expect((await readFile(await file.path())).subarray(0, 4).toString('latin1')).toBe(mark);
  });
});

interface AudioPart {
  readonly type: string;
  readonly input_audio?: { readonly data: string; readonly format: string };
}

/** The one clip of the last request. */
function sentAudio({ requests }: ChatPage): { readonly data: Buffer; readonly format: string } {
  const content = requests.at(-1)?.body.messages.at(-1)?.['content'] as readonly AudioPart[];
  const { data = '', format = '' } = content.find(({ type }) => type === 'input_audio')?.input_audio ?? {};
  return { data: Buffer.from(data, 'base64'), format };
}
