/**
 * The language that the generated models speak and hear: each letter is a tone of its own for half of its time, and
 * silence for the rest. What has no tone is silence.
 */
export const LETTERS = "abcdefghijklmnopqrstuvwxyz' ";
/** Silent, and known to the voice alone: the first three end a sentence. */
export const MARKS = '.?!,';
export const SAMPLE_RATE = 16_000;
/** Two frames of 40 ms of tone, and as many of silence. */
export const LETTER_SAMPLES = 2_560;

// The filters of a recognizer's features, by Kaldi: 80 from 20 to 7600 Hz, evenly on the mel scale.
export const FILTERS = 80;
const LOWEST_HZ = 20;
const HIGHEST_HZ = 7_600;
const FIRST_FILTER = 12;
const FILTERS_APART = 2;

/** The filter in whose middle the tone of a letter is. */
export function filterOf(letter: number): number {
  return FIRST_FILTER + FILTERS_APART * letter;
}

/** The tone of a letter, by its place in `LETTERS`, in Hertz. */
export function toneOf(letter: number): number {
  const step = (toMel(HIGHEST_HZ) - toMel(LOWEST_HZ)) / (FILTERS + 1);
  return toHertz(toMel(LOWEST_HZ) + step * (filterOf(letter) + 1));
}

function toMel(hertz: number): number {
  return 1127 * Math.log(1 + hertz / 700);
}

function toHertz(mel: number): number {
  return 700 * (Math.exp(mel / 1127) - 1);
}
