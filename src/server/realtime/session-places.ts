import { availableParallelism } from 'node:os';
import { ApiError } from '../../util/errors.ts';

export interface SessionPlacesOptions {
  readonly inAll: number;
  readonly perCaller: number;
}

/** As many as find a place, or a place in the queue, when all speak at the same time to the engines of the box. */
export function defaultSessions(processors: number = availableParallelism()): number {
  return 8 * processors;
}

/** Counts the sessions that are open, so that one more is refused rather than served late. */
export class SessionPlaces {
  readonly #options: SessionPlacesOptions;
  readonly #taken = new Map<string, number>();
  #inAll = 0;

  constructor(options: SessionPlacesOptions) {
    this.#options = options;
  }

  get perCaller(): number {
    return Math.min(this.#options.perCaller, this.#options.inAll);
  }

  /** How many more sessions `caller` could open now. */
  remaining(caller: string): number {
    const { inAll } = this.#options;
    return Math.max(0, Math.min(this.perCaller - (this.#taken.get(caller) ?? 0), inAll - this.#inAll));
  }

  /**
   * Takes a place; call what is returned, once, to give it back.
   * @throws {ApiError} `too-many-requests` for the caller's own share, `overloaded` for that of all.
   */
  enter(caller: string): () => void {
    const taken = this.#taken.get(caller) ?? 0;
    if (this.#inAll >= this.#options.inAll) {
      throw new ApiError(
        'overloaded',
        `The server has ${this.#inAll} sessions open, which is its limit. Please try again in 10s, or raise server.limits.sessions.`,
        { retryAfterSeconds: 10 },
      );
    }
    if (taken >= this.#options.perCaller) {
      throw new ApiError(
        'too-many-requests',
        `This key has ${taken} sessions open, which is its limit. Please try again in 10s, or raise server.limits.sessionsPerKey.`,
        { retryAfterSeconds: 10 },
      );
    }
    this.#inAll += 1;
    this.#taken.set(caller, taken + 1);
    return () => this.#leave(caller);
  }

  #leave(caller: string): void {
    this.#inAll -= 1;
    const left = (this.#taken.get(caller) ?? 1) - 1;
    if (left === 0) this.#taken.delete(caller);
    else this.#taken.set(caller, left);
  }
}
