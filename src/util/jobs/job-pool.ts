import { unlessAborted } from '../abort.ts';
import { type Deferred, deferred } from '../deferred.ts';
import { EngineError } from '../errors.ts';
import { Job } from './job.ts';
import type { JobPort, JobSpawner } from './job-port.ts';
import type { FromWorker } from './protocol.ts';

export interface JobPoolOptions {
  /** Names the engine in errors. */
  readonly name: string;
  readonly spawn: JobSpawner;
  readonly workers: number;
  /** Jobs that one worker interleaves. */
  readonly jobsPerWorker?: number;
  /** Jobs that may wait for a worker; one more is refused as `busy`. */
  readonly waiting: number;
  /** How long a cancelled job may go on before its worker is killed and replaced. */
  readonly cancelGraceMs?: number;
}

export interface RunOptions {
  readonly signal: AbortSignal;
  readonly feed?: AsyncIterable<unknown>;
  /** Buffers in `input` that are moved to a worker thread rather than copied. */
  readonly transfer?: readonly ArrayBuffer[];
}

export interface JobPoolStatus {
  readonly running: number;
  readonly waiting: number;
  readonly capacity: number;
}

/**
 * Streaming jobs on a bounded number of workers, shared by all callers. A worker is started when it is
 * first needed and replaced when it dies; its jobs then fail with an `EngineError`, and no others do.
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
    for (const worker of this.#workers) running += worker.jobs.size;
    const capacity = this.#options.workers * this.#jobsPerWorker;
    return { running, waiting: this.#waiting.length, capacity };
  }

  /** Starts every worker, so that the first request does not wait for one. */
  async warm(): Promise<void> {
    while (this.#workers.size < this.#options.workers) this.#start();
    await Promise.all([...this.#workers].map((worker) => worker.ready.promise));
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
    const worker = await this.#acquire(options.signal);
    const job = new Job({
      id: this.#nextJob++,
      engine: this.#options.name,
      port: worker.port,
      graceMs: this.#options.cancelGraceMs ?? 2_000,
    });
    worker.jobs.set(job.id, job);
    worker.port.hold(true);
    void job.ended.then(() => this.#release(worker, job));
    // The pool does not look into what passes through it; callers name the type their worker yields.
    yield* job.outputs(method, input, options) as AsyncGenerator<Output, void, void>;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#disposed = true;
    const gone = new EngineError(this.#options.name, 'unavailable', 'The engine is being shut down.');
    for (const waiter of this.#waiting.splice(0)) waiter.reject(gone);
    const workers = [...this.#workers];
    for (const worker of workers) worker.port.kill();
    await Promise.all(workers.map((worker) => worker.exited.promise));
  }

  get #jobsPerWorker(): number {
    return this.#options.jobsPerWorker ?? 1;
  }

  async #acquire(signal: AbortSignal): Promise<PooledWorker> {
    signal.throwIfAborted();
    if (this.#disposed) throw new EngineError(this.#options.name, 'unavailable', 'The engine is shut down.');
    const free = this.#freeWorker();
    if (free) {
      free.reserved += 1;
      return await this.#whenReady(free, signal);
    }
    if (this.#waiting.length >= this.#options.waiting) {
      throw new EngineError(
        this.#options.name,
        'busy',
        `All ${this.status.capacity} places of ${this.#options.name} are taken and ${this.#waiting.length} requests wait.`,
      );
    }
    const turn = deferred<PooledWorker>();
    this.#waiting.push(turn);
    try {
      return await this.#whenReady(await unlessAborted(turn.promise, signal), signal);
    } catch (error) {
      this.#forget(turn);
      throw error;
    }
  }

  /** A place is held for the caller from here on; it is given back if the worker or the caller goes away. */
  async #whenReady(worker: PooledWorker, signal: AbortSignal): Promise<PooledWorker> {
    try {
      await unlessAborted(worker.ready.promise, signal);
      worker.reserved -= 1;
      return worker;
    } catch (error) {
      worker.reserved -= 1;
      this.#serveNext();
      throw error;
    }
  }

  #forget(turn: Deferred<PooledWorker>): void {
    const index = this.#waiting.indexOf(turn);
    if (index >= 0) {
      this.#waiting.splice(index, 1);
    } else {
      // It was given a place in the same moment in which it gave up.
      void turn.promise.then(
        (worker) => {
          worker.reserved -= 1;
          this.#serveNext();
        },
        () => {},
      );
    }
  }

  #freeWorker(): PooledWorker | undefined {
    let best: PooledWorker | undefined;
    for (const worker of this.#workers) {
      if (worker.load < this.#jobsPerWorker && (!best || worker.load < best.load)) best = worker;
    }
    if ((best === undefined || best.load > 0) && this.#workers.size < this.#options.workers)
      return this.#start();
    return best;
  }

  #start(): PooledWorker {
    const worker = new PooledWorker(this.#options.name, this.#options.spawn, () => {
      this.#workers.delete(worker);
      this.#serveNext();
    });
    this.#workers.add(worker);
    return worker;
  }

  #release(worker: PooledWorker, job: Job): void {
    worker.jobs.delete(job.id);
    if (worker.load === 0) worker.port.hold(false);
    this.#serveNext();
  }

  #serveNext(): void {
    while (this.#waiting.length > 0 && !this.#disposed) {
      const worker = this.#freeWorker();
      const next = worker && this.#waiting.shift();
      if (!worker || !next) return;
      worker.reserved += 1;
      next.resolve(worker);
    }
  }
}

class PooledWorker {
  readonly jobs = new Map<number, Job>();
  readonly ready: Deferred<void> = deferred();
  readonly exited: Deferred<void> = deferred();
  readonly port: JobPort;
  /** Places promised to callers whose job has not begun. */
  reserved = 0;

  constructor(engine: string, spawn: JobSpawner, onGone: () => void) {
    this.port = spawn({
      onMessage: (message) => this.#receive(message),
      onExit: (why) => {
        const error = new EngineError(engine, 'failed', `A worker of ${engine} ended: ${why}.`);
        this.ready.reject(error);
        for (const job of this.jobs.values()) job.fail(error);
        this.exited.resolve();
        onGone();
      },
    });
  }

  get load(): number {
    return this.jobs.size + this.reserved;
  }

  #receive(message: FromWorker): void {
    if (message.type === 'ready') this.ready.resolve();
    else this.jobs.get(message.job)?.receive(message);
  }
}
