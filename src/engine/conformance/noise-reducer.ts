import assert from 'node:assert/strict';
import type { AudioChunk } from '../../audio/chunk.ts';
import { randomNumbers } from '../../util/random-numbers.ts';
import type { NoiseField, NoiseReducer } from '../noise-reducer.ts';
import type { ConformanceCase } from './conformance-case.ts';

export interface NoiseReducerSubject {
  readonly reducer: NoiseReducer;
  /** At 24 kHz: 1 s or more of speech without noise. */
  readonly speech: AudioChunk;
}

type Case = ConformanceCase<NoiseReducerSubject>;

const FIELDS: readonly NoiseField[] = ['near-field', 'far-field'];
const RATE = 24_000;
const LATEST_MS = 50;
/** A reducer learns what the noise is: this much of the beginning is not judged. */
const LEARNING_MS = 1_000;

/** What a noise reducer promises, whatever it reduces with. */
export const noiseReducerConformance: readonly Case[] = [
  {
    name: 'lowers steady noise by 15 dB, and by 20 dB where the microphone is far',
    async run({ reducer }) {
      const noise = whiteNoise(4_000, 0.05);
      for (const [field, least] of [
        ['near-field', 15],
        ['far-field', 20],
      ] as const) {
        const fall = levelOf(noise) - (await levelOfReduced(reducer, noise, field));
        assert.ok(fall >= least, `${field} noise falls by ${fall.toFixed(1)} dB`);
      }
    },
  },
  {
    name: 'takes out more where the microphone is far than where it is near',
    async run({ reducer }) {
      const noise = whiteNoise(4_000, 0.05);
      const near = await levelOfReduced(reducer, noise, 'near-field');
      const far = await levelOfReduced(reducer, noise, 'far-field');
      assert.ok(
        near > far + 3,
        `near-field noise has ${near.toFixed(1)} dB and far-field ${far.toFixed(1)} dB`,
      );
    },
  },
  {
    name: 'keeps speech as loud as it was, to 3 dB, and in its place, to 2 ms',
    async run({ reducer, speech }) {
      for (const field of FIELDS) {
        const clean = await reduced(reducer, speech.samples, { field });
        const change = levelOf(clean) - levelOf(speech.samples);
        assert.ok(Math.abs(change) < 3, `${field} speech changes by ${change.toFixed(1)} dB`);
        const shift = shiftOf(speech.samples, clean);
        assert.ok(Math.abs(shift) <= 2, `${field} speech is shifted by ${shift.toFixed(2)} ms`);
      }
    },
  },
  {
    name: 'gives what it takes at any pair of rates, at most 50 ms later',
    async run({ reducer }) {
      for (const inputRate of [8_000, 16_000, 24_000, 48_000]) {
        for (const outputRate of [8_000, 16_000, 24_000, 48_000]) {
          const clean = await reduced(reducer, new Int16Array(inputRate), { inputRate, outputRate });
          const lateMs = 1000 - (clean.length / outputRate) * 1000;
          assert.ok(lateMs >= 0 && lateMs <= LATEST_MS, `${inputRate} to ${outputRate}: ${lateMs} ms late`);
        }
      }
    },
  },
  {
    name: 'gives the same whatever the stretches are that it takes',
    async run({ reducer, speech }) {
      const whole = await reduced(reducer, speech.samples, { step: speech.samples.length });
      for (const step of [1_001, 480, 20_000]) {
        const pieces = await reduced(reducer, speech.samples, { step });
        assert.deepEqual(pieces.subarray(0, whole.length), whole.subarray(0, pieces.length));
      }
    },
  },
  {
    name: 'reduces twenty streams at once as if each were alone',
    async run({ reducer, speech }) {
      const alone = await reduced(reducer, speech.samples, {});
      const all = await Promise.all(Array.from({ length: 20 }, () => reduced(reducer, speech.samples, {})));
      for (const clean of all) assert.deepEqual(clean, alone);
    },
  },
  {
    name: 'takes no samples, digital silence and full scale, and goes on',
    async run({ reducer, speech }) {
      await using stream = reducer.open(optionsOf({}));
      assert.equal((await stream.reduce(new Int16Array())).length, 0);
      await stream.reduce(new Int16Array(RATE));
      await stream.reduce(new Int16Array(RATE).fill(-32_768));
      await stream.reduce(whiteNoise(1_000, 1));
      const clean = await stream.reduce(speech.samples);
      assert.ok(levelOf(clean) > levelOf(speech.samples) - 20, 'speech is no longer heard');
    },
  },
  {
    name: 'ends when it is aborted, and refuses to go on once it is disposed of, which may happen twice',
    async run({ reducer }) {
      const stop = new AbortController();
      const aborted = reducer.open({ ...optionsOf({}), signal: stop.signal });
      await aborted.reduce(new Int16Array(480));
      stop.abort(new Error('enough'));
      await assert.rejects(async () => await aborted.reduce(new Int16Array(480)), /enough/);
      await aborted[Symbol.asyncDispose]();
      const stream = reducer.open(optionsOf({}));
      await stream.reduce(new Int16Array(480));
      await stream[Symbol.asyncDispose]();
      await stream[Symbol.asyncDispose]();
      await assert.rejects(async () => await stream.reduce(new Int16Array(480)), /dispos/);
    },
  },
];

interface Reduction {
  readonly field?: NoiseField;
  readonly inputRate?: number;
  readonly outputRate?: number;
  readonly step?: number;
}

function optionsOf({ field = 'far-field', inputRate = RATE, outputRate = RATE }: Reduction) {
  return { field, inputRate, outputRate, signal: new AbortController().signal };
}

async function reduced(reducer: NoiseReducer, samples: Int16Array, how: Reduction): Promise<Int16Array> {
  await using stream = reducer.open(optionsOf(how));
  const step = how.step ?? 480;
  const parts: Int16Array[] = [];
  for (let start = 0; start < samples.length; start += step)
    parts.push(await stream.reduce(samples.subarray(start, start + step)));
  return Int16Array.from(parts.flatMap((part) => [...part]));
}

/** Once the reducer knows the noise. */
async function levelOfReduced(reducer: NoiseReducer, noise: Int16Array, field: NoiseField): Promise<number> {
  const clean = await reduced(reducer, noise, { field });
  return levelOf(clean.subarray((LEARNING_MS * RATE) / 1000));
}

/** White, and always the same. */
function whiteNoise(ms: number, amplitude: number): Int16Array {
  const random = randomNumbers();
  return new Int16Array((RATE * ms) / 1000).map(() => amplitude * 32_767 * (2 * random() - 1));
}

/** In dB of full scale. */
function levelOf(samples: Int16Array): number {
  const power = samples.reduce((sum, sample) => sum + (sample / 32_768) ** 2, 0) / samples.length;
  return 10 * Math.log10(power + 1e-12);
}

/** By how many milliseconds `clean` comes later than `speech`, where the two agree best. */
function shiftOf(speech: Int16Array, clean: Int16Array): number {
  const most = (RATE * LATEST_MS) / 1000;
  let best = { shift: 0, likeness: Number.NEGATIVE_INFINITY };
  for (let shift = -most; shift <= most; shift += 1) {
    let likeness = 0;
    for (let index = most; index < clean.length - most; index += 3)
      likeness += (speech[index] ?? 0) * (clean[index + shift] ?? 0);
    if (likeness > best.likeness) best = { shift, likeness };
  }
  return (best.shift / RATE) * 1000;
}
