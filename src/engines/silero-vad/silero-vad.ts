import type { VoiceActivityDetector } from '../../engine/voice-activity-detector.ts';
import { EngineError } from '../../util/errors.ts';
import { JobPool, type JobPoolStatus } from '../../util/jobs/job-pool.ts';
import { besideModule, childSpawner, type JobSpawner, threadSpawner } from '../../util/jobs/job-port.ts';
import { type Batch, SAMPLE_RATE, type ScoredBatch, WINDOW_SAMPLES } from './batch.ts';
import { NAME, type SileroFiles } from './silero-model.ts';
import { SileroStream } from './silero-stream.ts';
import { WindowBatcher } from './window-batcher.ts';

/** Silero's detector as an engine, and what its host needs to run it. */
export interface SileroVad extends VoiceActivityDetector, AsyncDisposable {
  readonly status: JobPoolStatus;
}

/** A run of so many takes as long as ten alone; more would make all of them wait and cost no less. */
const MOST_IN_A_BATCH = 32;
/** The runtime keeps its memory outside of the heap. */
const HEAP_MIB = 128;
/** Of a child process, which takes about 150 MiB. */
const MEMORY_LIMIT_BYTES = 512 * 1024 * 1024;

/**
 * The neural voice activity detector of Silero, version 5 or later, in a worker thread, or in a child process where
 * its runtime is native. Takes windows of 32 ms at 16 kHz; the model's memory of each stream is kept here, so that a
 * worker which ends takes nothing with it.
 * Resolves once the model is loaded.
 *
 * @throws {EngineError} `unavailable` when the model or the runtime is missing, is damaged or holds something else.
 */
export async function sileroVad(files: SileroFiles): Promise<SileroVad> {
  const pool = new JobPool({
    name: NAME,
    spawn: spawnerOf(files),
    workers: 1,
    waiting: 1,
    memoryLimitBytes: MEMORY_LIMIT_BYTES,
  });
  const ask = async <Output>(method: string, input: object): Promise<Output> =>
    await onlyOutput(pool.run<Output>(method, input, { signal: NEVER }));
  try {
    await ask('load', { files });
  } catch (error) {
    await pool[Symbol.asyncDispose]();
    throw error;
  }
  const batcher = new WindowBatcher({
    run: async (batch: Batch) => await ask<ScoredBatch>('score', { files, batch }),
    most: MOST_IN_A_BATCH,
  });
  return {
    name: NAME,
    sampleRate: SAMPLE_RATE,
    windowSamples: WINDOW_SAMPLES,
    open: () => new SileroStream(NAME, batcher),
    get status() {
      return pool.status;
    },
    [Symbol.asyncDispose]: () => pool[Symbol.asyncDispose](),
  };
}

function spawnerOf({ isNative }: SileroFiles): JobSpawner {
  const worker = besideModule('silero-worker', import.meta.url);
  return isNative ? childSpawner(worker) : threadSpawner(worker, { heapMiB: HEAP_MIB });
}

/** A batch is over in milliseconds, whoever has left. */
const NEVER = new AbortController().signal;

async function onlyOutput<Output>(outputs: AsyncIterable<Output>): Promise<Output> {
  const [output] = await Array.fromAsync(outputs);
  if (output !== undefined) return output;
  throw new EngineError(NAME, 'failed', 'The worker answered with nothing.');
}
