import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { AudioChunk } from '../../src/audio/chunk.ts';
import { toSample } from '../../src/audio/mono.ts';
import { toPcmBytes } from '../../src/audio/pcm-bytes.ts';
import { resample, resampleChunk } from '../../src/audio/resample.ts';
import { collectAudio } from '../../src/audio/test-speech.ts';
import { wordErrorRate } from '../../src/engine/conformance/word-error-rate.ts';
import type { NoiseField, NoiseReducer } from '../../src/engine/noise-reducer.ts';
import { flite } from '../../src/engines/flite/flite.ts';
import { findPocketsphinx } from '../../src/engines/pocketsphinx/find-pocketsphinx.ts';
import { pocketsphinx } from '../../src/engines/pocketsphinx/pocketsphinx.ts';
import { rnnoise } from '../../src/engines/rnnoise/rnnoise.ts';
import { steadyNoise } from '../../src/engines/webrtc-vad/test-noise.ts';
import { webrtcVad } from '../../src/engines/webrtc-vad/webrtc-vad.ts';
import type { SpeechEffect } from '../../src/realtime/speech-machine.ts';
import { VoiceInput } from '../../src/realtime/voice-input.ts';
import { randomNumbers } from '../../src/util/random-numbers.ts';
import { Rig } from './rig.ts';
import { TestResponder } from './test-responder.ts';

const RATE = 24_000;
const WORDS =
  'Please tell me about the weather. What is the answer to the question? How far is it to the station?';
const RULES = { threshold: 0.5, prefixPaddingMs: 300, silenceDurationMs: 500 };
const REPLY = new TestResponder({ words: ['Hello', ' there.'] });
const detector = await webrtcVad();
const reducer = rnnoise({ workers: 1 });
const hasEars = findPocketsphinx() !== undefined;
if (!hasEars) console.warn('Left out, as pocketsphinx is not installed: words that are heard in noise.');
let speech: Int16Array;

beforeAll(async () => {
  speech = await speak(WORDS);
});

afterAll(async () => await reducer[Symbol.asyncDispose]());

test('noise that swells starts fewer turns once it is taken out', async () => {
  const samples = steadyNoise('pink', 15, -30).map((sample, index) => 32_768 * swell(index / 16) * sample);
  const noise = await resampleChunk({ samples: Int16Array.from(samples), sampleRate: 16_000 }, RATE);
  const starts = async (field: NoiseField | undefined): Promise<number> =>
    (await listen(noise.samples, () => field)).effects.filter(({ type }) => type === 'start').length;
  const [raw, near, far] = [await starts(undefined), await starts('near-field'), await starts('far-field')];
  expect(raw).toBeGreaterThanOrEqual(5);
  expect(near).toBeLessThan(raw);
  expect(far).toBeLessThanOrEqual(1);
});

test.each(['near-field', 'far-field'] as const)(
  'speech out of %s noise starts where it did',
  async (field) => {
    const silence = new Int16Array(RATE * 2);
    const spoken = Int16Array.from([...silence, ...speech, ...silence]);
    const noise = 10 ** ((levelOf(speech) - 20) / 20);
    const { effects } = await listen(
      inNoise(spoken, () => noise),
      () => field,
    );
    const start = effects.find(({ type, atMs }) => type === 'start' && atMs > 1_000);
    expect(Math.abs((start?.atMs ?? 0) - (2_000 - RULES.prefixPaddingMs))).toBeLessThan(120);
  },
);

test('it is switched on and off while audio comes, and no audio is lost or heard twice', async () => {
  const fields = [undefined, 'far-field', undefined, 'near-field'] as const;
  let asked = 0;
  const noise = inNoise(new Int16Array(RATE * 6), () => 0.05);
  const { taken, heardMs } = await listen(noise, () => {
    asked += 1;
    return fields[Math.floor(asked / 150) % fields.length];
  });
  const ms = taken.reduce((sum, { samples, sampleRate }) => sum + (samples.length / sampleRate) * 1000, 0);
  expect(heardMs).toBeGreaterThan(5_950);
  expect(ms).toBeCloseTo(heardMs, 0);
  const quiet = taken.filter(({ samples }) => levelOf(samples) < -45);
  expect(quiet.length).toBeGreaterThan(taken.length / 4);
  expect(quiet.length).toBeLessThan(taken.length);
});

test('however often it is switched, times count from the first sample of the session', async () => {
  const silence = new Int16Array(RATE * 4);
  let asked = 0;
  const { effects } = await listen(Int16Array.from([...silence, ...speech, ...silence]), () => {
    asked += 1;
    return asked < 180 && asked % 20 < 10 ? 'far-field' : 'near-field';
  });
  const [start] = effects;
  expect(Math.abs((start?.atMs ?? 0) - (4_000 - RULES.prefixPaddingMs))).toBeLessThan(120);
});

