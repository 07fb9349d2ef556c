import load, { type SpeexResamplerModule } from '@echogarden/speex-resampler-wasm/simd';

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
  /** The heap block: the two lengths, then the input, then the output, both of 16 bits. */
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
    this.#heap = speex._malloc(8 + 2 * (BLOCK + this.#outputCapacity));
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

  /**
   * As `process`, in memory that is lent: it holds the samples until anything else is resampled, so who wants to
   * keep them copies them at once.
   */
  lend(samples: Int16Array): Int16Array {
    if (samples.length > BLOCK) return this.process(samples);
    this.#consumed += samples.length;
    const lent = this.#step(samples, this.#outputCapacity);
    this.#produced += lent.length;
    return lent;
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
    const parts: Int16Array[] = [];
    let length = 0;
    for (let start = 0; start < samples.length && length < most; start += BLOCK) {
      const block = samples.length <= BLOCK ? samples : samples.subarray(start, start + BLOCK);
      const part = this.#step(block, Math.min(this.#outputCapacity, most - length)).slice();
      length += part.length;
      parts.push(part);
    }
    this.#produced += length;
    const [first = new Int16Array()] = parts;
    return parts.length === 1 ? first : joined(parts, length);
  }

  /** At most `most` of what `samples` make, as a view of the heap, which moves when it grows. */
  #step(samples: Int16Array, most: number): Int16Array {
    const speex = this.#speex;
    const input = this.#heap + 8;
    const result = input + 2 * BLOCK;
    const lengths = this.#heap / 4;
    speex.HEAP16.set(samples, input / 2);
    speex.HEAPU32[lengths] = samples.length;
    speex.HEAPU32[lengths + 1] = most;
    speex._speex_resampler_process_int(this.#state, 0, input, this.#heap, result, this.#heap + 4);
    const produced = speex.HEAPU32[lengths + 1] ?? 0;
    return speex.HEAP16.subarray(result / 2, result / 2 + produced);
  }
}

function joined(parts: readonly Int16Array[], length: number): Int16Array {
  const whole = new Int16Array(length);
  let offset = 0;
  for (const part of parts) {
    whole.set(part, offset);
    offset += part.length;
  }
  return whole;
}
