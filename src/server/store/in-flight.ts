/** The work that has begun and not ended, so that what it works on can be closed after it. */
export class InFlight {
  readonly #tasks = new Set<Promise<unknown>>();

  /** Settles as `task` does. */
  async join<T>(task: Promise<T>): Promise<T> {
    this.#tasks.add(task);
    try {
      return await task;
    } finally {
      this.#tasks.delete(task);
    }
  }

  /** Resolves when all of it has ended, well or badly. */
  async idle(): Promise<void> {
    while (this.#tasks.size > 0) await Promise.allSettled(this.#tasks);
  }
}
