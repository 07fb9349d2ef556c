import assert from 'node:assert/strict';
import type { AudioChunk } from '../../audio/chunk.ts';
import { randomNumbers } from '../../util/random-numbers.ts';
import type { VoiceActivityDetector, VoiceActivityStream } from '../voice-activity-detector.ts';
import type { ConformanceCase } from './conformance-case.ts';

export interface VoiceActivityDetectorSubject {
  readonly detector: VoiceActivityDetector;
  /** At the detector's rate: 1 s or more of speech without long pauses, which begins and ends with a voice. */
  readonly speech: AudioChunk;
}

type Case = ConformanceCase<VoiceActivityDetectorSubject>;

const FOUND_MS = 250;
const ENDED_MS = 400;
const PAUSE_MS = 1_500;

/** What a voice activity detector promises, whatever it scores with. */
export const voiceActivityDetectorConformance: readonly Case[] = [
  {
    name: 'takes windows of a length and a rate that can be worked with',
    async run({ detector }) {
      const windowMs = (detector.windowSamples / detector.sampleRate) * 1000;
      assert.ok(Number.isInteger(detector.windowSamples), `${detector.windowSamples} samples`);
      assert.ok(windowMs >= 5 && windowMs <= 100, `a window lasts ${windowMs} ms`);
    },
  },
  {
    name: 'scores silence below 0.2',
    async run({ detector }) {
      const scores = await scored(detector, silence(detector, 3_000));
      assert.ok(Math.max(...scores) < 0.2, `silence scores ${Math.max(...scores)}`);
    },
  },
  {
    name: 'rises above 0.5 within 250 ms of the onset of speech',
    async run(subject) {
      const { scores, begin } = await scoredUtterance(subject);
      const most = Math.max(...scores.slice(begin, begin + windowsIn(subject.detector, FOUND_MS)));
      assert.ok(most > 0.5, `speech scores no more than ${most} in its first ${FOUND_MS} ms`);
    },
  },
  {
    name: 'stays above 0.5 for most of the speech',
    async run(subject) {
      const { scores, begin, end } = await scoredUtterance(subject);
      const heard = scores.slice(begin, end).filter((score) => score > 0.5).length;
      assert.ok(heard > 0.7 * (end - begin), `${heard} of ${end - begin} windows score as speech`);
    },
  },
  {
    name: 'falls below 0.5 within 400 ms of the end of speech, and stays there',
    async run(subject) {
      const { scores, end } = await scoredUtterance(subject);
      const most = Math.max(...scores.slice(end + windowsIn(subject.detector, ENDED_MS)));
      assert.ok(most < 0.5, `${ENDED_MS} ms after the speech the silence scores ${most}`);
    },
  },
  {
    name: 'scores two streams as if each were alone',
    async run(subject) {
      const spoken = utterance(subject);
      const quiet = new Float32Array(subject.detector.windowSamples);
      const { scores } = await scoredUtterance(subject);
      await using one = subject.detector.open();
      await using other = subject.detector.open();
      for (const [index, window] of windows(subject.detector, spoken).entries()) {
        assertNear(await one.score(window), scores[index] ?? 0, index);
        const quietScore = await other.score(quiet);
        assert.ok(quietScore < 0.2, `silence beside speech scores ${quietScore}`);
      }
    },
  },
  {
    name: 'forgets what it has heard when it is reset',
    async run(subject) {
      const { scores } = await scoredUtterance(subject);
      await using stream = subject.detector.open();
      await scoreAll(stream, windows(subject.detector, fullScaleNoise(subject.detector, 2_000)));
      await scoreAll(stream, windows(subject.detector, toFloats(subject.speech)));
      stream.reset();
      const again = await scoreAll(stream, windows(subject.detector, utterance(subject)));
      for (const [index, score] of again.entries()) assertNear(score, scores[index] ?? 0, index);
    },
  },
  {
    name: 'scores between 0 and 1, also what no microphone gives, and goes on',
    async run(subject) {
      const { detector } = subject;
      await using stream = detector.open();
      for (const sample of [1, -1, 40, Number.NaN, Number.POSITIVE_INFINITY]) {
        const window = new Float32Array(detector.windowSamples).fill(sample);
        for (let round = 0; round < 20; round += 1) assertScore(await stream.score(window));
      }
      const odd = await scoreAll(stream, windows(detector, fullScaleNoise(detector, 1_000)));
      for (const score of odd) assertScore(score);
      await scoreAll(stream, windows(detector, silence(detector, PAUSE_MS)));
      const scores = await scoreAll(stream, windows(detector, toFloats(subject.speech)));
      for (const score of scores) assertScore(score);
      assert.ok(Math.max(...scores) > 0.5, 'speech is no longer found');
    },
  },
  {
    name: 'refuses a window of another length, names both, and is none the worse',
    async run(subject) {
      const { detector } = subject;
      const { scores } = await scoredUtterance(subject);
      await using stream = detector.open();
      for (const length of [0, detector.windowSamples - 1, detector.windowSamples * 2]) {
        await assert.rejects(
          async () => await stream.score(new Float32Array(length).fill(0.5)),
          (error: Error) =>
            error.message.includes(`${length}`) && error.message.includes(`${detector.windowSamples}`),
        );
      }
      const after = await scoreAll(stream, windows(detector, utterance(subject)));
      for (const [index, score] of after.entries()) assertNear(score, scores[index] ?? 0, index);
    },
  },
  {
    name: 'refuses to score or to be reset once it is disposed of, which may happen twice',
    async run({ detector }) {
      const stream = detector.open();
      const survivor = detector.open();
      await stream[Symbol.asyncDispose]();
      await stream[Symbol.asyncDispose]();
      const window = new Float32Array(detector.windowSamples);
      await assert.rejects(async () => await stream.score(window), /dispos/);
      assert.throws(() => stream.reset(), /dispos/);
      assertScore(await survivor.score(window));
      await survivor[Symbol.asyncDispose]();
    },
  },
  {
    name: 'scores for a hundred streams at once',
    async run(subject) {
      const { detector } = subject;
      const { scores } = await scoredUtterance(subject);
      const streams = Array.from({ length: 100 }, () => detector.open());
      try {
        for (const [index, window] of windows(detector, utterance(subject)).slice(0, 100).entries()) {
          const all = await Promise.all(streams.map(async (stream) => await stream.score(window)));
          for (const score of all) assertNear(score, scores[index] ?? 0, index);
        }
      } finally {
        for (const stream of streams) await stream[Symbol.asyncDispose]();
      }
    },
  },
];

