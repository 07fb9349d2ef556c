import { type Deferred, deferred } from '../../util/deferred.ts';
import { type Batch, type Heard, type Scored, type ScoredBatch, scoredAt, toBatch } from './batch.ts';

export interface WindowBatcherOptions {
  readonly run: (batch: Batch) => Promise<ScoredBatch>;
  /** Windows in one batch. */
  readonly most: number;
}

/**
 * Scores the windows of many streams together. The windows that come during a run go with the next one, so that
 * none waits for company: a window that comes alone is scored alone, and one of fewer than `most` waits no longer
 * than the run that has begun. As a stream asks for one window at a time, no more wait than there are streams.
 */
export class WindowBatcher {
  readonly #options: WindowBatcherOptions;
  readonly #waiting: Waiting[] = [];
  #isRunning = false;

  constructor(options: WindowBatcherOptions) {
    this.#options = options;
  }

  /** Fails as the run does that the window was in. */
  async score(heard: Heard): Promise<Scored> {
    const scored = deferred<Scored>();
    this.#waiting.push({ heard, scored });
    if (!this.#isRunning) void this.#runAll();
    return await scored.promise;
  }

  async #runAll(): Promise<void> {
    this.#isRunning = true;
    // Those that ask in the same moment go together.
    await Promise.resolve();
    while (this.#waiting.length > 0) await this.#runNext(this.#waiting.splice(0, this.#options.most));
    this.#isRunning = false;
  }

  async #runNext(batch: readonly Waiting[]): Promise<void> {
    try {
      const scored = await this.#options.run(toBatch(batch.map(({ heard }) => heard)));
      for (const [index, waiting] of batch.entries()) waiting.scored.resolve(scoredAt(scored, index));
    } catch (error) {
      for (const waiting of batch) waiting.scored.reject(error);
    }
  }
}

interface Waiting {
  readonly heard: Heard;
  readonly scored: Deferred<Scored>;
}
