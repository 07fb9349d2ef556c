import { expect, test } from 'vitest';
import { randomNumbers } from '../util/random-numbers.ts';
import type { AudioChunk } from './chunk.ts';
import { resample, resampleChunk } from './resample.ts';
import { createResampler } from './resampler.ts';

const RATES = [
  [24000, 16000],
  [24000, 8000],
  [16000, 24000],
  [8000, 24000],
  [48000, 24000],
  [22050, 16000],
  [44100, 24000],
] as const;

function tone(frequency: number, sampleRate: number, seconds: number): AudioChunk {
  const samples = Int16Array.from({ length: Math.round(seconds * sampleRate) }, (_, index) =>
    Math.round(29000 * Math.sin((2 * Math.PI * frequency * index) / sampleRate)),
  );
  return { samples, sampleRate };
}

async function* inPieces(chunk: AudioChunk, random: () => number): AsyncGenerator<AudioChunk> {
  for (let start = 0; start < chunk.samples.length; ) {
    const end = start + Math.floor(random() * 3000);
    yield { samples: chunk.samples.subarray(start, end), sampleRate: chunk.sampleRate };
    start = end;
  }
}

async function collect(chunks: AsyncIterable<AudioChunk>): Promise<number[]> {
  const samples: number[] = [];
  for await (const chunk of chunks) for (const sample of chunk.samples) samples.push(sample);
  return samples;
}

/** Decibels by which a tone of known place in time stands above everything else, ends left out. */
function signalToNoise(samples: Int16Array, expected: Int16Array): number {
  let signal = 0;
  let noise = 0;
  for (let index = 500; index < expected.length - 500; index += 1) {
    const wanted = expected[index] ?? 0;
    signal += wanted ** 2;
    noise += (wanted - (samples[index] ?? 0)) ** 2;
  }
  return 10 * Math.log10(signal / noise);
}

test.each(RATES)(
  'a tone from %i to %i Hz keeps its length, place and 90 dB above the noise',
  async (from, to) => {
    for (const frequency of [440, 1000, 0.8 * (Math.min(from, to) / 2)]) {
      const { samples, sampleRate } = await resampleChunk(tone(frequency, from, 1), to);
      expect(sampleRate).toBe(to);
      expect(samples.length).toBe(to);
      expect(signalToNoise(samples, tone(frequency, to, 1).samples)).toBeGreaterThan(90);
    }
  },
);

test('what the new rate can not carry is gone rather than folded back', async () => {
  const { samples } = await resampleChunk(tone(7000, 24000, 1), 8000);
  expect(Math.max(...samples.subarray(500, -500).map(Math.abs))).toBeLessThanOrEqual(1);
});

test('a stream in pieces of any size gives what the whole gives at once', async () => {
  const random = randomNumbers(7);
  for (const [from, to] of RATES) {
    const noise = {
      samples: Int16Array.from({ length: 30001 }, () => random() * 65535 - 32768),
      sampleRate: from,
    };
    const whole = await resampleChunk(noise, to);
    expect(await collect(resample(inPieces(noise, random), to))).toEqual([...whole.samples]);
  }
});

test('a resampler lends the same samples as it gives', async () => {
  const random = randomNumbers(11);
  for (const [from, to] of RATES) {
    using giving = await createResampler(from, to);
    using lending = await createResampler(from, to);
    for (const length of [480, 1, 0, 4097, 333, 9000]) {
      const samples = Int16Array.from({ length }, () => random() * 65535 - 32768);
      expect([...lending.lend(samples)]).toEqual([...giving.process(samples)]);
    }
    expect([...lending.flush()]).toEqual([...giving.flush()]);
  }
});

test.each([0, 1, 2, 17, 479, 4095, 4097])('%i samples keep their length to one sample', async (length) => {
  for (const [from, to] of RATES) {
    const { samples } = await resampleChunk({ samples: new Int16Array(length), sampleRate: from }, to);
    expect(samples.length).toBe(Math.round((length * to) / from));
  }
});

test('full scale does not wrap around', async () => {
  const square = Int16Array.from({ length: 4800 }, (_, index) => (index % 96 < 48 ? 32767 : -32768));
  const { samples } = await resampleChunk({ samples: square, sampleRate: 24000 }, 16000);
  for (let index = 200; index < 3000; index += 1) {
    const phase = index % 64;
    if (phase > 4 && phase < 28) expect(samples[index]).toBeGreaterThan(29000);
    if (phase > 36 && phase < 60) expect(samples[index]).toBeLessThan(-29000);
  }
});

test('chunks at the wanted rate pass untouched', async () => {
  const chunk = tone(440, 16000, 0.02);
  const passed: AudioChunk[] = [];
  for await (const out of resample(
    inPieces(chunk, () => 0.9),
    16000,
  ))
    passed.push(out);
  expect(passed[0]?.samples.buffer).toBe(chunk.samples.buffer);
});

test('a stream may change its rate', async () => {
  async function* changing(): AsyncGenerator<AudioChunk> {
    yield tone(500, 24000, 0.5);
    yield tone(500, 16000, 0.5);
    yield tone(500, 48000, 0.5);
  }
  expect((await collect(resample(changing(), 16000))).length).toBe(24000);
});
