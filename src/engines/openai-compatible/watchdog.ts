import { type Clock, systemClock } from '../../util/clock.ts';

/** Aborts its signal when what is expected does not come in time, or when the caller's signal does. */
export class Watchdog implements Disposable {
  readonly signal: AbortSignal;
  readonly #caller: AbortSignal;
  readonly #clock: Clock;
  readonly #controller = new AbortController();
  #cancel: (() => void) | undefined;

  constructor(signal: AbortSignal, clock: Clock = systemClock) {
    this.signal = AbortSignal.any([signal, this.#controller.signal]);
    this.#caller = signal;
    this.#clock = clock;
  }

  get isCallerGone(): boolean {
    return this.#caller.aborted;
  }

  /** From now on `ms` may pass before `rest` or the next `expect`; else the signal aborts with `error`. */
  expect(ms: number, error: () => Error): void {
    this.#cancel?.();
    this.#cancel = this.#clock.after(ms, () => this.#controller.abort(error()));
  }

  /** Nothing is expected, as while a slow reader is busy. */
  rest(): void {
    this.#cancel?.();
    this.#cancel = undefined;
  }

  [Symbol.dispose](): void {
    this.rest();
  }
}
