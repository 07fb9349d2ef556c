import { unlessAborted } from '../abort.ts';
import { type Deferred, deferred } from '../deferred.ts';
import { EngineError } from '../errors.ts';
import { Job } from './job.ts';
import type { JobSpawner } from './job-port.ts';
import { PooledWorker } from './pooled-worker.ts';

export interface JobPoolOptions {
  /** Names the engine in errors. */
  readonly name: string;
  readonly spawn: JobSpawner;
  readonly workers: number;
  /** Jobs that one worker interleaves. */
  readonly jobsPerWorker?: number;
  /** Jobs that may wait for a worker; one more is refused as `busy`. */
  readonly waiting: number;
  /** How long a cancelled job may go on before its worker is replaced: 2000 unless given. */
  readonly cancelGraceMs?: number;
}

export interface RunOptions {
  readonly signal: AbortSignal;
  /** Read while the job runs, at the pace at which its worker reads. */
  readonly feed?: AsyncIterable<unknown>;
  /** Buffers in `input` that are moved to a worker thread rather than copied. */
  readonly transfer?: readonly ArrayBuffer[];
}

export interface JobPoolStatus {
  /** Jobs that have a place on a worker. */
  readonly running: number;
  readonly waiting: number;
  readonly capacity: number;
}

/**
 * Streaming jobs on a bounded number of workers, shared by all callers and served in the order they came.
 * A worker is started when it is first needed and replaced when it dies; its jobs then fail with an
 * `EngineError`, and no others do. An idle pool does not keep the process alive; a running job does.
 */
export class JobPool implements AsyncDisposable {
  readonly #options: JobPoolOptions;
  readonly #workers = new Set<PooledWorker>();
  readonly #waiting: Deferred<PooledWorker>[] = [];
  #nextJob = 1;
  #disposed = false;

  constructor(options: JobPoolOptions) {
    this.#options = options;
  }

  get status(): JobPoolStatus {
    let running = 0;
    for (const worker of this.#workers) running += worker.load;
    const capacity = this.#options.workers * this.#jobsPerWorker;
    return { running, waiting: this.#waiting.length, capacity };
  }

  /**
   * Starts every worker, so that the first request does not wait for one.
   * @throws {EngineError} when a worker ends before it is ready.
   */
  async warm(): Promise<void> {
    this.#throwIfDisposed();
    while (this.#active().length < this.#options.workers) this.#start();
    await Promise.all(this.#active().map((worker) => worker.warm()));
  }

  /**
   * Runs one job and yields its outputs. Reading slowly slows the worker. Leaving the loop or aborting
   * `signal` cancels the job.
   * @throws {EngineError} `busy` when too many jobs wait; `failed` when the worker dies; else as the job threw.
   */
  async *run<Output>(
    method: string,
    input: unknown,
    options: RunOptions,
  ): AsyncGenerator<Output, void, void> {
    const worker = await this.#place(options.signal);
    const job: Job = new Job({
      id: this.#nextJob++,
      engine: this.#options.name,
      port: worker.port,
      graceMs: this.#options.cancelGraceMs ?? 2_000,
      onStuck: (isFrozen) => {
        worker.retire(job, isFrozen);
        this.#serveNext();
      },
    });
    void job.ended.then(() => {
      worker.end(job);
      this.#serveNext();
    });
    worker.begin(job);
    // The pool does not look into what passes through it; callers name the type their worker yields.
    yield* job.outputs(method, input, options) as AsyncGenerator<Output, void, void>;
  }

  /** Kills the workers and waits until they are gone; what runs or waits fails as `unavailable`. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#disposed = true;
    const gone = new EngineError(this.#options.name, 'unavailable', 'The engine is being shut down.');
    for (const turn of this.#waiting.splice(0)) turn.reject(gone);
    await Promise.all([...this.#workers].map((worker) => worker.dispose(gone)));
  }

  get #jobsPerWorker(): number {
    return this.#options.jobsPerWorker ?? 1;
  }

  #throwIfDisposed(): void {
    if (this.#disposed) throw new EngineError(this.#options.name, 'unavailable', 'The engine is shut down.');
  }

  /** Resolves with a worker that is ready and holds a place for the caller, who begins a job on it at once. */
  async #place(signal: AbortSignal): Promise<PooledWorker> {
    signal.throwIfAborted();
    this.#throwIfDisposed();
    const worker = this.#freeWorker()?.reserve() ?? (await this.#turn(signal));
    try {
      await unlessAborted(worker.ready, signal);
      return worker;
    } catch (error) {
      this.#giveBack(worker);
      throw error;
    }
  }

  async #turn(signal: AbortSignal): Promise<PooledWorker> {
    if (this.#waiting.length >= this.#options.waiting) throw this.#busy();
    const turn = deferred<PooledWorker>();
    this.#waiting.push(turn);
    try {
      return await unlessAborted(turn.promise, signal);
    } catch (error) {
      const index = this.#waiting.indexOf(turn);
      if (index >= 0) {
        this.#waiting.splice(index, 1);
      } else {
        // It may have been given a place in the same moment in which it gave up.
        turn.promise.then((worker) => this.#giveBack(worker)).catch(() => {});
      }
      throw error;
    }
  }

  #giveBack(worker: PooledWorker): void {
    worker.giveBack();
    this.#serveNext();
  }

  #busy(): EngineError {
    const { name } = this.#options;
    const { capacity, waiting } = this.status;
    return new EngineError(
      name,
      'busy',
      `All ${capacity} places of ${name} are taken and ${waiting} requests wait.`,
    );
  }

  #active(): PooledWorker[] {
    return [...this.#workers].filter((worker) => !worker.retiring);
  }

  /** The least loaded worker with a free place; a new one rather than one that already has work. */
  #freeWorker(): PooledWorker | undefined {
    const active = this.#active();
    const [best] = active.toSorted((one, other) => one.load - other.load);
    if ((best === undefined || best.load > 0) && active.length < this.#options.workers) return this.#start();
    return best && best.load < this.#jobsPerWorker ? best : undefined;
  }

  #start(): PooledWorker {
    const worker = new PooledWorker({
      engine: this.#options.name,
      spawn: this.#options.spawn,
      onExit: (gone) => {
        this.#workers.delete(gone);
        this.#serveNext();
      },
    });
    this.#workers.add(worker);
    return worker;
  }

  #serveNext(): void {
    while (this.#waiting.length > 0 && !this.#disposed) {
      try {
        const worker = this.#freeWorker();
        if (!worker) return;
        this.#waiting.shift()?.resolve(worker.reserve());
      } catch (error) {
        // A worker that can not even be spawned fails the caller it was spawned for.
        this.#waiting.shift()?.reject(error);
      }
    }
  }
}
