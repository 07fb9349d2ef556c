import { unlessAborted } from '../../util/abort.ts';
import { type Deferred, deferred } from '../../util/deferred.ts';
import type { PullFault, PullProgress } from './pull-job.ts';

/** How far a pull is. */
export type PullState =
  | { readonly state: 'waiting' }
  | { readonly state: 'running'; readonly progress: PullProgress | null }
  | { readonly state: 'succeeded' }
  | { readonly state: 'cancelled' }
  | { readonly state: 'failed'; readonly error: PullError };

export interface PullError {
  /** `interrupted` where the process that pulled has died. */
  readonly reason: PullFault | 'interrupted';
  readonly message: string;
}

export type PullReport = PullState & {
  readonly id: string;
  /** As they were asked for. */
  readonly names: readonly string[];
  /** What was not there of it, in the order in which it comes. */
  readonly items: readonly string[];
  /** Unix seconds. */
  readonly createdAt: number;
};

export type PullOrder = Pick<PullReport, 'id' | 'names' | 'items' | 'createdAt'>;

/** One pull, as long as it is remembered. */
export class Pull {
  readonly #order: PullOrder;
  #state: PullState = { state: 'waiting' };
  #changed: Deferred<void> = deferred();
  readonly #cancelling = new AbortController();

  constructor(order: PullOrder) {
    this.#order = order;
  }

  get signal(): AbortSignal {
    return this.#cancelling.signal;
  }

  get report(): PullReport {
    return { ...this.#order, ...this.#state };
  }

  get isOver(): boolean {
    return this.#state.state !== 'waiting' && this.#state.state !== 'running';
  }

  cancel(): void {
    this.#cancelling.abort();
  }

  /** What has ended stays as it is. */
  tell(state: PullState): void {
    if (this.isOver) return;
    this.#state = state;
    this.#changed.resolve();
    this.#changed = deferred();
  }

  /** The state now and each that follows, until the last; a slow reader is not told what lies between. */
  async *reports(signal: AbortSignal): AsyncGenerator<PullReport, void, void> {
    for (;;) {
      const changed = this.#changed.promise;
      yield this.report;
      if (this.isOver) return;
      // Rejects with the signal's reason alone, when nobody listens any longer.
      await unlessAborted(changed, signal).catch(() => {});
      if (signal.aborted) return;
    }
  }
}
