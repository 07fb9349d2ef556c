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
  readonly #levels: number[] = [];

  /** The level of the quietest of the last 75 windows. */
  get background(): number {
    return Math.min(...this.#levels);
  }

  /** How far, in dB, the loudest of the last 5 windows stands above the background. */
  get prominence(): number {
    return Math.max(...this.#levels.slice(-PRESENT_WINDOWS)) - this.background;
  }

  push(level: number): void {
    this.#levels.push(level);
    if (this.#levels.length > BACKGROUND_WINDOWS) this.#levels.shift();
  }

  reset(): void {
    this.#levels.length = 0;
  }
}

/** The root mean square of 16-bit samples, in dB of full scale; -120 or so for digital silence. */
export function levelOf(samples: Int16Array): number {
  let energy = 0;
  for (const sample of samples) energy += sample * sample;
  return 10 * Math.log10(energy / samples.length / 32768 ** 2 + 1e-12);
}
