import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { cp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { AudioChunk } from '../../audio/chunk.ts';
import {
  type SpokenSample,
  speechRecognizerConformance,
} from '../../engine/conformance/speech-recognizer.ts';
import { wordErrorRate } from '../../engine/conformance/word-error-rate.ts';
import type { RecognitionEvent } from '../../engine/speech-recognizer.ts';
import { flite } from '../flite/flite.ts';
import { findPocketsphinx } from './find-pocketsphinx.ts';
import { pocketsphinx } from './pocketsphinx.ts';

const { signal } = new AbortController();
const found = findPocketsphinx();
if (!found) console.warn('pocketsphinx is not installed: its tests are left out');
const recording = resolve(import.meta.dirname, '../../../../shared/audio/jfk.wav');

async function speak(text: string, voice = 'marin'): Promise<AudioChunk> {
  await using synthesizer = flite();
  const samples: number[] = [];
  async function* pieces(): AsyncGenerator<string> {
    yield text;
  }
  for await (const event of synthesizer.synthesize(pieces(), { signal, voice, speed: 1 })) {
    if (event.type === 'audio') samples.push(...event.chunk.samples);
  }
  expect(synthesizer.sampleRate).toBe(16_000);
  return { samples: Int16Array.from(samples), sampleRate: 16_000 };
}

async function* once(audio: AudioChunk): AsyncGenerator<AudioChunk> {
  yield audio;
}

function textOf(events: readonly RecognitionEvent[]): string {
  return events.flatMap((event) => (event.type === 'final' ? [event.text] : [])).join(' ');
}

describe.runIf(found)('pocketsphinx', () => {
  const recognizer = pocketsphinx({ workers: 1, jobsPerWorker: 2, waiting: 1 });
  let speech: readonly [SpokenSample, SpokenSample];
  beforeAll(async () => {
    const [first, second] = [
      'the answer to your question is forty two',
      'turn off the lights in the kitchen',
    ];
    speech = [
      { text: first ?? '', audio: await speak(first ?? '') },
      { text: second ?? '', audio: await speak(second ?? '', 'alloy') },
    ];
    await recognizer.warm();
  });
  afterAll(() => recognizer[Symbol.asyncDispose]());

  test.each(speechRecognizerConformance)('$name', async ({ run }) => {
    await run({ recognizer, speech, allowedErrorRate: 0.2, capacity: 3, hasPartials: true });
  });

  test('says where each word is', async () => {
    const [{ audio }] = speech;
    const events = await Array.fromAsync(recognizer.recognize(once(audio), { signal }));
    const final = events.at(-1);
    expect(final).toMatchObject({ type: 'final', language: 'en' });
    const { words = [] } = final?.type === 'final' ? final : {};
    expect(words.map(({ text }) => text).join(' ')).toBe(textOf(events));
    expect(words.every(({ startMs, endMs }) => endMs - startMs >= 30 && endMs - startMs < 1_000)).toBe(true);
  });

  test('hears the same after another voice as before it', async () => {
    const [first, second] = speech;
    const hear = async ({ audio }: SpokenSample): Promise<RecognitionEvent[]> =>
      await Array.fromAsync(recognizer.recognize(once(audio), { signal }));
    const before = await hear(first);
    await hear(second);
    expect(await hear(first)).toEqual(before);
  });

  test('refuses other languages and other sample rates with what to do', async () => {
    const [{ audio }] = speech;
    const swedish = recognizer.recognize(once(audio), { signal, language: 'sv' });
    await expect(Array.fromAsync(swedish)).rejects.toMatchObject({
      reason: 'unsupported',
      message: expect.stringMatching(/"sv".*Leave the language out/),
    });
    const british = recognizer.recognize(once(audio), { signal, language: 'en-GB' });
    expect(textOf(await Array.fromAsync(british))).toContain('forty two');
    const wrongRate = recognizer.recognize(once({ ...audio, sampleRate: 24_000 }), { signal });
    await expect(Array.fromAsync(wrongRate)).rejects.toMatchObject({
      reason: 'unsupported',
      message: expect.stringMatching(/24000/),
    });
  });

  test.runIf(existsSync(recording))('hears most of an old recording of a man', async () => {
    const samples = new Int16Array(readFileSync(recording).buffer.slice(78));
    const events = await Array.fromAsync(
      recognizer.recognize(once({ samples, sampleRate: 16_000 }), { signal }),
    );
    const said =
      'and so my fellow americans ask not what your country can do for you ask what you can do for your country';
    expect(wordErrorRate(said, textOf(events))).toBeLessThan(0.35);
    expect(events.filter(({ type }) => type === 'final').length).toBeGreaterThan(1);
  });

  test('a damaged model is an error that says so, and so is one that is not there', async () => {
    const directory = mkdtempSync(join(tmpdir(), 'model-'));
    try {
      await cp(found?.modelDirectory ?? '', directory, { recursive: true });
      await writeFile(join(directory, 'en-us/mdef'), 'damaged');
      await using damaged = pocketsphinx({ modelDirectory: directory, workers: 1 });
      await expect(damaged.warm()).rejects.toMatchObject({ name: 'EngineError' });
      await using missing = pocketsphinx({ modelDirectory: join(directory, 'none'), workers: 1 });
      const events = missing.recognize(once(speech[0].audio), { signal });
      await expect(Array.fromAsync(events)).rejects.toMatchObject({
        reason: 'unavailable',
        message: expect.stringMatching(/apt-get install/),
      });
    } finally {
      rmSync(directory, { recursive: true });
    }
  });
});

test('where pocketsphinx is missing it is not found, and using it says what to install', async () => {
  expect(findPocketsphinx({ library: '/nowhere/libpocketsphinx.so.3' })).toBeUndefined();
  await using recognizer = pocketsphinx({ library: '/nowhere/libpocketsphinx.so.3' });
  await expect(recognizer.warm()).rejects.toMatchObject({
    reason: 'unavailable',
    message: expect.stringMatching(/apt-get install --yes libpocketsphinx3 pocketsphinx-en-us/),
  });
});
