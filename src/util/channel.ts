import { unlessAborted } from './abort.ts';
import { type Deferred, deferred } from './deferred.ts';

/**
 * A bounded first-in-first-out queue for one reader. `write` waits for room, which is how a slow reader
 * slows its writer; `post` never waits, for what is rare and must be told soon; `discard` takes back what
 * was queued and not yet read.
 */
export class Channel<T extends {}> implements AsyncIterable<T> {
  readonly #capacity: number;
  #queued: T[] = [];
  #end: { readonly error?: unknown } | undefined;
  /** There while somebody waits: most items pass without one. */
  #readable: Deferred<void> | undefined;
  #writable: Deferred<void> | undefined;

  constructor(capacity: number) {
    this.#capacity = capacity;
  }

  get size(): number {
    return this.#queued.length;
  }

  get closed(): boolean {
    return this.#end !== undefined;
  }

  /** Resolves once the item is queued, or at once and without it when the channel is closed. */
  async write(item: T, signal?: AbortSignal): Promise<void> {
    while (this.#queued.length >= this.#capacity && !this.#end) {
      this.#writable ??= deferred();
      await unlessAborted(this.#writable.promise, signal);
    }
    signal?.throwIfAborted();
    this.post(item);
  }

  post(item: T): void {
    if (this.#end) return;
    this.#queued.push(item);
    this.#wakeReader();
  }

  discard(isUnwanted: (item: T) => boolean): void {
    this.#queued = this.#queued.filter((item) => !isUnwanted(item));
    this.#makeRoom();
  }

  /** The reader gets what is queued, then the end. */
  close(): void {
    this.#finish({});
  }

  /** The reader gets what is queued, then `error`. */
  fail(error: unknown): void {
    this.#finish({ error });
  }

  /** By hand, as an async generator makes three promises where one will do. */
  [Symbol.asyncIterator](): AsyncIterator<T, void, void> {
    return { next: () => this.#next() };
  }

  async #next(): Promise<IteratorResult<T, void>> {
    while (this.#queued.length === 0 && !this.#end) {
      this.#readable ??= deferred();
      await this.#readable.promise;
    }
    const value = this.#queued.shift();
    if (value !== undefined) {
      this.#makeRoom();
      return { done: false, value };
    }
    if (this.#end && 'error' in this.#end) throw this.#end.error;
    return { done: true, value: undefined };
  }

  #finish(end: { readonly error?: unknown }): void {
    this.#end ??= end;
    this.#wakeReader();
    this.#makeRoom();
  }

  #wakeReader(): void {
    this.#readable?.resolve();
    this.#readable = undefined;
  }

  #makeRoom(): void {
    this.#writable?.resolve();
    this.#writable = undefined;
  }
}
