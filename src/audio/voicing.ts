/** Samples of one frame: 10 ms at 16 kHz, the frame of the recognizer's acoustic model. */
export const FRAME_SAMPLES = 160;

const HALF_RATE_WINDOW = 160;
// At half the rate, 8 kHz: voices between 70 and 400 Hz.
const SHORTEST_PERIOD = 20;
const LONGEST_PERIOD = 114;
const LEAST_LEVEL = 30;
const LEAST_PERIODICITY = 0.5;

/**
 * Tells frames that hold a voice from silence and noise, by whether the sound repeats itself at the pitch
 * of a voice: the normalised autocorrelation of Rabiner, "On the use of autocorrelation analysis for pitch
 * detection" (1977). Level alone would take steady noise for speech; hiss has no pitch at any level.
 */
export class VoicingDetector {
  readonly #recent = new Float64Array(HALF_RATE_WINDOW + LONGEST_PERIOD);
  #previous = 0;

  /** Takes the next frame of 16 kHz audio and says whether it and the 25 ms before it are voiced. */
  isVoiced(frame: Int16Array): boolean {
    this.#push(frame);
    return level(frame) >= LEAST_LEVEL && this.#periodicity() >= LEAST_PERIODICITY;
  }

  /** Halves the rate, and differentiates: rumble would correlate with itself at any lag. */
  #push(frame: Int16Array): void {
    const half = frame.length >> 1;
    this.#recent.copyWithin(0, half);
    const start = this.#recent.length - half;
    for (let index = 0; index < half; index += 1) {
      const sum = (frame[2 * index] ?? 0) + (frame[2 * index + 1] ?? 0);
      this.#recent[start + index] = sum - this.#previous;
      this.#previous = sum;
    }
  }

  #periodicity(): number {
    const latest = this.#recent.subarray(LONGEST_PERIOD);
    const energy = dot(latest, latest);
    let best = 0;
    for (let period = SHORTEST_PERIOD; period <= LONGEST_PERIOD; period += 1) {
      const earlier = this.#recent.subarray(LONGEST_PERIOD - period, this.#recent.length - period);
      const scale = Math.sqrt(energy * dot(earlier, earlier));
      if (scale > 0) best = Math.max(best, dot(latest, earlier) / scale);
    }
    return best;
  }
}

function level(frame: Int16Array): number {
  let sum = 0;
  for (const sample of frame) sum += sample * sample;
  return Math.sqrt(sum / frame.length);
}

function dot(one: Float64Array, other: Float64Array): number {
  let sum = 0;
  for (let index = 0; index < one.length; index += 1) sum += (one[index] ?? 0) * (other[index] ?? 0);
  return sum;
}
