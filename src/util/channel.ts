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
  #readable: Deferred<void> = deferred();
  #writable: Deferred<void> = deferred();

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
      await unlessAborted(this.#writable.promise, signal);
    }
    signal?.throwIfAborted();
    this.post(item);
  }

  post(item: T): void {
    if (this.#end) return;
    this.#queued.push(item);
    this.#readable.resolve();
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

  async *[Symbol.asyncIterator](): AsyncGenerator<T, void, void> {
    for (;;) {
      const item = this.#queued.shift();
      if (item !== undefined) {
        this.#makeRoom();
        yield item;
      } else if (this.#end) {
        if ('error' in this.#end) throw this.#end.error;
        return;
      } else {
        this.#readable = deferred();
        await this.#readable.promise;
      }
    }
  }

  #finish(end: { readonly error?: unknown }): void {
    this.#end ??= end;
    this.#readable.resolve();
    this.#writable.resolve();
  }

  #makeRoom(): void {
    this.#writable.resolve();
    if (!this.#end) this.#writable = deferred();
  }
}
