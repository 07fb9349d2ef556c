import load, { type SpeexResamplerModule } from '@echogarden/speex-resampler-wasm/simd';
import { toSample } from './mono.ts';

/** Of 0 to 10. 7 keeps a tone 90 dB above what it adds, at 8 µs for 20 ms of speech. */
const QUALITY = 7;
/** Samples that pass through the wasm heap at once. */
const BLOCK = 4096;

let loading: Promise<SpeexResamplerModule> | undefined;

/**
 * A resampler from `inputRate` to `outputRate`, samples per second, for one stream. It holds memory outside
 * of the garbage collector's sight: dispose of it.
 */
export async function createResampler(inputRate: number, outputRate: number): Promise<Resampler> {
  loading ??= load();
  return new Resampler(await loading, inputRate, outputRate);
}

/** One mono stream through the Speex resampler. What comes out begins and ends where what went in did. */
export class Resampler implements Disposable {
  readonly inputRate: number;
  readonly outputRate: number;
  readonly #speex: SpeexResamplerModule;
  readonly #state: number;
  /** The heap block: the two lengths, then the input, then the output. */
  readonly #heap: number;
  readonly #outputCapacity: number;
  #consumed = 0;
  #produced = 0;
  #isDisposed = false;

  constructor(speex: SpeexResamplerModule, inputRate: number, outputRate: number) {
    this.#speex = speex;
    this.inputRate = inputRate;
    this.outputRate = outputRate;
    this.#outputCapacity = Math.ceil((BLOCK * outputRate) / inputRate) + 64;
    this.#heap = speex._malloc(8 + 4 * (BLOCK + this.#outputCapacity));
    this.#state = speex._speex_resampler_init(1, inputRate, outputRate, QUALITY, this.#heap);
    if (this.#state === 0) {
      speex._free(this.#heap);
      throw new Error(`Cannot resample from ${inputRate} to ${outputRate} Hz.`);
    }
    speex._speex_resampler_skip_zeros(this.#state);
  }

  /** Takes samples in and gives what is ready, which may be nothing yet. */
  process(samples: Int16Array): Int16Array {
    this.#consumed += samples.length;
    return this.#run(samples, Number.POSITIVE_INFINITY);
  }

  /** What is left once the stream has ended: the total is then the input's length at the new rate, rounded. */
  flush(): Int16Array {
    const missing = Math.round((this.#consumed * this.outputRate) / this.inputRate) - this.#produced;
    const latency = this.#speex._speex_resampler_get_input_latency(this.#state);
    const silence = new Int16Array(latency * 2 + Math.ceil(this.inputRate / this.outputRate) + 1);
    return this.#run(silence, Math.max(missing, 0));
  }

  [Symbol.dispose](): void {
    if (this.#isDisposed) return;
    this.#isDisposed = true;
    this.#speex._speex_resampler_destroy(this.#state);
    this.#speex._free(this.#heap);
  }

  #run(samples: Int16Array, most: number): Int16Array {
    const room = Math.ceil((samples.length * this.outputRate) / this.inputRate) + 64;
    const output = new Int16Array(Math.min(room, most));
    let length = 0;
    for (let start = 0; start < samples.length && length < output.length; ) {
      const step = this.#step(samples.subarray(start, start + BLOCK), output.subarray(length));
      start += step.consumed;
      length += step.produced;
      if (step.consumed === 0 && step.produced === 0) break;
    }
    this.#produced += length;
    return output.subarray(0, length);
  }

  #step(samples: Int16Array, output: Int16Array): { readonly consumed: number; readonly produced: number } {
    const speex = this.#speex;
    const input = this.#heap + 8;
    const result = input + 4 * BLOCK;
    speex.HEAPF32.set(samples, input / 4);
    speex.HEAPU32[this.#heap / 4] = samples.length;
    speex.HEAPU32[this.#heap / 4 + 1] = Math.min(output.length, this.#outputCapacity);
    speex._speex_resampler_process_float(this.#state, 0, input, this.#heap, result, this.#heap + 4);
    const produced = speex.HEAPU32[this.#heap / 4 + 1] ?? 0;
    const resampled = speex.HEAPF32.subarray(result / 4, result / 4 + produced);
    for (const [index, sample] of resampled.entries()) output[index] = toSample(sample);
    return { consumed: speex.HEAPU32[this.#heap / 4] ?? 0, produced };
  }
}
