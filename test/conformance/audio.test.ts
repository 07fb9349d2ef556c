import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { compressG711 } from '../../src/audio/g711.ts';
import { resample } from '../../src/audio/resample.ts';
import { collectAudio, inChunks } from '../../src/audio/test-speech.ts';
import { findPocketsphinx } from '../../src/engines/pocketsphinx/index.ts';
import { sharedFolder } from '../support/shared.ts';
import type { TestServer } from '../support/test-server.ts';
import { countWordErrors } from '../support/word-errors.ts';
import { ADDRESSES, type ApiAddress } from './addresses.ts';
import { ffmpeg, hasProgram, pipeThrough, sox } from './programs.ts';
import { startScriptedServer } from './scripted-server.ts';
import { chunk, LINEAR_FORMS, wavOf, writeWav } from './wav-variants.ts';

const canHear = findPocketsphinx() !== undefined;
if (!canHear)
  console.warn('Left out, as pocketsphinx is not installed: all speech in the conformance of audio');
const hasFfmpeg = hasProgram('ffmpeg', 'audio that other programs write and read');
const hasSox = hasProgram('sox', 'audio that sox writes');
const recordings = sharedFolder('audio', 'recorded speech in every format');

// Hearing takes seconds of processor time, which a machine with other work gives slowly.
vi.setConfig({ testTimeout: 240_000 });

const SENTENCE = 'The train to the city leaves at nine. Please bring your ticket.';
/** Of all words that are said in a table of formats. */
const MOST_WRONG = 0.25;

let server: TestServer;
/** `SENTENCE` at 24 kHz. */
let speech: Int16Array;

beforeAll(async () => {
  server = await startScriptedServer({
    scripts: { echo: { otherwise: { say: '{heard}' } }, parrot: { otherwise: { say: SENTENCE } } },
  });
  const spoken = await server.post('/v1/audio/speech', {
    model: 'tts-1',
    voice: 'alloy',
    input: SENTENCE,
    response_format: 'pcm',
  });
  speech = new Int16Array(await spoken.arrayBuffer());
});

afterAll(async () => {
  await server?.[Symbol.asyncDispose]();
});

interface Message {
  readonly content: string | null;
  readonly audio?: { readonly data: string; readonly transcript: string };
}

async function complete(body: object, address?: ApiAddress): Promise<Message> {
  const { model = 'echo' } = body as { readonly model?: string };
  const path = address?.of(model, '/chat/completions') ?? '/v1/chat/completions';
  const response = await server.post(path, { model, ...body });
  const answer = (await response.json()) as { readonly choices?: readonly { readonly message: Message }[] };
  const message = answer.choices?.[0]?.message;
  if (response.status !== 200 || !message) throw new Error(`${response.status} ${JSON.stringify(answer)}`);
  return message;
}

function recording(file: Uint8Array, format: string): object {
  return { type: 'input_audio', input_audio: { data: Buffer.from(file).toString('base64'), format } };
}

async function hear(file: Uint8Array, format = 'wav'): Promise<string> {
  const message = await complete({ messages: [{ role: 'user', content: [recording(file, format)] }] });
  return message.content ?? '';
}

async function at(sampleRate: number): Promise<Int16Array> {
  return (await collectAudio(resample(inChunks(speech, 24_000), sampleRate))).samples;
}

/** Counts the words of all the formats of a table, so that one hard word in one of them is no failure. */
class Tally {
  #errors = 0;
  #words = 0;

  add(heard: string, said = SENTENCE): void {
    const { errors, words } = countWordErrors(said, heard);
    this.#errors += errors;
    this.#words += words;
    // Of one file, half of the words: that is not a recognizer's doing.
    expect(errors / words, `heard: ${heard}`).toBeLessThanOrEqual(0.5);
  }

  get rate(): number {
    return this.#errors / this.#words;
  }
}

type Make = () => Promise<Uint8Array>;

const wav16 = async (): Promise<Buffer> => writeWav(await at(16_000), { sampleRate: 16_000 });

