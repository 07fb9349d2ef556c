import { availableParallelism } from 'node:os';
import type {
  NoiseReducer,
  NoiseReductionOptions,
  NoiseReductionStream,
} from '../../engine/noise-reducer.ts';
import { Channel } from '../../util/channel.ts';
import { EngineError } from '../../util/errors.ts';
import { JobPool, type JobPoolStatus } from '../../util/jobs/job-pool.ts';
import { besideModule, threadSpawner } from '../../util/jobs/job-port.ts';

export interface RnnoiseOptions {
  /** Worker threads; by default one, or two where there are cores to spare. */
  readonly workers?: number;
  /** Streams that one thread cleans: 40 unless given, which fill it for about three quarters. */
  readonly streamsPerWorker?: number;
}

/** RNNoise as an engine, and what its host needs to run it. */
export interface Rnnoise extends NoiseReducer, AsyncDisposable {
  readonly status: JobPoolStatus;
}

/** What a worker is asked to clean; the samples are fed to it. */
export type RnnoiseJob = Pick<NoiseReductionOptions, 'field' | 'inputRate' | 'outputRate'>;

const NAME = 'rnnoise';
const HEAP_MIB = 64;

/**
 * RNNoise, which comes with the installation. 10 ms of audio cost 0.18 ms, three times as much as all else that a
 * session costs, so it runs in worker threads: handing a frame over and back costs a third of that.
 */
export function rnnoise(options: RnnoiseOptions = {}): Rnnoise {
  const pool = new JobPool({
    name: NAME,
    spawn: threadSpawner(besideModule('rnnoise-worker', import.meta.url), { heapMiB: HEAP_MIB }),
    workers: options.workers ?? (availableParallelism() > 2 ? 2 : 1),
    jobsPerWorker: options.streamsPerWorker ?? 40,
    // A session that had to wait for its turn would be heard too late.
    waiting: 0,
  });
  return {
    name: NAME,
    open: (wanted) => new RnnoiseStream(pool, wanted),
    get status() {
      return pool.status;
    },
    [Symbol.asyncDispose]: () => pool[Symbol.asyncDispose](),
  };
}

class RnnoiseStream implements NoiseReductionStream {
  readonly #feed = new Channel<Int16Array>(1);
  readonly #clean: AsyncGenerator<Int16Array, void, void>;
  #hasBegun = false;
  #isDisposed = false;

  constructor(pool: JobPool, { field, inputRate, outputRate, signal }: NoiseReductionOptions) {
    const job: RnnoiseJob = { field, inputRate, outputRate };
    this.#clean = pool.run<Int16Array>('reduce', job, { signal, feed: this.#feed });
  }

  async reduce(samples: Int16Array): Promise<Int16Array> {
    if (this.#isDisposed) throw new EngineError(NAME, 'failed', 'The stream is disposed of: open another.');
    this.#hasBegun = true;
    // A copy: a view would be cloned with all of the memory that it is a part of.
    this.#feed.post(samples.slice());
    const { done, value } = await this.#clean.next();
    if (done) throw new EngineError(NAME, 'failed', 'The noise reduction stopped before its audio did.');
    return value;
  }

  /** Resolves once its place is free for another. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#isDisposed = true;
    this.#feed.close();
    if (!this.#hasBegun) return;
    try {
      while (!(await this.#clean.next()).done);
    } catch {
      // What ended it, its reader has been told.
    }
  }
}
