import { availableParallelism } from 'node:os';

const MOST_THREADS = 4;
const BASE_BYTES = 2 ** 30;
const JOB_BYTES = 64 * 2 ** 20;
/** Of a model in memory and what it computes with, by its size on disk. */
const MODEL_FACTOR = 4;

/** Threads of each worker, so that all together leave a processor to the server. */
export function threadsFor(workers: number): number {
  return Math.max(1, Math.floor(Math.min(MOST_THREADS, availableParallelism() - 1) / workers));
}

/** The resident memory above which a worker is taken to have gone wrong. */
export function memoryLimit(modelBytes: number, jobs: number): number {
  return BASE_BYTES + MODEL_FACTOR * modelBytes + JOB_BYTES * jobs;
}
