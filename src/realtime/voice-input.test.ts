import { expect, test } from 'vitest';
import { compressG711 } from '../audio/g711.ts';
import { toPcmBytes } from '../audio/pcm-bytes.ts';
import { resampleChunk } from '../audio/resample.ts';
import { FakeJobs } from '../engines/fake/fake-behaviour.ts';
import { fakeDetector } from '../engines/fake/fake-detector.ts';
import { fakeSpeech } from '../engines/fake/fake-speech.ts';
import type { SpeechEffect, SpeechRules } from './speech-machine.ts';
import { VoiceInput } from './voice-input.ts';

const RULES: SpeechRules = { threshold: 0.5, prefixPaddingMs: 300, silenceDurationMs: 200 };
const SPEECH = fakeSpeech('Hello');
const QUIET = new Int16Array(24_000);

interface Heard {
  readonly input: VoiceInput;
  readonly effects: SpeechEffect[];
}

function listen(
  detector = fakeDetector(),
  rules: () => SpeechRules | undefined = () => RULES,
  recognizerRate?: number,
): Heard {
  const effects: SpeechEffect[] = [];
  const input = new VoiceInput({
    detector,
    recognizerRate,
    noiseReducer: undefined,
    noiseField: () => undefined,
    rules,
    onEffect: (effect) => effects.push(effect),
    onAudio: () => {},
    onDeaf: () => {},
    onNoisy: () => {},
    signal: new AbortController().signal,
  });
  return { input, effects };
}

async function feed({ input }: Heard, bytes: Uint8Array, step: number): Promise<void> {
  for (let start = 0; start < bytes.length; start += step)
    await input.append(bytes.subarray(start, start + step), 'pcm16');
}

function bytesOf(...parts: readonly Int16Array[]): Uint8Array {
  return Buffer.concat(parts.map((part) => toPcmBytes(part)));
}

test.each([1, 333, 960, 4_800, 10_000_000])(
  'in frames of %d bytes speech starts and stops at the same times',
  async (step) => {
    const heard = listen();
    await feed(heard, bytesOf(QUIET.subarray(0, 4_800), SPEECH.samples, QUIET.subarray(0, 7_200)), step);
    // 200 ms of silence, of which all is padding, then 300 ms of speech and the 200 ms that end it.
    expect(heard.effects).toEqual([
      { type: 'start', atMs: 0 },
      { type: 'stop', atMs: 700, quietSinceMs: 500 },
    ]);
    expect(heard.input.buffer.endMs).toBeCloseTo(800, 6);
  },
);

test('speech is found over the telephone and by a detector of another rate', async () => {
  const { samples } = await resampleChunk(SPEECH, 8_000);
  const detector = { ...fakeDetector(), sampleRate: 16_000 };
  const heard = listen(detector);
  await heard.input.append(compressG711(new Int16Array(4_000), 'alaw'), 'g711-alaw');
  await heard.input.append(compressG711(samples, 'alaw'), 'g711-alaw');
  await heard.input.append(compressG711(new Int16Array(4_000), 'alaw'), 'g711-alaw');
  await heard.input[Symbol.asyncDispose]();
  const [start, stop] = heard.effects;
  expect(Math.abs((start?.atMs ?? 0) - 200)).toBeLessThan(60);
  expect(Math.abs((stop?.atMs ?? 0) - 1_000)).toBeLessThan(80);
});

test.each([960, 1_234, 100_000])(
  'in frames of %d bytes the recognizer hears what the detector does, once, and to its place in time',
  async (step) => {
    const detector = { ...fakeDetector(), sampleRate: 16_000 };
    const heard = listen(detector, () => RULES, 16_000);
    const sent = {
      samples: Int16Array.from({ length: 24_000 }, (_, index) => index % 9_973),
      sampleRate: 24_000,
    };
    await feed(heard, bytesOf(sent.samples), step);
    const { input } = heard;
    expect(input.heardUntilMs).toBeGreaterThan(980);
    expect(input.heardUntilMs).toBeLessThan(1_000);
    const { samples } = await resampleChunk(sent, 16_000);
    const clips = [input.takeHeard(0, 500), input.takeHeard(500, input.heardUntilMs)];
    const taken = clips.flatMap(({ chunks }) => chunks);
    expect(new Set(taken.map(({ sampleRate }) => sampleRate))).toEqual(new Set([16_000]));
    const whole = taken.flatMap((chunk) => [...chunk.samples]);
    expect(whole).toEqual([...samples.subarray(0, Math.round(input.heardUntilMs * 16))]);
  },
);

test('what the detector has not heard, the recognizer hears as it was sent', async () => {
  let rules: SpeechRules | undefined;
  const { input } = listen({ ...fakeDetector(), sampleRate: 16_000 }, () => rules, 16_000);
  await input.append(bytesOf(QUIET.subarray(0, 2_400)), 'pcm16');
  rules = RULES;
  await input.append(bytesOf(QUIET.subarray(0, 2_400)), 'pcm16');
  const { chunks } = input.takeHeard(0, 200);
  expect(chunks.map(({ sampleRate }) => sampleRate)).toEqual([24_000, 16_000, 24_000]);
  const ms = chunks.reduce((sum, { samples, sampleRate }) => sum + (samples.length / sampleRate) * 1000, 0);
  expect(ms).toBeCloseTo(200, 1);
});

test('a recognizer that takes more than the detector hears no less for it', async () => {
  const { input } = listen({ ...fakeDetector(), sampleRate: 8_000 }, () => RULES, 24_000);
  await input.append(bytesOf(QUIET), 'pcm16');
  const { chunks } = input.takeHeard(0, 1_000);
  expect(new Set(chunks.map(({ sampleRate }) => sampleRate))).toEqual(new Set([24_000]));
});

test('silence is not hoarded while nobody speaks, and speech is', async () => {
  const heard = listen();
  for (let second = 0; second < 20; second += 1) await heard.input.append(bytesOf(QUIET), 'pcm16');
  expect(heard.input.buffer.lengthMs).toBe(5_300);
  const long = fakeSpeech('a'.repeat(200));
  await heard.input.append(bytesOf(long.samples), 'pcm16');
  expect(heard.input.isSpeaking).toBe(true);
  expect(heard.input.buffer.lengthMs).toBeGreaterThan(17_000);
});

test('where the client ends turns, nothing is scored and everything is kept', async () => {
  const jobs = new FakeJobs();
  const { input } = listen(fakeDetector({ jobs }), () => undefined);
  for (let second = 0; second < 20; second += 1) await input.append(bytesOf(QUIET), 'pcm16');
  expect([jobs.begun, input.buffer.lengthMs]).toEqual([0, 20_000]);
});

test('half a sample of one format is no beginning of the next', async () => {
  const heard = listen();
  await heard.input.append(Uint8Array.of(1, 2, 3), 'pcm16');
  await heard.input.append(new Uint8Array(80).fill(0xff), 'g711-ulaw');
  await heard.input.append(Uint8Array.of(5, 0, 6, 0), 'pcm16');
  const { chunks } = heard.input.buffer.slice(0, 1_000);
  expect([...(chunks.at(-1)?.samples ?? [])]).toEqual([5, 6]);
});
