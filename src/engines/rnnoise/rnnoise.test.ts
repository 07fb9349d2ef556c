import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { AudioChunk } from '../../audio/chunk.ts';
import { resampleChunk } from '../../audio/resample.ts';
import { collectAudio } from '../../audio/test-speech.ts';
import { noiseReducerConformance } from '../../engine/conformance/noise-reducer.ts';
import { flite } from '../flite/flite.ts';
import { rnnoise } from './rnnoise.ts';

const reducer = rnnoise({ workers: 1, streamsPerWorker: 20 });
let speech: AudioChunk;

beforeAll(async () => {
  speech = await speak('Good morning, I would like to book a table for two people tonight.');
});

afterAll(async () => await reducer[Symbol.asyncDispose]());

describe('RNNoise is a noise reducer', () => {
  test.each(noiseReducerConformance)('$name', async ({ run }) => {
    await run({ reducer, speech });
  });
});

test('a stream more than its threads can clean is refused, until one ends', async () => {
  await using small = rnnoise({ workers: 1, streamsPerWorker: 1 });
  const options = {
    field: 'near-field',
    inputRate: 24_000,
    outputRate: 16_000,
    signal: new AbortController().signal,
  } as const;
  const first = small.open(options);
  await first.reduce(new Int16Array(480));
  await using second = small.open(options);
  await expect(second.reduce(new Int16Array(480))).rejects.toMatchObject({ reason: 'busy' });
  await first[Symbol.asyncDispose]();
  expect(small.status.running).toBe(0);
  await using third = small.open(options);
  expect(await third.reduce(new Int16Array(480))).toBeInstanceOf(Int16Array);
});

/** Spoken by flite, at 24 kHz. */
async function speak(text: string): Promise<AudioChunk> {
  await using synthesizer = flite({ workers: 1 });
  async function* written(): AsyncGenerator<string> {
    yield text;
  }
  const { signal } = new AbortController();
  const chunks = [];
  for await (const event of synthesizer.synthesize(written(), { signal, voice: 'nova', speed: 1 })) {
    if (event.type === 'audio') chunks.push(event.chunk);
  }
  return await resampleChunk(await collectAudio(chunks), 24_000);
}
