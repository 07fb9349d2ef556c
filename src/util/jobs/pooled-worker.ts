import { type Deferred, deferred } from '../deferred.ts';
import { type EngineError, EngineInterruption } from '../errors.ts';
import type { Job } from './job.ts';
import type { JobPort, JobSpawner } from './job-port.ts';
import type { FromWorker } from './protocol.ts';
import { WorkerWatch } from './worker-watch.ts';

export interface PooledWorkerOptions {
  readonly engine: string;
  readonly spawn: JobSpawner;
  readonly limits: WorkerLimits;
  /** It has finished a job, or a part of one. */
  readonly onWork: () => void;
  /** It ended, or had to be ended, without having been told to: it takes no more jobs. */
  readonly onLost: (worker: PooledWorker, why: string) => void;
  /** It is gone, for whatever reason. */
  readonly onExit: (worker: PooledWorker) => void;
}

/** What a worker may take before it is killed. */
export interface WorkerLimits {
  readonly startMs: number;
  /** Without a sign of life while it has work. */
  readonly silenceMs: number;
  readonly memoryBytes: number | undefined;
}

/** One worker of a pool: what runs on it, what is promised to run, and how it ends. */
export class PooledWorker {
  readonly port: JobPort;
  readonly #options: PooledWorkerOptions;
  readonly #watch: WorkerWatch;
  readonly #jobs = new Map<number, Job>();
  readonly #stuck = new Set<number>();
  readonly #ready: Deferred<void> = deferred();
  readonly #exited: Deferred<void> = deferred();
  #reserved = 0;
  /** Callers who wait for the worker to be ready or to be gone. */
  #awaited = 0;
  #isReady = false;
  #hasWorked = false;
  #retiring = false;
  #endedBecause: EngineError | undefined;

  constructor(options: PooledWorkerOptions) {
    this.#options = options;
    this.port = options.spawn({
      onMessage: (message) => this.#receive(message),
      onExit: (why) => {
        this.#lose(`ended: ${why}`);
        this.#watch.stop();
        this.#exited.resolve();
        options.onExit(this);
      },
    });
    this.#watch = new WorkerWatch({
      port: this.port,
      memoryLimitBytes: options.limits.memoryBytes,
      onFault: (why) => {
        this.#lose(`was ended: ${why}`);
        this.port.kill();
      },
    });
    this.#hold();
  }

  get ready(): Promise<void> {
    return this.#ready.promise;
  }

  /** Jobs that run here and places promised to callers whose job has not begun. */
  get load(): number {
    return this.#jobs.size + this.#reserved;
  }

  /** Whether it has ever finished a job, or a part of one. */
  get hasWorked(): boolean {
    return this.#hasWorked;
  }

  /** A retiring worker finishes what it has and takes nothing new. */
  get retiring(): boolean {
    return this.#retiring;
  }

  reserve(): this {
    this.#reserved += 1;
    this.#hold();
    return this;
  }

  giveBack(): void {
    this.#reserved -= 1;
    this.#settle();
  }

  /** Turns a reserved place into a running job. */
  begin(job: Job): void {
    this.#reserved -= 1;
    this.#jobs.set(job.id, job);
    if (this.#endedBecause) job.fail(this.#endedBecause);
  }

  end(job: Job): void {
    this.#jobs.delete(job.id);
    this.#settle();
  }

  /** Resolves once the worker is ready; until then it keeps the process alive. */
  async warm(): Promise<void> {
    this.#awaited += 1;
    this.#hold();
    try {
      await this.#ready.promise;
    } finally {
      this.#awaited -= 1;
      this.#settle();
    }
  }

  /**
   * Gets rid of a worker with a job that does not stop. A frozen one is killed, for nothing moves in it any
   * more; in another one the jobs beside the stuck one may finish first.
   */
  retire(stuck: Job, isFrozen: boolean): void {
    this.#retiring = true;
    this.#stuck.add(stuck.id);
    if (isFrozen) this.port.kill();
    this.#settle();
  }

  /** Kills the worker; what waits for it fails with `reason`. */
  async dispose(reason: EngineError): Promise<void> {
    this.#awaited += 1;
    this.#hold();
    this.port.kill();
    this.#end(reason);
    await this.#exited.promise;
  }

  #lose(why: string): void {
    if (this.#endedBecause) return;
    const isUnexpected = !this.#retiring;
    this.#retiring = true;
    const { engine, onLost } = this.#options;
    const cause = new Error(`A worker of ${engine} ${why}.`);
    this.#end(new EngineInterruption(engine, { cause }));
    if (isUnexpected) onLost(this, why);
  }

  #end(reason: EngineError): void {
    this.#endedBecause ??= reason;
    this.#ready.reject(this.#endedBecause);
    for (const job of this.#jobs.values()) job.fail(this.#endedBecause);
  }

  #settle(): void {
    const hasOnlyStuckJobs = this.#reserved === 0 && this.#jobs.keys().every((id) => this.#stuck.has(id));
    if (this.#retiring && hasOnlyStuckJobs) this.port.kill();
    this.#hold();
  }

  /** A worker with work in hand keeps the process alive and is watched. */
  #hold(): void {
    const { startMs, silenceMs } = this.#options.limits;
    const isWanted = this.load + this.#awaited > 0;
    this.port.hold(isWanted);
    if (isWanted) this.#watch.start(this.#isReady ? silenceMs : startMs);
    else this.#watch.stop();
  }

  #receive(message: FromWorker): void {
    this.#watch.seeLife();
    switch (message.type) {
      case 'ready':
        this.#isReady = true;
        this.#ready.resolve();
        this.#hold();
        return;
      case 'pong':
        return;
      default:
        if (message.type === 'output' || message.type === 'end') this.#noteWork();
        this.#jobs.get(message.job)?.receive(message);
    }
  }

  #noteWork(): void {
    this.#hasWorked = true;
    this.#options.onWork();
  }
}