const WAVS: Readonly<Record<string, Make>> = {
  ...Object.fromEntries(
    Object.entries(LINEAR_FORMS).map(([name, form]) => [
      name,
      async () => writeWav(await at(16_000), { sampleRate: 16_000, form }),
    ]),
  ),
  'A-law': async () =>
    wavOf(compressG711(await at(8_000), 'alaw'), { tag: 6, bits: 8, channels: 1, sampleRate: 8_000 }),
  'µ-law': async () =>
    wavOf(compressG711(await at(8_000), 'mulaw'), { tag: 7, bits: 8, channels: 1, sampleRate: 8_000 }),
  '8 kHz': async () => writeWav(await at(8_000), { sampleRate: 8_000 }),
  '22.05 kHz': async () => writeWav(await at(22_050), { sampleRate: 22_050 }),
  '44.1 kHz, stereo': async () => writeWav(await at(44_100), { sampleRate: 44_100, channels: 2 }),
  '48 kHz': async () => writeWav(await at(48_000), { sampleRate: 48_000 }),
  extensible: async () => writeWav(await at(16_000), { sampleRate: 16_000, isExtensible: true, channels: 2 }),
  'extensible 24-bit PCM at 48 kHz': async () =>
    writeWav(await at(48_000), {
      sampleRate: 48_000,
      isExtensible: true,
      form: LINEAR_FORMS['24-bit PCM'],
    }),
  'a length of 0': async () => writeWav(await at(16_000), { sampleRate: 16_000, unknownLength: 0 }),
  'a length of 0xFFFFFFFF': async () =>
    writeWav(await at(16_000), { sampleRate: 16_000, unknownLength: 0xffffffff }),
  'a chunk of odd length before the samples': async () =>
    writeWav(await at(16_000), {
      sampleRate: 16_000,
      extraChunk: chunk('LIST', Buffer.from('INFOISFT\x03\0\0\0ab\0')),
    }),
};

describe.runIf(canHear)('speech comes in', () => {
  const tally = new Tally();

  test.each(Object.entries(WAVS))('as wav: %s', async (_, make) => {
    tally.add(await hear(await make()));
  });

  test('as mp3 of our own encoder', async () => {
    const { audio } = await complete({
      model: 'parrot',
      messages: [{ role: 'user', content: 'Speak.' }],
      modalities: ['text', 'audio'],
      audio: { voice: 'alloy', format: 'mp3' },
    });
    tally.add(await hear(Buffer.from(audio?.data ?? '', 'base64'), 'mp3'));
  });

  test.runIf(hasFfmpeg).each([
    ['constant, mono, 16 kHz', ['-b:a', '32k', '-ar', '16000']],
    ['variable, stereo, 44.1 kHz', ['-q:a', '4', '-ar', '44100', '-ac', '2']],
    [
      '48 kHz with a title',
      ['-b:a', '128k', '-ar', '48000', '-metadata', 'title=Ticket', '-id3v2_version', '3'],
    ],
    ['telephone, 8 kHz', ['-b:a', '16k', '-ar', '8000']],
  ])('as mp3 of lame: %s', async (_, words) => {
    tally.add(await hear(await ffmpeg(await wav16(), ...words, '-f', 'mp3'), 'mp3'));
  });

  test.runIf(hasFfmpeg)('as wav that ffmpeg writes to a pipe', async () => {
    tally.add(await hear(await ffmpeg(await wav16(), '-f', 'wav')));
  });

  test.runIf(hasSox).each([
    ['24-bit', ['-b', '24', '-t', 'wav']],
    ['µ-law', ['-e', 'mu-law', '-r', '8000', '-t', 'wav']],
    ['A-law', ['-e', 'a-law', '-r', '8000', '-t', 'wav']],
    ['big-endian RIFX', ['-B', '-t', 'wav']],
  ])('as wav of sox: %s', async (_, words) => {
    tally.add(await hear(await sox(await wav16(), ...words)));
  });

  test('and at most a quarter of all words is heard wrong', () => {
    expect(tally.rate).toBeLessThanOrEqual(MOST_WRONG);
  });

  test.runIf(hasFfmpeg)('but not as ADPCM, which is named', async () => {
    const file = await ffmpeg(await wav16(), '-c:a', 'adpcm_ima_wav', '-f', 'wav');
    await expect(hear(file)).rejects.toThrow(/400 .*IMA ADPCM is not supported\. Send PCM/);
  });

  test('but not under the name of the other format', async () => {
    await expect(hear(await wav16(), 'mp3')).rejects.toThrow(/400 .*is not of valid mp3 format/);
  });
});