describe.runIf(hasEars)('words in noise', { timeout: 120_000 }, () => {
  test('of speech 10 dB above noise more are recognized', async () => {
    await using recognizer = pocketsphinx({ workers: 1 });
    const silence = new Int16Array(RATE);
    const noise = 10 ** ((levelOf(speech) - 10) / 20);
    const noisy = inNoise(Int16Array.from([...silence, ...speech, ...silence]), () => noise);
    const errors = async (field: NoiseField | undefined): Promise<number> => {
      const { taken } = await listen(noisy, () => field);
      const { signal } = new AbortController();
      const options = { signal, language: undefined, prompt: undefined };
      let text = '';
      for await (const event of recognizer.recognize(resample(streamOf(taken), 16_000), options))
        if (event.type === 'final') text += ` ${event.text}`;
      return wordErrorRate(WORDS, text);
    };
    const [raw, near, far] = [await errors(undefined), await errors('near-field'), await errors('far-field')];
    expect(Math.max(near, far)).toBeLessThan(raw);
  });
});

test('a session without a reducer refuses to take noise out, and goes on', async () => {
  await using rig = new Rig({ responder: REPLY });
  await rig.send({ type: 'session-update', changes: { noiseReduction: 'near-field' } });
  const problem = await rig.readUntil('problem');
  expect(problem).toMatchObject({ problem: { code: 'unsupported_parameter' } });
  expect(rig.session.config.noiseReduction).toBeUndefined();
});

test('where noise can not be taken out the client is told once, and is heard all the same', async () => {
  const broken: NoiseReducer = {
    name: 'broken',
    open: () => ({
      reduce: async () => await Promise.reject(new Error('broken')),
      [Symbol.asyncDispose]: async () => {},
    }),
  };
  await using rig = new Rig({
    responder: REPLY,
    noiseReducer: broken,
    config: { noiseReduction: 'far-field' },
  });
  await rig.say('Hello');
  await rig.readUntil('audio-committed');
  await rig.say('Hello');
  await rig.readUntil('audio-committed');
  expect(rig.of('problem').map(({ problem }) => problem.code)).toEqual(['server_error']);
  await rig.send({ type: 'session-update', changes: { noiseReduction: 'near-field' } });
  await rig.say('Hello');
  await rig.readUntil('audio-committed');
  expect(rig.of('problem')).toHaveLength(2);
});

/** Of a fan or a street: it rises and falls by 16 dB in 2.5 s. */
function swell(ms: number): number {
  return 10 ** ((8 * Math.sin((2 * Math.PI * ms) / 2_500) - 8) / 20);
}

interface Listened {
  /** Up to where of the session's audio that is. */
  readonly heardMs: number;
  readonly effects: readonly SpeechEffect[];
  /** All that a recognizer got to hear. */
  readonly taken: readonly AudioChunk[];
}

/** Sends `samples` in frames of 20 ms. */
async function listen(samples: Int16Array, noiseField: () => NoiseField | undefined): Promise<Listened> {
  const effects: SpeechEffect[] = [];
  const taken: AudioChunk[] = [];
  const failed = (error: unknown): never => {
    throw error;
  };
  await using input = new VoiceInput({
    detector,
    recognizerRate: 16_000,
    noiseReducer: reducer,
    noiseField,
    rules: () => RULES,
    onEffect: (effect) => effects.push(effect),
    onAudio: () => {},
    onDeaf: failed,
    onNoisy: failed,
    signal: new AbortController().signal,
  });
  let fedMs = 0;
  for (let start = 0; start < samples.length; start += 480) {
    await input.append(toPcmBytes(samples.subarray(start, start + 480)), 'pcm16');
    const untilMs = Math.max(fedMs, input.heardUntilMs);
    taken.push(...input.takeHeard(fedMs, untilMs).chunks);
    fedMs = untilMs;
  }
  return { effects, taken, heardMs: fedMs };
}

/** With white noise that is always the same. Its level is that of its power. */
function inNoise(samples: Int16Array, level: (ms: number) => number): Int16Array {
  const random = randomNumbers();
  return samples.map((sample, index) => {
    // What is even between -1 and 1 has a power of a third.
    return toSample(sample + 32_768 * level((index / RATE) * 1000) * Math.sqrt(3) * (2 * random() - 1));
  });
}

/** In dB of full scale. */
function levelOf(samples: Int16Array): number {
  const power = samples.reduce((sum, sample) => sum + (sample / 32_768) ** 2, 0) / samples.length;
  return 10 * Math.log10(power + 1e-12);
}

async function* streamOf<T>(items: readonly T[]): AsyncGenerator<T> {
  yield* items;
}

/** Spoken by flite, without the silence around it. */
async function speak(text: string): Promise<Int16Array> {
  await using synthesizer = flite({ workers: 1 });
  const { signal } = new AbortController();
  const chunks: AudioChunk[] = [];
  const options = { signal, voice: 'echo', speed: 1 };
  for await (const event of synthesizer.synthesize(streamOf([text]), options))
    if (event.type === 'audio') chunks.push(event.chunk);
  const { samples } = await resampleChunk(await collectAudio(chunks), RATE);
  const isVoice = (sample: number): boolean => Math.abs(sample) > 600;
  return samples.slice(samples.findIndex(isVoice), samples.findLastIndex(isVoice));
}
