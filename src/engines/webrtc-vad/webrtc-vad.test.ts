import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import load from '@echogarden/fvad-wasm';
import { beforeAll, describe, expect, test } from 'vitest';
import { resampleChunk } from '../../audio/resample.ts';
import { collectAudio } from '../../audio/test-speech.ts';
import { readWav } from '../../audio/wav-reader.ts';
import { voiceActivityDetectorConformance } from '../../engine/conformance/voice-activity-detector.ts';
import { flite } from '../flite/flite.ts';
import { Jury } from './jury.ts';
import { type NoiseKind, steadyNoise } from './test-noise.ts';
import { webrtcVad } from './webrtc-vad.ts';

const NOISES: readonly NoiseKind[] = ['white', 'pink', 'hum'];
const detector = await webrtcVad();
let speech: Int16Array;

beforeAll(async () => {
  speech = await speak('Good morning, I would like to book a table for two people tonight.');
});

describe('the detector of WebRTC is a voice activity detector', () => {
  test.each(voiceActivityDetectorConformance)('$name', async ({ run }) => {
    await run({ detector, speech: { samples: speech, sampleRate: 16_000 } });
  });
});

test('it answers at once', async () => {
  await using stream = detector.open();
  expect(stream.score(new Float32Array(320))).toBe(0);
});

test.each(NOISES.flatMap((kind) => [-50, -40, -30, -20].map((level) => [kind, level] as const)))(
  'steady %s noise at %d dB is no speech',
  async (kind, level) => {
    expect(Math.max(...(await scoresOf(steadyNoise(kind, 10, level))))).toBeLessThan(0.5);
  },
);

test.each(NOISES)('%s noise that sets in is no speech once it has lasted for 2 s', async (kind) => {
  const noise = steadyNoise(kind, 10, -20);
  noise.fill(0, 0, 16_000 * 3);
  expect(Math.max(...(await scoresOf(noise)).slice(250))).toBeLessThan(0.5);
});

test('a background is forgotten when the stream is reset', async () => {
  await using stream = detector.open();
  for (let round = 0; round < 50; round += 1) await stream.score(new Float32Array(320));
  stream.reset();
  for (const window of windowsOf(steadyNoise('white', 2, -20)))
    expect(await stream.score(window)).toBeLessThan(0.5);
});

test.each(NOISES)('speech 10 dB above %s noise is found, and nothing else is', async (kind) => {
  const scores = await scoresOf(amid(speech, steadyNoise(kind, 7, levelOf(speech) - 10)));
  const begin = 100;
  const end = begin + Math.ceil(speech.length / 320);
  expect(scores.slice(begin).findIndex((score) => score > 0.5) * 20).toBeLessThan(150);
  expect(shareOf(scores.slice(begin, end), 0.5)).toBeGreaterThan(0.75);
  expect(Math.max(...scores.slice(0, begin), ...scores.slice(end + 9))).toBeLessThan(0.5);
});

test('speech without noise lasts, but for less than 100 ms at a comma', async () => {
  const scores = await scoresOf(amid(speech, new Float32Array(7 * 16_000)));
  const spoken = scores.slice(107, 100 + Math.ceil(speech.length / 320));
  const gaps = spoken.map((score) => (score < 0.5 ? '-' : ' ')).join('');
  expect(gaps.trim().split(/ +/)).toEqual(['----']);
});

test('speech in hiss is over 120 ms after its end', async () => {
  const scores = await scoresOf(amid(speech, steadyNoise('white', 7, levelOf(speech) - 20)));
  const last = scores.findLastIndex((score) => score >= 0.5);
  expect(last * 20).toBeLessThan(2000 + speech.length / 16 + 120);
});

test('a higher threshold is stricter, in noise by a good deal', async () => {
  const scores = await scoresOf(amid(speech, steadyNoise('pink', 7, levelOf(speech) - 5)));
  const shares = [0.1, 0.3, 0.5, 0.7, 0.9].map((threshold) => shareOf(scores, threshold));
  expect(shares).toEqual(shares.toSorted((one, other) => other - one));
  expect(new Set(shares).size).toBe(5);
});

test('hum that is next to inaudible scores 0, as does what is below the level that was asked for', async () => {
  const hum = steadyNoise('hum', 2, -62);
  hum.fill(0, 0, 16_000);
  expect(Math.max(...(await scoresOf(hum)))).toBe(0);
  const deaf = await webrtcVad({ leastLevel: 0 });
  expect(Math.max(...(await scoresOf(toFloats(speech), deaf)))).toBe(0);
});