interface ScoredUtterance {
  readonly scores: readonly number[];
  /** The first window that holds speech, and the first after it that holds none. */
  readonly begin: number;
  readonly end: number;
}

async function scoredUtterance(subject: VoiceActivityDetectorSubject): Promise<ScoredUtterance> {
  const { detector, speech } = subject;
  const scores = await scored(detector, utterance(subject));
  const begin = Math.floor(silence(detector, PAUSE_MS).length / detector.windowSamples);
  return { scores, begin, end: begin + Math.ceil(speech.samples.length / detector.windowSamples) };
}

/** The speech between two pauses of digital silence. */
function utterance({ detector, speech }: VoiceActivityDetectorSubject): Float32Array {
  assert.equal(speech.sampleRate, detector.sampleRate, 'the speech has another rate than the detector');
  const pause = silence(detector, PAUSE_MS);
  const audio = new Float32Array(2 * pause.length + speech.samples.length);
  audio.set(toFloats(speech), pause.length);
  return audio;
}

async function scored(detector: VoiceActivityDetector, audio: Float32Array): Promise<readonly number[]> {
  await using stream = detector.open();
  return await scoreAll(stream, windows(detector, audio));
}

async function scoreAll(
  stream: VoiceActivityStream,
  windows: readonly Float32Array[],
): Promise<readonly number[]> {
  const scores: number[] = [];
  for (const window of windows) scores.push(await stream.score(window));
  return scores;
}

/** Whole windows only. */
function windows(detector: VoiceActivityDetector, audio: Float32Array): readonly Float32Array[] {
  const size = detector.windowSamples;
  return Array.from({ length: Math.floor(audio.length / size) }, (_, index) =>
    audio.slice(index * size, (index + 1) * size),
  );
}

function windowsIn(detector: VoiceActivityDetector, ms: number): number {
  return Math.floor((ms * detector.sampleRate) / 1000 / detector.windowSamples);
}

function silence(detector: VoiceActivityDetector, ms: number): Float32Array {
  return new Float32Array((detector.sampleRate * ms) / 1000);
}

/** White, and always the same. */
function fullScaleNoise(detector: VoiceActivityDetector, ms: number): Float32Array {
  const random = randomNumbers();
  return silence(detector, ms).map(() => 2 * random() - 1);
}

function toFloats({ samples }: AudioChunk): Float32Array {
  return Float32Array.from(samples, (sample) => sample / 32768);
}

function assertScore(score: number): void {
  assert.ok(score >= 0 && score <= 1, `${score} is not between 0 and 1`);
}

/** Engines that compute in batches may differ in the last digits. */
function assertNear(score: number, expected: number, window: number): void {
  assert.ok(Math.abs(score - expected) < 0.001, `window ${window} scores ${score}, not ${expected}`);
}
