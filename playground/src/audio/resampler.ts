/** Zero crossings of the sinc at each side; 16 keep 70 dB of what would alias out. */
const HALF_WIDTH = 16;

/**
 * Changes the rate of a stream of samples by a windowed sinc (J. O. Smith, "Digital Audio Resampling", 2002).
 * What comes out lags what went in by the half width of the filter.
 */
export class Resampler {
  readonly #step: number;
  readonly #cutoff: number;
  readonly #reach: number;
  #held: Float32Array;
  /** Where the next sample out lies among those held. */
  #position: number;

  constructor(from: number, to: number) {
    this.#step = from / to;
    this.#cutoff = Math.min(1, to / from);
    this.#reach = Math.ceil(HALF_WIDTH / this.#cutoff);
    this.#held = new Float32Array(this.#reach);
    this.#position = this.#reach;
  }

  push(samples: Float32Array): Float32Array {
    const input = new Float32Array(this.#held.length + samples.length);
    input.set(this.#held);
    input.set(samples, this.#held.length);
    const out: number[] = [];
    while (this.#position + this.#reach < input.length) {
      out.push(this.#at(input, this.#position));
      this.#position += this.#step;
    }
    const used = Math.floor(this.#position) - this.#reach;
    this.#held = input.slice(used);
    this.#position -= used;
    return Float32Array.from(out);
  }

  #at(input: Float32Array, position: number): number {
    const first = Math.max(0, Math.ceil(position - this.#reach));
    const last = Math.floor(position + this.#reach);
    let sum = 0;
    for (let index = first; index <= last; index++) {
      sum += (input[index] ?? 0) * this.#kernel(index - position);
    }
    return sum;
  }

  #kernel(distance: number): number {
    const x = Math.PI * distance * this.#cutoff;
    const sinc = Math.abs(x) < 1e-9 ? 1 : Math.sin(x) / x;
    const window = 0.5 + 0.5 * Math.cos((Math.PI * distance) / this.#reach);
    return sinc * window * this.#cutoff;
  }
}