const OUTPUTS = {
  wav: (bytes: Buffer) => bytes.toString('latin1', 0, 4) === 'RIFF',
  mp3: (bytes: Buffer) => bytes[0] === 0xff || bytes.toString('latin1', 0, 3) === 'ID3',
  flac: (bytes: Buffer) => bytes.toString('latin1', 0, 4) === 'fLaC',
  opus: (bytes: Buffer) => bytes.toString('latin1', 0, 4) === 'OggS' && bytes.includes('OpusHead'),
  aac: (bytes: Buffer) => bytes[0] === 0xff && ((bytes[1] ?? 0) & 0xf0) === 0xf0,
  pcm16: (bytes: Buffer) => bytes.length % 2 === 0,
} as const;

describe('speech goes out', () => {
  const tally = new Tally();

  test.each(Object.entries(OUTPUTS))('as %s', async (format, isOfFormat) => {
    const { audio, content } = await complete({
      model: 'parrot',
      messages: [{ role: 'user', content: 'Speak.' }],
      modalities: ['audio', 'text'],
      audio: { voice: 'alloy', format },
    });
    const bytes = Buffer.from(audio?.data ?? '', 'base64');
    expect(content).toBeNull();
    expect(audio?.transcript).toBe(SENTENCE);
    expect(isOfFormat(bytes)).toBe(true);
    if (!hasFfmpeg) return;
    const raw = format === 'pcm16' ? ['-f', 's16le', '-ar', '24000', '-ac', '1'] : [];
    const samples = await decodeElsewhere(bytes, raw);
    // The speech route speaks the same words with the same voice; codecs pad by less than a tenth of a second.
    expect(Math.abs(samples.length / 16_000 - speech.length / 24_000)).toBeLessThan(0.1);
    if (canHear) tally.add(await hear(writeWav(samples, { sampleRate: 16_000 })));
  });

  test.runIf(hasFfmpeg && canHear)('and at most a quarter of all words is heard wrong', () => {
    expect(tally.rate).toBeLessThanOrEqual(MOST_WRONG);
  });
});

/** By ffmpeg, to 16 kHz. */
async function decodeElsewhere(bytes: Uint8Array, raw: readonly string[]): Promise<Int16Array> {
  const words = ['-v', 'error', ...raw, '-i', 'pipe:0', '-f', 's16le', '-ar', '16000', '-ac', '1', 'pipe:1'];
  const pcm = await pipeThrough('ffmpeg', words, bytes);
  return new Int16Array(new Uint8Array(pcm).buffer);
}

const ORCHID =
  "Question: Which would most help an orchid's flowers be better pollinated at night? Option A: shape. Option B: colour. Option C: size. Option D: fragrance.";
const KENNEDY =
  'And so, my fellow Americans, ask not what your country can do for you; ask what you can do for your country.';

