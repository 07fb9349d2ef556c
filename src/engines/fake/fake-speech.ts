import type { AudioChunk } from '../../audio/chunk.ts';

/** Fakes speak and hear at the rate of the wire, so that no resampling comes between them. */
export const FAKE_SAMPLE_RATE = 24_000;

/** About as long as a letter takes a person to say. */
const LETTER_MS = 60;
const LETTER_SAMPLES = (FAKE_SAMPLE_RATE / 1000) * LETTER_MS;
/** Letters are printable ASCII, each a level of its own. */
const FIRST_CODE = 32;
const LAST_CODE = 126;
const LEVEL_STEP = 256;

/** What fakes take for speech: each letter is 60 ms of one level, which no voice would be. */
export function fakeSpeech(text: string, speed = 1): AudioChunk {
  const letters = Array.from(text);
  const length = Math.round(LETTER_SAMPLES / speed);
  const samples = new Int16Array(letters.length * length);
  for (const [index, letter] of letters.entries()) {
    samples.fill(levelOf(letter), index * length, (index + 1) * length);
  }
  return { samples, sampleRate: FAKE_SAMPLE_RATE };
}

function levelOf(letter: string): number {
  const code = letter.length === 1 ? letter.charCodeAt(0) : 0;
  const known = code >= FIRST_CODE && code <= LAST_CODE ? code : '?'.charCodeAt(0);
  return (known - FIRST_CODE + 1) * LEVEL_STEP;
}

export interface HeardUtterance {
  readonly text: string;
  readonly startMs: number;
  readonly endMs: number;
}

/** Reads fake speech back, in whatever chunks it comes. Whatever else is heard is no letter. */
export class FakeSpeechReader {
  #text = '';
  #position = 0;
  #startMs = 0;
  /** The samples of the letter that is being heard; empty in silence. */
  #letter: number[] = [];

  /** The words of the utterance that is going on. */
  get text(): string {
    return this.#text.trim();
  }

  /** Takes audio at 24 kHz; gives the utterances that have ended with a silence. */
  *push(samples: Int16Array): Generator<HeardUtterance, void, void> {
    for (const sample of samples) {
      this.#position += 1;
      if (this.#letter.length === 0 && sample === 0) {
        yield* this.end();
        continue;
      }
      if (this.#text === '' && this.#letter.length === 0) this.#startMs = this.#nowMs;
      this.#letter.push(sample);
      if (this.#letter.length === LETTER_SAMPLES) this.#read();
    }
  }

  /** The utterance that the end of the audio ends. */
  *end(): Generator<HeardUtterance, void, void> {
    const { text } = this;
    this.#text = '';
    if (text !== '') yield { text, startMs: this.#startMs, endMs: this.#nowMs };
  }

  get #nowMs(): number {
    return (this.#position / FAKE_SAMPLE_RATE) * 1000;
  }

  #read(): void {
    const [level = 0] = this.#letter;
    const code = level / LEVEL_STEP + FIRST_CODE - 1;
    const isLetter = Number.isInteger(code) && this.#letter.every((sample) => sample === level);
    if (isLetter && code >= FIRST_CODE && code <= LAST_CODE) this.#text += String.fromCharCode(code);
    this.#letter = [];
  }
}
