/** Lets work through one at a time, in the order in which it came, so that it does not compete for processors. */
export class DecodeQueue {
  #last: Promise<unknown> = Promise.resolve();
  #length = 0;

  /** Whether what comes now would begin at once. */
  get isFree(): boolean {
    return this.#length === 0;
  }

  async run<T>(work: () => Promise<T>): Promise<T> {
    const before = this.#last;
    const { promise: done, resolve } = Promise.withResolvers<void>();
    this.#last = done;
    this.#length += 1;
    try {
      await before;
      return await work();
    } finally {
      this.#length -= 1;
      resolve();
    }
  }
}
