import type { VoiceActivityDetector } from '../src/engine/voice-activity-detector.ts';
import { type NoiseKind, steadyNoise } from '../src/engines/webrtc-vad/test-noise.ts';
import { nextSpeech, SILENCE, type SpeechState } from '../src/realtime/speech-machine.ts';
import { trimmedSpeech } from '../test/support/trimmed-speech.ts';

export interface Detection {
  /** From the first sample of a voice to the moment in which it is known, for each that is found. */
  readonly onsetMs: readonly number[];
  readonly missed: number;
  /** In which noise each start came that nobody's voice caused. */
  readonly falseStarts: readonly string[];
  readonly noiseSeconds: number;
}

const RATE = 16_000;
const RULES = { threshold: 0.5, prefixPaddingMs: 300, silenceDurationMs: 500 };
const SENTENCES = [
  'Good morning, I would like to book a table for two people tonight.',
  'How warm will it be tomorrow?',
  'Yes, please do that.',
] as const;
const NOISES: readonly NoiseKind[] = ['white', 'pink', 'hum'];
const LEAD_SECONDS = 3;
const NOISE_SECONDS = 30;

/** What turn detection makes of a detector's scores. */
export async function detectSpeech(detector: VoiceActivityDetector): Promise<Detection> {
  const onsetMs: number[] = [];
  const falseStarts: string[] = [];
  let missed = 0;
  for (const voice of await Promise.all(SENTENCES.map(trimmedSpeech))) {
    for (const { name, audio } of scenes(voice)) {
      const starts = await startsIn(detector, audio);
      falseStarts.push(...starts.filter((ms) => ms < LEAD_SECONDS * 1000).map(() => name));
      const found = starts.find((ms) => ms >= LEAD_SECONDS * 1000);
      if (found === undefined) missed += 1;
      else onsetMs.push(found - LEAD_SECONDS * 1000);
    }
  }
  const noises = [
    ...NOISES.map((kind) => ({ name: kind, audio: steadyNoise(kind, NOISE_SECONDS, -30) })),
    knocks(),
  ];
  for (const { name, audio } of noises)
    falseStarts.push(...(await startsIn(detector, audio)).map(() => name));
  return { onsetMs, missed, falseStarts, noiseSeconds: noises.length * NOISE_SECONDS };
}

interface Scene {
  readonly name: string;
  readonly audio: Float32Array;
}

function* scenes(voice: Int16Array): Generator<Scene, void, void> {
  const seconds = LEAD_SECONDS + Math.ceil(voice.length / RATE);
  yield { name: 'a voice alone', audio: mixed(voice, new Float32Array(seconds * RATE)) };
  for (const kind of NOISES) {
    for (const below of [20, 10, 5]) {
      const noise = steadyNoise(kind, seconds, levelOf(voice) - below);
      yield { name: `a voice in ${kind}`, audio: mixed(voice, noise) };
    }
  }
}

function mixed(voice: Int16Array, noise: Float32Array): Float32Array {
  const start = LEAD_SECONDS * RATE;
  for (const [index, sample] of voice.entries())
    noise[start + index] = (noise[start + index] ?? 0) + sample / 32_768;
  return noise;
}

/** In dB of full scale. */
function levelOf(samples: Int16Array): number {
  const power = samples.reduce((total, sample) => total + (sample / 32_768) ** 2, 0) / samples.length;
  return 10 * Math.log10(power);
}

/** Something falls on the table twice in a second: 15 ms to 60 ms of noise that dies away. */
function knocks(): Scene {
  const audio = new Float32Array(NOISE_SECONDS * RATE);
  const noise = steadyNoise('white', 1, -6);
  for (let knock = 0; knock < 2 * NOISE_SECONDS; knock += 1) {
    const decay = RATE * (0.005 + 0.005 * (knock % 4));
    for (let index = 0; index < RATE / 4; index += 1)
      audio[(knock * RATE) / 2 + index] = (noise[index] ?? 0) * Math.exp(-index / decay);
  }
  return { name: 'knocks', audio };
}

/** The times, in ms, at which it is known that somebody has begun to speak. */
async function startsIn(detector: VoiceActivityDetector, audio: Float32Array): Promise<readonly number[]> {
  await using stream = detector.open();
  const { windowSamples } = detector;
  const windowMs = (windowSamples / detector.sampleRate) * 1000;
  const starts: number[] = [];
  let state: SpeechState = SILENCE;
  for (let window = 0; (window + 1) * windowSamples <= audio.length; window += 1) {
    const score = await stream.score(audio.subarray(window * windowSamples, (window + 1) * windowSamples));
    const endMs = (window + 1) * windowMs;
    const step = nextSpeech(state, { score, startMs: endMs - windowMs, endMs }, RULES);
    state = step.state;
    if (step.effects.some(({ type }) => type === 'start')) starts.push(endMs);
  }
  return starts;
}
