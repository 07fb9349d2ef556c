import { OVER } from './abort.ts';

/**
 * A signal that is aborted with its parent's or by itself, for work that ends before its parent does.
 * `AbortSignal.any` would do, but what it links is let go of by the garbage collector alone.
 */
export class LinkedAbort implements Disposable {
  readonly #parent: AbortSignal;
  readonly #controller = new AbortController();
  readonly #follow = (): void => this.abort(this.#parent.reason);

  constructor(parent: AbortSignal) {
    this.#parent = parent;
    if (parent.aborted) this.#follow();
    else parent.addEventListener('abort', this.#follow, { once: true });
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  abort(reason: unknown = OVER): void {
    this.letGo();
    this.#controller.abort(reason);
  }

  /** Follows the parent no longer, and ends nothing. */
  letGo(): void {
    this.#parent.removeEventListener('abort', this.#follow);
  }

  /** Ends the work, if it has not ended, and lets go of the parent. */
  [Symbol.dispose](): void {
    this.abort();
  }
}
