import { type Deferred, deferred } from '../deferred.ts';
import { EngineError } from '../errors.ts';
import type { Job } from './job.ts';
import type { JobPort, JobSpawner } from './job-port.ts';
import type { FromWorker } from './protocol.ts';

export interface PooledWorkerOptions {
  readonly engine: string;
  readonly spawn: JobSpawner;
  readonly onExit: (worker: PooledWorker) => void;
}

/** One worker of a pool: what runs on it, what is promised to run, and how it ends. */
export class PooledWorker {
  readonly port: JobPort;
  readonly #jobs = new Map<number, Job>();
  readonly #stuck = new Set<number>();
  readonly #ready: Deferred<void> = deferred();
  readonly #exited: Deferred<void> = deferred();
  #reserved = 0;
  /** Callers who wait for the worker to be ready or to be gone. */
  #awaited = 0;
  #retiring = false;
  #endedBecause: EngineError | undefined;

  constructor(options: PooledWorkerOptions) {
    this.port = options.spawn({
      onMessage: (message) => this.#receive(message),
      onExit: (why) => {
        this.#end(new EngineError(options.engine, 'failed', `A worker of ${options.engine} ended: ${why}.`));
        this.#exited.resolve();
        options.onExit(this);
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

  #hold(): void {
    this.port.hold(this.load + this.#awaited > 0);
  }

  #receive(message: FromWorker): void {
    if (message.type === 'ready') this.#ready.resolve();
    else this.#jobs.get(message.job)?.receive(message);
  }
}
