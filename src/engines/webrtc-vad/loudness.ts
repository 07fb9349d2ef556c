/** Windows of 20 ms in which the background is looked for: nobody speaks for 1.5 s without a gap. */
const BACKGROUND_WINDOWS = 75;
/** Windows of 20 ms that count as now, so that a short pause inside a word is no end. */
const PRESENT_WINDOWS = 5;

/**
 * How loud a stream is and how loud what lies behind it, in dB of full scale. The background is the least
 * level of late, after R. Martin, "Noise power spectral density estimation based on optimal smoothing and
 * minimum statistics" (2001), without its bands.
 */
export class Loudness {
  /** The latest levels, in no order but for the place of the newest; infinitely loud where there is none yet. */
  readonly #levels = new Float64Array(BACKGROUND_WINDOWS).fill(Number.POSITIVE_INFINITY);
  #windows = 0;
  #background = Number.POSITIVE_INFINITY;

  /** The level of the quietest of the last 75 windows. */
  get background(): number {
    return this.#background;
  }

  /** How far, in dB, the loudest of the last 5 windows stands above the background. */
  get prominence(): number {
    let most = Number.NEGATIVE_INFINITY;
    for (let window = Math.max(0, this.#windows - PRESENT_WINDOWS); window < this.#windows; window += 1)
      most = Math.max(most, this.#levels[window % BACKGROUND_WINDOWS] ?? 0);
    return most - this.background;
  }

  push(level: number): void {
    this.#levels[this.#windows % BACKGROUND_WINDOWS] = level;
    this.#windows += 1;
    this.#background = leastOf(this.#levels);
  }

  reset(): void {
    this.#levels.fill(Number.POSITIVE_INFINITY);
    this.#windows = 0;
    this.#background = Number.POSITIVE_INFINITY;
  }
}

function leastOf(levels: Float64Array): number {
  let least = Number.POSITIVE_INFINITY;
  for (const level of levels) if (level < least) least = level;
  return least;
}

/** The root mean square of 16-bit samples, in dB of full scale; -120 or so for digital silence. */
export function levelOf(samples: Int16Array): number {
  let energy = 0;
  for (let index = 0; index < samples.length; index += 1) energy += (samples[index] ?? 0) ** 2;
  return 10 * Math.log10(energy / samples.length / 32768 ** 2 + 1e-12);
}
