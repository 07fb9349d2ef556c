import { unlessAborted } from '../abort.ts';
import { type Deferred, deferred } from '../deferred.ts';
import { EngineError, EngineInterruption } from '../errors.ts';
import { onceMore } from '../once-more.ts';
import { Job } from './job.ts';
import type { JobSpawner } from './job-port.ts';
import { PooledWorker } from './pooled-worker.ts';
import { Restarts } from './restarts.ts';

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
  /**
   * How long a worker with work in hand may show no life before it is killed: 10 s unless given. No single call
   * that it makes may hold up its event loop for longer.
   */
  readonly silenceMs?: number;
  /** How long a worker may take until it is ready: 30 s unless given. */
  readonly startMs?: number;
  /** The resident memory above which a child process is killed. Linux only; no limit unless given. */
  readonly memoryLimitBytes?: number;
}

export interface RunOptions {
  readonly signal: AbortSignal;
  /** Read while the job runs, at the pace at which its worker reads. */
  readonly feed?: AsyncIterable<unknown>;
  /** Buffers in `input` that are moved to a worker thread rather than copied. */
  readonly transfer?: readonly ArrayBuffer[];
}

interface JobRequest {
  readonly method: string;
  readonly input: unknown;
  readonly options: RunOptions;
}

export interface JobPoolStatus {
  /** Jobs that have a place on a worker. */
  readonly running: number;
  readonly waiting: number;
  readonly capacity: number;
  /** What is wrong when workers keep dying, in a sentence or two. */
  readonly trouble: string | undefined;
}

/**
 * Streaming jobs on a bounded number of workers, shared by all callers and served in the order they came.
 * A worker is started when it is first needed, and replaced when it dies, shows no life or takes too much memory:
 * at once, unless several have died in a row (`Restarts`). Its jobs are then interrupted, and no others are; one
 * that can be begun again is, once. An idle pool does not keep the process alive; a running job does.
 */
export class JobPool implements AsyncDisposable {
  readonly #options: JobPoolOptions;
  readonly #workers = new Set<PooledWorker>();
  readonly #waiting: Deferred<PooledWorker>[] = [];
  readonly #restarts: Restarts;
  #nextJob = 1;
  #disposed = false;
  /** All workers are to be there before they are needed. */
  #isWarm = false;
  #pause: NodeJS.Timeout | undefined;

  constructor(options: JobPoolOptions) {
    this.#options = options;
    this.#restarts = new Restarts(options.name);
  }

  get status(): JobPoolStatus {
    let running = 0;
    for (const worker of this.#workers) running += worker.load;
    const capacity = this.#options.workers * this.#jobsPerWorker;
    return { running, waiting: this.#waiting.length, capacity, trouble: this.#restarts.trouble };
  }

  /**
   * Starts every worker, so that the first request does not wait for one, and from then on replaces each that
   * goes before it is missed.
   * @throws {EngineError} when a worker ends before it is ready.
   */
  async warm(): Promise<void> {
    this.#throwIfDisposed();
    this.#isWarm = true;
    while (this.#active().length < this.#options.workers) this.#start();
    await Promise.all(this.#active().map((worker) => worker.warm()));
  }

  /**
   * Runs one job and yields its outputs. Reading slowly slows the worker. Leaving the loop or aborting
   * `signal` cancels the job. A job that is interrupted before its first output runs once more, unless it is fed
   * or its input has moved to the worker that is gone.
   * @throws {EngineError} `busy` when too many jobs wait; an `EngineInterruption` when the worker dies or no
   *   worker stays alive; else as the job threw.
   */
  run<Output>(method: string, input: unknown, options: RunOptions): AsyncGenerator<Output, void, void> {
    const request = { method, input, options };
    return options.feed || options.transfer
      ? this.#runOn(() => this.#place(options.signal), request)
      : onceMore(() => this.#runOn(() => this.#tryPlace(options.signal), request));
  }

  async *#runOn<Output>(
    place: () => Promise<PooledWorker>,
    { method, input, options }: JobRequest,
  ): AsyncGenerator<Output, void, void> {
    const worker = await place();
    const job: Job = new Job({
      id: this.#nextJob++,
      engine: this.#options.name,
      port: worker.port,
      graceMs: this.#options.cancelGraceMs ?? 2_000,
      onStuck: (isFrozen) => {
        worker.retire(job, isFrozen);
        this.#replace();
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
    clearTimeout(this.#pause);
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

  /** As `#tryPlace`; who is given a worker that dies before it is ready is given another one, once. */
  async #place(signal: AbortSignal): Promise<PooledWorker> {
    try {
      return await this.#tryPlace(signal);
    } catch (error) {
      if (!(error instanceof EngineInterruption)) throw error;
      return await this.#tryPlace(signal);
    }
  }

  /** Resolves with a worker that is ready and holds a place for the caller, who begins a job on it at once. */
  async #tryPlace(signal: AbortSignal): Promise<PooledWorker> {
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
    if (this.#isPausing && this.#active().length === 0) throw this.#pausing();
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

  get #isPausing(): boolean {
    return this.#restarts.pauseMs > 0;
  }

  #pausing(): EngineInterruption {
    const { pauseMs, trouble } = this.#restarts;
    return new EngineInterruption(this.#options.name, {
      retryAfterSeconds: Math.ceil(pauseMs / 1000),
      cause: new Error(trouble),
    });
  }

  #active(): PooledWorker[] {
    return [...this.#workers].filter((worker) => !worker.retiring);
  }

  /** The least loaded worker with a free place; a new one rather than one that already has work. */
  #freeWorker(): PooledWorker | undefined {
    const active = this.#active();
    const [best] = active.toSorted((one, other) => one.load - other.load);
    const mayStart = active.length < this.#options.workers && !this.#isPausing;
    if ((best === undefined || best.load > 0) && mayStart) return this.#start();
    return best && best.load < this.#jobsPerWorker ? best : undefined;
  }

  #start(): PooledWorker {
    const { name, spawn, silenceMs = 10_000, startMs = 30_000, memoryLimitBytes } = this.#options;
    const worker = new PooledWorker({
      engine: name,
      spawn,
      limits: { silenceMs, startMs, memoryBytes: memoryLimitBytes },
      onWork: () => this.#restarts.noteWork(),
      onLost: ({ hasWorked }, why) => {
        if (!hasWorked) this.#restarts.noteDeath(why);
        this.#replace();
      },
      onExit: (gone) => {
        this.#workers.delete(gone);
        this.#serveNext();
      },
    });
    this.#workers.add(worker);
    return worker;
  }

  /** A worker is no longer one: those who wait, and those who will come, get another. */
  #replace(): void {
    this.#serveNext();
    if (this.#disposed || !this.#isWarm || this.#isPausing) return;
    try {
      while (this.#active().length < this.#options.workers) this.#start();
    } catch {
      // One that can not be spawned any more is told to the caller who needs it.
    }
  }

  #serveNext(): void {
    clearTimeout(this.#pause);
    const { pauseMs } = this.#restarts;
    // They may be waiting for a worker that can not be started yet.
    if (this.#waiting.length > 0 && pauseMs > 0) this.#pause = setTimeout(() => this.#serveNext(), pauseMs);
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
