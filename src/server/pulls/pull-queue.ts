import type { Clock } from '../../util/clock.ts';
import { ApiError } from '../../util/errors.ts';
import { newId } from '../../util/ids.ts';
import { JobPool } from '../../util/jobs/job-pool.ts';
import { besideModule, childSpawner } from '../../util/jobs/job-port.ts';
import type { Home } from '../home/paths.ts';
import type { Wanted } from '../models/wanted.ts';
import { Pull, type PullError, type PullReport, type PullState } from './pull.ts';
import type { PullEvent, PullJob } from './pull-job.ts';

export interface PullQueueOptions {
  readonly home: Home;
  readonly clock: Clock;
  /** Called when a pull has ended, however it did: some of it may be there. Is done before the end is told. */
  readonly onChanged: () => Promise<void>;
  readonly onError: (error: unknown) => void;
}

/** Pulls that wait for the one that runs; one more is refused. */
const MOST_WAITING = 8;
/** Pulls that are over and still told of; beyond them the oldest go. */
const KEPT = 20;
const INTERRUPTED: PullError = {
  reason: 'interrupted',
  message: 'The process that pulled has ended. Pull again, to go on from what has come.',
};
/** How long an npm may take to stop when it is told to. */
const CANCEL_GRACE_MS = 10_000;

/**
 * Gets models and packages while the server runs, one pull at a time, each in a child process that ends with it and
 * with the server. What a pull that was cut short has downloaded, the next goes on from.
 */
export class PullQueue implements AsyncDisposable {
  readonly #options: PullQueueOptions;
  readonly #pulls = new Map<string, Pull>();
  #last: Promise<void> = Promise.resolve();
  #isClosed = false;

  constructor(options: PullQueueOptions) {
    this.#options = options;
  }

  /** Of those that are remembered, the latest last. */
  get reports(): readonly PullReport[] {
    return [...this.#pulls.values()].map(({ report }) => report);
  }

  /**
   * Queues what is to come. `names` are told with it.
   * @throws {ApiError} `overloaded` when too many wait.
   */
  add(names: readonly string[], { models, packages }: Wanted): Pull {
    const open = [...this.#pulls.values()].filter(({ isOver }) => !isOver);
    if (open.length > MOST_WAITING || this.#isClosed) {
      throw new ApiError(
        'overloaded',
        `${open.length} pulls wait. Cancel one, or wait until one has ended.`,
        {
          retryAfterSeconds: 30,
        },
      );
    }
    const items = [...models, ...packages].map(({ name }) => name);
    const createdAt = Math.floor(this.#options.clock.now() / 1000);
    const pull = new Pull({ id: newId('pull_', 24), names, items, createdAt });
    this.#pulls.set(pull.report.id, pull);
    const job = { home: this.#options.home, models, packages: packages.map(({ name }) => name) };
    this.#last = this.#last.then(async () => await this.#carryOut(pull, job));
    return pull;
  }

  /** @throws {ApiError} `resource-not-found` */
  get(id: string): Pull {
    const pull = this.#pulls.get(id);
    if (pull) return pull;
    throw new ApiError(
      'resource-not-found',
      `There is no pull '${id}'; ${KEPT} are remembered after their end.`,
    );
  }

  /** Ends every pull, and those who listen to one. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#isClosed = true;
    for (const pull of this.#pulls.values()) pull.cancel();
    await this.#last;
  }

  async #carryOut(pull: Pull, job: PullJob): Promise<void> {
    const end = await this.#run(pull, job);
    try {
      await this.#options.onChanged();
    } catch (error) {
      this.#options.onError(error);
    }
    pull.tell(end);
    const over = [...this.#pulls.values()].filter(({ isOver }) => isOver);
    for (const { report } of over.slice(0, -KEPT)) this.#pulls.delete(report.id);
  }

  /** How it ended. */
  async #run(pull: Pull, job: PullJob): Promise<PullState> {
    const { signal } = pull;
    if (signal.aborted) return { state: 'cancelled' };
    pull.tell({ state: 'running', progress: null });
    try {
      for await (const event of this.#events(job, signal)) {
        if (event.type === 'failed') return { state: 'failed', error: event };
        pull.tell({ state: 'running', progress: event });
      }
      return signal.aborted ? { state: 'cancelled' } : { state: 'succeeded' };
    } catch (error) {
      if (signal.aborted) return { state: 'cancelled' };
      this.#options.onError(error);
      return { state: 'failed', error: INTERRUPTED };
    }
  }

  async *#events(job: PullJob, signal: AbortSignal): AsyncGenerator<PullEvent, void, void> {
    await using pool = new JobPool({
      name: 'pull',
      spawn: childSpawner(besideModule('pull-child', import.meta.url)),
      workers: 1,
      waiting: 0,
      cancelGraceMs: CANCEL_GRACE_MS,
    });
    yield* pool.run<PullEvent>('pull', job, { signal });
  }
}
