import type { AudioChunk } from '../audio/chunk.ts';
import { createResampler, type Resampler } from '../audio/resampler.ts';
import type { NoiseField, NoiseReducer, NoiseReductionStream } from '../engine/noise-reducer.ts';
import { InputBuffer } from './input-buffer.ts';

export interface HearingOptions {
  /** Samples per second of what the client sends. */
  readonly inputRate: number;
  /** Samples per second of what is heard. */
  readonly sampleRate: number;
  /** Where in the session's audio it begins. */
  readonly startMs: number;
  /** What noise is taken out, and by what; none where the client wants none taken out. */
  readonly reduction: { readonly reducer: NoiseReducer; readonly field: NoiseField } | undefined;
  readonly signal: AbortSignal;
}

/**
 * The client's audio as the engines hear it: at one rate and without noise, so that this is done once for all of
 * them. It comes a little later than what the client sends, and keeps its place in time.
 */
export class Hearing implements AsyncDisposable {
  /** What has been heard and is not yet forgotten. */
  readonly audio: InputBuffer;
  readonly field: NoiseField | undefined;
  readonly inputRate: number;
  readonly #sampleRate: number;
  /** Either of them, or none where the client's audio is heard as it is. */
  readonly #resampler: Resampler | undefined;
  readonly #reduction: NoiseReductionStream | undefined;

  private constructor(options: HearingOptions, resampler: Resampler | undefined) {
    const { inputRate, sampleRate, startMs, reduction, signal } = options;
    this.audio = new InputBuffer(startMs);
    this.field = reduction?.field;
    this.inputRate = inputRate;
    this.#sampleRate = sampleRate;
    this.#resampler = resampler;
    this.#reduction = reduction?.reducer.open({
      field: reduction.field,
      inputRate,
      outputRate: sampleRate,
      signal,
    });
  }

  static async open(options: HearingOptions): Promise<Hearing> {
    const { inputRate, sampleRate, reduction } = options;
    const isResampled = inputRate !== sampleRate && !reduction;
    return new Hearing(options, isResampled ? await createResampler(inputRate, sampleRate) : undefined);
  }

  /** Takes what the client sends next; returns what is heard by it, and keeps that. */
  take(chunk: AudioChunk): Int16Array | Promise<Int16Array> {
    if (this.#reduction) return this.#reduce(this.#reduction, chunk.samples);
    return this.#keep(this.#resampler?.lend(chunk.samples) ?? chunk.samples);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#resampler?.[Symbol.dispose]();
    await this.#reduction?.[Symbol.asyncDispose]();
  }

  async #reduce(reduction: NoiseReductionStream, samples: Int16Array): Promise<Int16Array> {
    return this.#keep(await reduction.reduce(samples));
  }

  #keep(samples: Int16Array): Int16Array {
    return this.audio.append({ samples, sampleRate: this.#sampleRate });
  }
}
