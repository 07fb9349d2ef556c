/** What lies below this, of 32768, at the ends of what a model makes is its silence. */
const SILENCE = 200;
/** Kept at both ends, so that a soft first or last sound is not clipped. */
const MARGIN_MS = 20;

/** Cuts off the silence before and after speech that comes in pieces, and keeps what is between them. */
export class SilenceTrimmer {
  readonly #marginSamples: number;
  #hasBegun = false;
  /** Silent so far, and part of the speech if more of it comes. */
  #held: Int16Array[] = [];

  constructor(sampleRate: number) {
    this.#marginSamples = Math.round((sampleRate * MARGIN_MS) / 1000);
  }

  /** Takes the next piece, and gives what of the speech is certain. */
  push(samples: Int16Array): readonly Int16Array[] {
    const first = samples.findIndex(isLoud);
    if (first < 0) {
      if (this.#hasBegun) this.#held.push(samples);
      return [];
    }
    const start = this.#hasBegun ? 0 : Math.max(0, first - this.#marginSamples);
    const end = Math.min(samples.length, samples.findLastIndex(isLoud) + 1 + this.#marginSamples);
    const certain = [...this.#held, samples.slice(start, end)];
    this.#held = end < samples.length ? [samples.slice(end)] : [];
    this.#hasBegun = true;
    return certain;
  }
}

function isLoud(sample: number): boolean {
  return Math.abs(sample) > SILENCE;
}
