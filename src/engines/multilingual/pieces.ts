import { unlessAborted } from '../../util/abort.ts';
import { type GuessedLanguage, LanguageGuess } from './language-guess.ts';

export interface TaggedPiece extends GuessedLanguage {
  readonly text: string;
}

/** The pieces of one reply, each read once and told its language, handed out in runs of one language. */
export class Pieces {
  readonly #iterator: AsyncIterator<string>;
  readonly #guess: LanguageGuess;
  #next: Promise<TaggedPiece | undefined> | undefined;

  constructor(text: AsyncIterable<string>, byDefault: string) {
    this.#iterator = text[Symbol.asyncIterator]();
    this.#guess = new LanguageGuess(byDefault);
  }

  /** The next piece without taking it; `undefined` at the end. */
  async peek(signal: AbortSignal): Promise<TaggedPiece | undefined> {
    signal.throwIfAborted();
    this.#next ??= this.#read();
    return await unlessAborted(this.#next, signal);
  }

  /** Takes pieces for as long as they are wanted. */
  async *run(
    isWanted: (piece: TaggedPiece) => boolean,
    signal: AbortSignal,
  ): AsyncGenerator<string, void, void> {
    for (let piece = await this.peek(signal); piece && isWanted(piece); piece = await this.peek(signal)) {
      this.#next = undefined;
      yield piece.text;
    }
  }

  /** Tells the writer to stop, without waiting for one that is in the middle of something. */
  leave(): void {
    void this.#iterator.return?.().catch(() => {});
  }

  async #read(): Promise<TaggedPiece | undefined> {
    const step = await this.#iterator.next();
    return step.done ? undefined : { text: step.value, ...this.#guess.next(step.value) };
  }
}
