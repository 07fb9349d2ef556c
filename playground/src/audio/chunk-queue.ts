/** A bounded queue with one reader: when it is full, the oldest makes room. */
export class ChunkQueue<T> implements AsyncIterable<T> {
  readonly #capacity: number;
  readonly #waiting: T[] = [];
  #wake: (() => void) | undefined;
  #isClosed = false;

  constructor(capacity: number) {
    this.#capacity = capacity;
  }

  push(value: T): void {
    if (this.#isClosed) return;
    this.#waiting.push(value);
    if (this.#waiting.length > this.#capacity) this.#waiting.shift();
    this.#wake?.();
  }

  /** What waits is still read; then the reader ends. */
  close(): void {
    this.#isClosed = true;
    this.#wake?.();
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<T, void, undefined> {
    for (;;) {
      for (let next = this.#waiting.shift(); next !== undefined; next = this.#waiting.shift()) yield next;
      if (this.#isClosed) return;
      const { promise, resolve } = Promise.withResolvers<void>();
      this.#wake = resolve;
      await promise;
    }
  }
}
