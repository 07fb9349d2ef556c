import type { Clock } from '../../util/clock.ts';
import type { InFlight } from './in-flight.ts';
import type { Retention } from './retention.ts';

export interface SweeperOptions {
  readonly retention: Retention;
  readonly inFlight: InFlight;
  readonly clock: Clock;
  readonly onNotice: (message: string) => void;
  readonly everySeconds: number;
  readonly keepCompletionsSeconds: number;
}

/** While there is more to remove than one sweep may, sweeps follow each other this closely. */
const SOON_MS = 200;

/** Removes what has expired, at once when it is started and then from time to time. */
export class Sweeper {
  readonly #options: SweeperOptions;
  #cancel = (): void => {};
  #isStopped = false;

  constructor(options: SweeperOptions) {
    this.#options = options;
  }

  async start(): Promise<void> {
    const { clock, everySeconds, inFlight } = this.#options;
    const hasMore = await this.#sweep();
    if (this.#isStopped) return;
    this.#cancel = clock.after(
      hasMore ? SOON_MS : everySeconds * 1000,
      () => void inFlight.join(this.start()),
    );
  }

  stop(): void {
    this.#isStopped = true;
    this.#cancel();
  }

  async #sweep(): Promise<boolean> {
    const { retention, clock, keepCompletionsSeconds, onNotice } = this.#options;
    const now = Math.floor(clock.now() / 1000);
    try {
      return await retention.sweep(now, now - keepCompletionsSeconds);
    } catch (error) {
      // The next sweep may do better; until then expired rows are not found anyway.
      onNotice(`The store could not remove what has expired: ${String(error)}`);
      return false;
    }
  }
}