test('a stream that is disposed of gives its memory back', async () => {
  const fvad = await load();
  const heapLength = fvad.HEAP16.length;
  for (let round = 0; round < 20_000; round += 1) new Jury(fvad)[Symbol.dispose]();
  expect(fvad.HEAP16.length).toBe(heapLength);
});

const recordings = resolve(import.meta.dirname, '../../../../shared/audio');
const hasRecordings = existsSync(recordings);
if (!hasRecordings) console.warn('webrtc-vad: left out what needs recorded speech, which is not here.');

describe.runIf(hasRecordings)('recorded speech', () => {
  test('an old recording of a man is cut at his pauses', async () => {
    const truth = [
      [0.32, 2.14],
      [3.28, 4.32],
      [5.4, 7.68],
      [8.18, 11],
    ] as const;
    const found = await stretches('jfk.wav');
    expect(found).toHaveLength(4);
    for (const [index, [begin, end]] of truth.entries()) {
      // He breathes in before he begins, which may be told from speech or not.
      expect(found[index]?.[0]).toBeGreaterThan(begin - 0.4);
      expect(found[index]?.[0]).toBeLessThan(begin + 0.15);
      expect(found[index]?.[1]).toBeGreaterThan(end - 0.15);
      expect(found[index]?.[1]).toBeLessThan(end + 0.3);
    }
  });

  test('a voice that reads a question is found from its beginning to its end', async () => {
    const [whole, ...more] = await stretches('arc-easy-q237.wav');
    expect(more).toEqual([]);
    expect(whole?.[0]).toBeLessThan(0.06 + 0.15);
    expect(whole?.[1]).toBeGreaterThan(9.34 - 0.15);
    expect(whole?.[1]).toBeLessThan(9.34 + 0.3);
  });
});

/** From when to when, in seconds, there is speech with no pause of half a second in it. */
async function stretches(file: string): Promise<readonly (readonly [number, number])[]> {
  const recording = await collectAudio(readWav(readFileSync(resolve(recordings, file))));
  const { samples } = await resampleChunk(recording, 16_000);
  const found: [number, number][] = [];
  for (const [index, score] of (await scoresOf(toFloats(samples))).entries()) {
    const [begin, end] = [index * 0.02, (index + 1) * 0.02];
    const latest = found.at(-1);
    if (score < 0.5) continue;
    if (latest && begin - latest[1] < 0.5) latest[1] = end;
    else found.push([begin, end]);
  }
  return found;
}

async function scoresOf(audio: Float32Array, by = detector): Promise<readonly number[]> {
  await using stream = by.open();
  const scores: number[] = [];
  for (const window of windowsOf(audio)) scores.push(await stream.score(window));
  return scores;
}

function* windowsOf(audio: Float32Array): Generator<Float32Array, void, void> {
  for (let start = 0; start + 320 <= audio.length; start += 320) yield audio.subarray(start, start + 320);
}

/** Spoken by flite, without the silence around it. */
async function speak(text: string): Promise<Int16Array> {
  await using synthesizer = flite({ workers: 1 });
  async function* written(): AsyncGenerator<string> {
    yield text;
  }
  const { signal } = new AbortController();
  const chunks = [];
  for await (const event of synthesizer.synthesize(written(), { signal, voice: 'nova', speed: 1 })) {
    if (event.type === 'audio') chunks.push(event.chunk);
  }
  const { samples } = await collectAudio(chunks);
  const isVoice = (sample: number): boolean => Math.abs(sample) > 600;
  return samples.slice(samples.findIndex(isVoice), samples.findLastIndex(isVoice));
}

/** The noise, with the voice in it from 2 s on. */
function amid(voice: Int16Array, noise: Float32Array): Float32Array {
  for (const [index, sample] of voice.entries())
    noise[32_000 + index] = (noise[32_000 + index] ?? 0) + sample / 32768;
  return noise;
}

function toFloats(samples: Int16Array): Float32Array {
  return Float32Array.from(samples, (sample) => sample / 32768);
}

/** In dB of full scale. */
function levelOf(samples: Int16Array): number {
  const power = samples.reduce((total, sample) => total + (sample / 32768) ** 2, 0) / samples.length;
  return 10 * Math.log10(power);
}

function shareOf(scores: readonly number[], threshold: number): number {
  return scores.filter((score) => score >= threshold).length / scores.length;
}
