import { createResampler, type Resampler } from '../audio/resampler.ts';
import type { VoiceActivityDetector, VoiceActivityStream } from '../engine/voice-activity-detector.ts';

export interface EarOptions {
  readonly detector: VoiceActivityDetector;
  /** Samples per second of what it hears. */
  readonly sampleRate: number;
  /** Where in the session's audio it begins to hear. */
  readonly startMs: number;
}

/** A detector's stream, and the cutting of audio into the windows it wants. */
export class Ear implements AsyncDisposable {
  readonly #detector: VoiceActivityDetector;
  readonly #stream: VoiceActivityStream;
  /** None where the audio has the detector's rate. */
  readonly #resampler: Resampler | undefined;
  #startMs: number;
  /** One for all: a window is the detector's until its score is known. */
  readonly #window: Float32Array;
  #filled = 0;
  #windows = 0;

  private constructor({ detector, startMs }: EarOptions, resampler: Resampler | undefined) {
    this.#detector = detector;
    this.#stream = detector.open();
    this.#resampler = resampler;
    this.#startMs = startMs;
    this.#window = new Float32Array(detector.windowSamples);
  }

  static async open(options: EarOptions): Promise<Ear> {
    const { detector, sampleRate } = options;
    const isSameRate = sampleRate === detector.sampleRate;
    const resampler = isSameRate ? undefined : await createResampler(sampleRate, detector.sampleRate);
    try {
      return new Ear(options, resampler);
    } catch (error) {
      resampler?.[Symbol.dispose]();
      throw error;
    }
  }

  /** Where the window that is being filled begins and ends. */
  get startMs(): number {
    return this.#startMs + this.#windows * this.#windowMs;
  }

  get endMs(): number {
    return this.startMs + this.#windowMs;
  }

  /** Samples as the detector takes them. */
  prepare(samples: Int16Array): Int16Array {
    return this.#resampler?.process(samples) ?? samples;
  }

  /** Fills the window with prepared samples from `offset` on; returns the first that it has no room for. */
  fill(samples: Int16Array, offset: number): number {
    const count = Math.min(this.#window.length - this.#filled, samples.length - offset);
    for (let index = 0; index < count; index += 1)
      this.#window[this.#filled + index] = (samples[offset + index] ?? 0) / 32_768;
    this.#filled += count;
    return offset + count;
  }

  get isFull(): boolean {
    return this.#filled === this.#window.length;
  }

  /** Scores the window, and begins the next one once the score is known. */
  score(): number | Promise<number> {
    return this.#stream.score(this.#window);
  }

  next(): void {
    this.#filled = 0;
    this.#windows += 1;
  }

  /** What comes next begins at `startMs`. What it has heard of a window is forgotten, and nothing else is. */
  jump(startMs: number): void {
    this.#startMs = startMs;
    this.#windows = 0;
    this.#filled = 0;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#resampler?.[Symbol.dispose]();
    await this.#stream[Symbol.asyncDispose]();
  }

  get #windowMs(): number {
    return (this.#detector.windowSamples / this.#detector.sampleRate) * 1000;
  }
}
