/**
 * Turns hypotheses that change their mind into deltas that never take back a word: what two in a row agree
 * on is told, but for the newest word, which is the one most often revised.
 */
export class StableTranscript {
  #previous: readonly string[] = [];
  /** Words of the current utterance that have been told. */
  #toldWords = 0;
  #told = '';

  /** Everything told so far. */
  get text(): string {
    return this.#told;
  }

  /** A hypothesis of the current utterance; gives what can be told now, empty for nothing. */
  partial(hypothesis: string): string {
    const words = toWords(hypothesis);
    const agreed = commonLength(this.#previous, words);
    this.#previous = words;
    return this.#tell(words.slice(0, Math.min(agreed, words.length - 1)));
  }

  /** The current utterance as it will stay; the next hypothesis is of a new one. */
  final(utterance: string): string {
    const delta = this.#tell(toWords(utterance));
    this.#previous = [];
    this.#toldWords = 0;
    return delta;
  }

  #tell(words: readonly string[]): string {
    const fresh = words.slice(this.#toldWords);
    if (fresh.length === 0) return '';
    this.#toldWords = words.length;
    const delta = (this.#told === '' ? '' : ' ') + fresh.join(' ');
    this.#told += delta;
    return delta;
  }
}

function toWords(text: string): readonly string[] {
  return text.split(/\s+/).filter((word) => word !== '');
}

function commonLength(left: readonly string[], right: readonly string[]): number {
  const end = left.findIndex((word, index) => word !== right[index]);
  return end < 0 ? Math.min(left.length, right.length) : end;
}
