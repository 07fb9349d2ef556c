import { type AudioChunk, durationMs } from '../audio/chunk.ts';
import { createResampler, type Resampler } from '../audio/resampler.ts';
import { InputBuffer } from './input-buffer.ts';

export interface HearingOptions {
  /** Samples per second of what the client sends. */
  readonly inputRate: number;
  /** Samples per second of what is heard. */
  readonly sampleRate: number;
  /** Where in the session's audio it begins. */
  readonly startMs: number;
}

/**
 * The client's audio as the engines hear it: at one rate, so that it is made once for all of them. It comes a
 * little later than what the client sends, and keeps its place in time.
 */
export class Hearing implements Disposable {
  /** What has been heard and is not yet forgotten. */
  readonly audio: InputBuffer;
  readonly sampleRate: number;
  readonly #inputRate: number;
  /** None where the client's audio has the rate. */
  readonly #resampler: Resampler | undefined;
  #takenUntilMs: number;

  private constructor({ inputRate, sampleRate, startMs }: HearingOptions, resampler: Resampler | undefined) {
    this.audio = new InputBuffer(startMs);
    this.sampleRate = sampleRate;
    this.#inputRate = inputRate;
    this.#resampler = resampler;
    this.#takenUntilMs = startMs;
  }

  static async open(options: HearingOptions): Promise<Hearing> {
    const { inputRate, sampleRate } = options;
    const isSameRate = inputRate === sampleRate;
    return new Hearing(options, isSameRate ? undefined : await createResampler(inputRate, sampleRate));
  }

  /** Whether audio at `inputRate` from `startMs` on goes on where the last has ended. */
  continues(inputRate: number, startMs: number): boolean {
    return inputRate === this.#inputRate && Math.abs(startMs - this.#takenUntilMs) < 1;
  }

  /** Takes what the client sends next; returns what is heard by it, and keeps that. */
  take(chunk: AudioChunk): Int16Array {
    this.#takenUntilMs += durationMs(chunk);
    const samples = this.#resampler?.lend(chunk.samples) ?? chunk.samples;
    return this.audio.append({ samples, sampleRate: this.sampleRate });
  }

  [Symbol.dispose](): void {
    this.#resampler?.[Symbol.dispose]();
  }
}
