import load, { type FvadModule } from '@echogarden/fvad-wasm';
import { toSample } from '../../audio/mono.ts';
import type { VoiceActivityDetector, VoiceActivityStream } from '../../engine/voice-activity-detector.ts';
import { EngineError } from '../../util/errors.ts';
import { Jury } from './jury.ts';
import { Loudness, levelOf } from './loudness.ts';

export interface WebrtcVadOptions {
  /** The least level of a window, in dB of full scale, that can be speech; -60 by default. */
  readonly leastLevel?: number;
}

const NAME = 'webrtc-vad';
const SAMPLE_RATE = 16_000;
const WINDOW_SAMPLES = 320;
/** The score is the mean of as many windows: 100 ms. */
const SMOOTHED_WINDOWS = 5;
/** In dB of full scale: in louder noise libfvad hears speech for ever, so noise is brought down to this. */
const TOLERATED_BACKGROUND = -50;
/** Steady noise wavers by less than this, in dB, and speech that can be understood stands out by more. */
const STEADY_PROMINENCE = 2;
const CLEAR_PROMINENCE = 5;

/** The module, and the one place in its heap that every window passes through, as each is scored in one go. */
interface Fvad {
  readonly module: FvadModule;
  readonly windowPointer: number;
}

let loading: Promise<Fvad> | undefined;

/**
 * The voice activity detector of WebRTC (libfvad), which comes with the installation. Takes windows of 20 ms at
 * 16 kHz and answers at once, on the calling thread: a score costs some 15 µs, less than asking a worker would.
 *
 * The score is the share of libfvad's four modes that hear speech, over the last 100 ms, as far as the sound
 * stands out of a steady background: a higher threshold asks more modes to agree for longer. At 0.5, synthetic
 * speech is found 60 ms after its onset, and 97 % of its windows score as speech; in noise 10 dB below it 80 ms
 * and 88 % or more. Steady hiss and hum stay below 0.5, though rumble may not, and noise that sets in on a
 * quiet stream is taken for speech for up to 1.6 s, until it is known as background.
 *
 * @throws {EngineError} `unavailable` when the module can not be loaded.
 */
export async function webrtcVad(options: WebrtcVadOptions = {}): Promise<VoiceActivityDetector> {
  loading ??= loadFvad();
  const fvad = await loading.catch(refuseUnloaded);
  return {
    name: NAME,
    sampleRate: SAMPLE_RATE,
    windowSamples: WINDOW_SAMPLES,
    open: () => new WebrtcVadStream(fvad, options.leastLevel ?? -60),
  };
}

async function loadFvad(): Promise<Fvad> {
  const module = await load();
  return { module, windowPointer: module._malloc(2 * WINDOW_SAMPLES) };
}

class WebrtcVadStream implements VoiceActivityStream {
  readonly #fvad: Fvad;
  readonly #leastLevel: number;
  readonly #jury: Jury;
  readonly #loudness = new Loudness();
  /** What each of the latest windows said, in no order. */
  readonly #evidence = new Float64Array(SMOOTHED_WINDOWS);
  #windows = 0;
  #isDisposed = false;

  constructor(fvad: Fvad, leastLevel: number) {
    this.#fvad = fvad;
    this.#leastLevel = leastLevel;
    this.#jury = new Jury(fvad.module);
  }

  score(window: Float32Array): number {
    this.#refuseAfterDisposal();
    refuseOtherLengths(window);
    this.#evidence[this.#windows % SMOOTHED_WINDOWS] = this.#weigh(window);
    this.#windows += 1;
    let total = 0;
    for (const evidence of this.#evidence) total += evidence;
    return total / SMOOTHED_WINDOWS;
  }

  reset(): void {
    this.#refuseAfterDisposal();
    this.#jury.reset();
    this.#loudness.reset();
    this.#evidence.fill(0);
    this.#windows = 0;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#isDisposed = true;
    this.#jury[Symbol.dispose]();
  }

  /** What one window says by itself, 0 to 1. */
  #weigh(window: Float32Array): number {
    const { module, windowPointer } = this.#fvad;
    const start = windowPointer / 2;
    const samples = module.HEAP16.subarray(start, start + WINDOW_SAMPLES);
    for (let index = 0; index < WINDOW_SAMPLES; index += 1)
      samples[index] = toSample((window[index] ?? 0) * 32768);
    const level = levelOf(samples);
    this.#loudness.push(level);
    attenuate(samples, TOLERATED_BACKGROUND - this.#loudness.background);
    // Without this, libfvad takes the noise that a stream begins with for speech until it knows it.
    if (this.#windows === 0) this.#jury.learn(windowPointer, WINDOW_SAMPLES);
    const share = this.#jury.vote(windowPointer, WINDOW_SAMPLES);
    return level < this.#leastLevel ? 0 : share * clarity(this.#loudness.prominence);
  }

  #refuseAfterDisposal(): void {
    if (this.#isDisposed) throw new EngineError(NAME, 'failed', 'The stream is disposed of: open another.');
  }
}

function refuseUnloaded(cause: unknown): never {
  throw new EngineError(
    NAME,
    'unavailable',
    'The voice activity detector can not be loaded: reinstall.',
    cause,
  );
}

function refuseOtherLengths(window: Float32Array): void {
  if (window.length === WINDOW_SAMPLES) return;
  throw new EngineError(
    NAME,
    'unsupported',
    `A window is ${WINDOW_SAMPLES} samples, 20 ms at 16 kHz, not ${window.length}.`,
  );
}

/** By a gain in dB; never amplifies. */
function attenuate(samples: Int16Array, gain: number): void {
  if (gain >= 0) return;
  const factor = 10 ** (gain / 20);
  for (let index = 0; index < samples.length; index += 1)
    samples[index] = Math.round((samples[index] ?? 0) * factor);
}

/** From 0, as loud as the background, to 1, plainly louder: by itself libfvad hears speech in rustle. */
function clarity(prominence: number): number {
  const share = (prominence - STEADY_PROMINENCE) / (CLEAR_PROMINENCE - STEADY_PROMINENCE);
  return Math.max(0, Math.min(1, share));
}
