import { ApiError } from '../util/errors.ts';

/** Counts the requests that each caller has open, so that none takes all there is. */
export class ConcurrencyLimit {
  readonly #perCaller: number;
  readonly #open = new Map<string, number>();

  constructor(perCaller: number) {
    this.#perCaller = perCaller;
  }

  remaining(caller: string): number {
    return this.#perCaller - (this.#open.get(caller) ?? 0);
  }

  /**
   * Takes a place; call what is returned, once, to give it back.
   * @throws {ApiError} `too-many-requests`.
   */
  enter(caller: string): () => void {
    const open = this.#open.get(caller) ?? 0;
    if (open >= this.#perCaller) {
      throw new ApiError(
        'too-many-requests',
        `This key has ${open} requests open, which is its limit. Please retry after 1 second, or raise server.limits.concurrentPerKey.`,
        { retryAfterSeconds: 1 },
      );
    }
    this.#open.set(caller, open + 1);
    return () => {
      const left = (this.#open.get(caller) ?? 1) - 1;
      if (left === 0) this.#open.delete(caller);
      else this.#open.set(caller, left);
    };
  }
}