describe.runIf(canHear && recordings !== undefined)('recorded speech', () => {
  const read = (name: string): Buffer => readFileSync(join(recordings ?? '', name));

  // The small recognizer of the box knows no orchids; a decoder's fault would lose all of the words.
  const wrongOf = (said: string, heard: string): number => {
    const { errors, words } = countWordErrors(said, heard);
    return errors / words;
  };

  async function transcribe(extension: string): Promise<string> {
    const form = new FormData();
    form.set('model', 'whisper-1');
    form.set('file', new Blob([new Uint8Array(read(`arc-easy-q237.${extension}`))]), `q.${extension}`);
    const response = await server.get('/v1/audio/transcriptions', { method: 'POST', body: form });
    const { text } = (await response.json()) as { readonly text: string };
    return text;
  }

  test('is heard through the noise of 1961', async () => {
    expect(wrongOf(KENNEDY, await hear(read('jfk.wav')))).toBeLessThanOrEqual(0.25);
  });

  test('is heard in a chat, as wav and mp3', async () => {
    expect(wrongOf(ORCHID, await hear(read('arc-easy-q237.wav')))).toBeLessThanOrEqual(0.6);
    expect(wrongOf(ORCHID, await hear(read('arc-easy-q237.mp3'), 'mp3'))).toBeLessThanOrEqual(0.6);
  });

  test('is heard in a transcription, as wav, flac, mp3 and ogg', async () => {
    const ofWav = await transcribe('wav');
    expect(wrongOf(ORCHID, ofWav)).toBeLessThanOrEqual(0.6);
    expect(await transcribe('flac')).toBe(ofWav);
    expect(wrongOf(ORCHID, await transcribe('mp3'))).toBeLessThanOrEqual(0.6);
    expect(wrongOf(ORCHID, await transcribe('ogg'))).toBeLessThanOrEqual(0.6);
  });
});

describe.each(ADDRESSES)('at $name', (address) => {
  const text = { type: 'text', text: 'Repeat this: banana.' };
  const spoken = { modalities: ['text', 'audio'], audio: { voice: 'alloy', format: 'wav' } };

  test('text to text', async () => {
    const message = await complete({ messages: [{ role: 'user', content: [text] }] }, address);
    expect(message).toEqual({ role: 'assistant', content: 'Repeat this: banana.', refusal: null });
  });

  test('text to text and audio', async () => {
    const message = await complete({ messages: [{ role: 'user', content: [text] }], ...spoken }, address);
    expect(message.content).toBeNull();
    expect(message.audio?.transcript).toBe('Repeat this: banana.');
    expect(secondsOf(message)).toBeGreaterThan(1);
  });

  test.runIf(canHear)('audio to text', async () => {
    const content = [recording(await wav16(), 'wav')];
    const message = await complete({ messages: [{ role: 'user', content }] }, address);
    expect(message.audio).toBeUndefined();
    expect(countWordErrors(SENTENCE, message.content ?? '').errors).toBeLessThan(4);
  });

  test.runIf(canHear)('audio to text and audio', async () => {
    const content = [recording(await wav16(), 'wav')];
    const message = await complete({ messages: [{ role: 'user', content }], ...spoken }, address);
    expect(message.content).toBeNull();
    expect(countWordErrors(SENTENCE, message.audio?.transcript ?? '').errors).toBeLessThan(4);
    expect(secondsOf(message)).toBeGreaterThan(1);
  });

  test.runIf(canHear)('text and audio to text', async () => {
    const content = [text, recording(await wav16(), 'wav')];
    const message = await complete({ messages: [{ role: 'user', content }] }, address);
    expect(message.content).toContain('Repeat this: banana.');
    expect(message.content).toContain('ticket');
  });

  test.runIf(canHear)('text and audio to text and audio', async () => {
    const content = [text, recording(await wav16(), 'wav')];
    const message = await complete({ messages: [{ role: 'user', content }], ...spoken }, address);
    expect(message.audio?.transcript).toContain('Repeat this: banana.');
    expect(message.audio?.transcript).toContain('ticket');
    expect(secondsOf(message)).toBeGreaterThan(2);
  });
});

/** Of the wav file in a message: 24 kHz, 16 bits, after a header of 44 bytes. */
function secondsOf({ audio }: Message): number {
  return (Buffer.from(audio?.data ?? '', 'base64').length - 44) / 48_000;
}
