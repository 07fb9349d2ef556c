import { unlessAborted } from '../util/abort.ts';
import { type Deferred, deferred } from '../util/deferred.ts';

/**
 * What a session has to say, for one reader and in one order: control first, then the progress of responses.
 * Progress waits for room, which is how a slow reader slows synthesis; control does not wait, and who makes
 * much of it waits with `calm` before making more.
 */
export class Outbox<Control extends {}, Progress extends {}> {
  readonly #progressAhead: number;
  readonly #controlAhead: number;
  readonly #control: Control[] = [];
  #progress: Progress[] = [];
  #isClosed = false;
  /** There while somebody waits: most events pass without one. */
  #readable: Deferred<void> | undefined;
  #taken: Deferred<void> | undefined;

  constructor(bounds: { readonly progressAhead: number; readonly controlAhead: number }) {
    this.#progressAhead = bounds.progressAhead;
    this.#controlAhead = bounds.controlAhead;
  }

  post(event: Control): void {
    if (this.#isClosed) return;
    this.#control.push(event);
    this.#notifyReader();
  }

  async write(event: Progress, signal: AbortSignal): Promise<void> {
    while (this.#progress.length >= this.#progressAhead && !this.#isClosed) {
      this.#taken ??= deferred();
      await unlessAborted(this.#taken.promise, signal);
    }
    signal.throwIfAborted();
    if (this.#isClosed) return;
    this.#progress.push(event);
    this.#notifyReader();
  }

  /** Whether the reader has caught up with control. */
  get isCalm(): boolean {
    return this.#control.length < this.#controlAhead || this.#isClosed;
  }

  /** Resolves once the reader has caught up with control. */
  async calm(signal: AbortSignal): Promise<void> {
    while (!this.isCalm) {
      this.#taken ??= deferred();
      await unlessAborted(this.#taken.promise, signal);
    }
  }

  /** Takes back progress that was queued and not read. */
  discard(isUnwanted: (event: Progress) => boolean): void {
    this.#progress = this.#progress.filter((event) => !isUnwanted(event));
    this.#notifyTaken();
  }

  /** The reader gets what is queued as control, then the end. May be called twice. */
  close(): void {
    this.#isClosed = true;
    this.#progress = [];
    this.#notifyReader();
    this.#notifyTaken();
  }

  /** Resolves once there may be something to take; to false once there never will be. */
  async readable(): Promise<boolean> {
    while (this.#control.length === 0 && this.#progress.length === 0) {
      if (this.#isClosed) return false;
      this.#readable ??= deferred();
      await this.#readable.promise;
    }
    return true;
  }

  /** Takes the next event, so that its reader can act on it before anything else happens. */
  take(): Control | Progress | undefined {
    const event = this.#control.shift() ?? this.#progress.shift();
    if (event !== undefined) this.#notifyTaken();
    return event;
  }

  #notifyReader(): void {
    this.#readable?.resolve();
    this.#readable = undefined;
  }

  #notifyTaken(): void {
    this.#taken?.resolve();
    this.#taken = undefined;
  }
}
