import { type Clock, systemClock } from '../../util/clock.ts';
import { LinkedAbort } from '../../util/linked-abort.ts';

/** Aborts its signal when what is expected does not come in time, or when the caller's signal does. */
export class Watchdog implements Disposable {
  readonly #caller: AbortSignal;
  readonly #clock: Clock;
  readonly #waiting: LinkedAbort;
  #cancel: (() => void) | undefined;

  constructor(signal: AbortSignal, clock: Clock = systemClock) {
    this.#caller = signal;
    this.#clock = clock;
    this.#waiting = new LinkedAbort(signal);
  }

  get signal(): AbortSignal {
    return this.#waiting.signal;
  }

  get isCallerGone(): boolean {
    return this.#caller.aborted;
  }

  /** From now on `ms` may pass before `rest` or the next `expect`; else the signal aborts with `error`. */
  expect(ms: number, error: () => Error): void {
    this.#cancel?.();
    this.#cancel = this.#clock.after(ms, () => this.#waiting.abort(error()));
  }

  /** Nothing is expected, as while a slow reader is busy. */
  rest(): void {
    this.#cancel?.();
    this.#cancel = undefined;
  }

  /** Lets go of the caller, and aborts nothing: a connection whose answer has been read can be used again. */
  [Symbol.dispose](): void {
    this.rest();
    this.#waiting.letGo();
  }
}
