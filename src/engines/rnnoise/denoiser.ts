import load, { type RnnoiseModule } from '@echogarden/rnnoise-wasm';
import { toSample } from '../../audio/mono.ts';

/** Samples per second of what RNNoise takes and gives. */
export const RNNOISE_RATE = 48_000;
const FRAME = 480;

let loading: Promise<RnnoiseModule> | undefined;

/** A denoiser that gives `share` of the original back. It holds memory of its own: dispose of it. */
export async function createDenoiser(share: number): Promise<Denoiser> {
  loading ??= load();
  return new Denoiser(await loading, share);
}

/**
 * One stream through RNNoise (J.-M. Valin, "A Hybrid DSP/Deep Learning Approach to Real-Time Full-Band Speech
 * Enhancement", 2018). Its windows overlap by half, so that each frame it gives is the one before the frame it
 * takes: the first is left out, and what remains begins where what went in did.
 */
export class Denoiser implements Disposable {
  readonly #rnnoise: RnnoiseModule;
  readonly #share: number;
  readonly #state: number;
  readonly #heap: number;
  /** The frame that is being filled, and the one before it. */
  #frame = new Float32Array(FRAME);
  #previous = new Float32Array(FRAME);
  #filled = 0;
  #hasBegun = false;

  constructor(rnnoise: RnnoiseModule, share: number) {
    this.#rnnoise = rnnoise;
    this.#share = share;
    this.#state = rnnoise._rnnoise_create(0);
    this.#heap = rnnoise._malloc(4 * FRAME);
  }

  /** Takes samples at 48 kHz and gives those that are clean by now. */
  process(samples: Int16Array): Int16Array {
    const frames = Math.floor((this.#filled + samples.length) / FRAME);
    const clean = new Int16Array(Math.max(0, this.#hasBegun ? frames : frames - 1) * FRAME);
    let given = 0;
    for (let taken = 0; taken < samples.length; ) {
      const part = samples.subarray(taken, taken + FRAME - this.#filled);
      this.#frame.set(part, this.#filled);
      this.#filled += part.length;
      taken += part.length;
      if (this.#filled < FRAME) break;
      if (this.#hasBegun) given += this.#give(clean.subarray(given));
      else this.#run();
      this.#turn();
    }
    return clean;
  }

  [Symbol.dispose](): void {
    this.#rnnoise._rnnoise_destroy(this.#state);
    this.#rnnoise._free(this.#heap);
  }

  #give(clean: Int16Array): number {
    const output = this.#run();
    const kept = 1 - this.#share;
    for (let index = 0; index < FRAME; index += 1)
      clean[index] = toSample(kept * (output[index] ?? 0) + this.#share * (this.#previous[index] ?? 0));
    return FRAME;
  }

  #run(): Float32Array {
    const start = this.#heap / 4;
    this.#rnnoise.HEAPF32.set(this.#frame, start);
    this.#rnnoise._rnnoise_process_frame(this.#state, this.#heap, this.#heap);
    return this.#rnnoise.HEAPF32.subarray(start, start + FRAME);
  }

  #turn(): void {
    [this.#frame, this.#previous] = [this.#previous, this.#frame];
    this.#filled = 0;
    this.#hasBegun = true;
  }
}
