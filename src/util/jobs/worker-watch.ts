import type { JobPort } from './job-port.ts';
import type { ProcessVitals } from './process-vitals.ts';

/** Parts into which the time is divided that a worker may be silent. */
const BEATS = 4;

export interface WorkerWatchOptions {
  readonly port: JobPort;
  /** Of a child process; not looked at when absent. */
  readonly memoryLimitBytes: number | undefined;
  /** Called with what is wrong, and again with each beat until the watch is stopped. */
  readonly onFault: (why: string) => void;
}

/**
 * Watches a worker for as long as it is told to: it has to send something, if only the answer to a ping, within
 * the time that it may be silent, and stay below its limit of memory.
 *
 * The time is counted in beats of this process, so that one that slept or was itself held up, and has not read
 * its messages, takes no worker for dead. Of a process that computes only the time counts that it was given a
 * processor: to kill one that waits for its turn on a busy machine would make the machine busier.
 */
export class WorkerWatch {
  readonly #options: WorkerWatchOptions;
  #silenceMs: number | undefined;
  #timer: NodeJS.Timeout | undefined;
  #silentMs = 0;
  #computedMs: number | undefined;

  constructor(options: WorkerWatchOptions) {
    this.#options = options;
  }

  /** From now on the worker may be silent for `silenceMs`, and for a quarter longer. */
  start(silenceMs: number): void {
    if (this.#silenceMs === silenceMs) return;
    this.stop();
    this.#silenceMs = silenceMs;
    this.#timer = setInterval(() => this.#beat(silenceMs), silenceMs / BEATS);
    this.#timer.unref();
  }

  stop(): void {
    clearInterval(this.#timer);
    this.#silenceMs = undefined;
    this.#silentMs = 0;
    this.#computedMs = undefined;
  }

  /** The worker has sent something. */
  seeLife(): void {
    this.#silentMs = 0;
  }

  #beat(silenceMs: number): void {
    const { port, memoryLimitBytes = Number.POSITIVE_INFINITY, onFault } = this.#options;
    const vitals = port.vitals();
    this.#silentMs += this.#countedMs(silenceMs / BEATS, vitals);
    if (vitals && vitals.residentBytes > memoryLimitBytes) {
      onFault(
        `it took ${toMiB(vitals.residentBytes)} MiB of memory, more than ${toMiB(memoryLimitBytes)} MiB`,
      );
    } else if (this.#silentMs >= silenceMs) {
      onFault(`it showed no life for ${silenceMs / 1000} s`);
    } else {
      port.post({ type: 'ping' });
    }
  }

  /** What of a beat the worker could have used to answer. */
  #countedMs(beatMs: number, vitals: ProcessVitals | undefined): number {
    const before = this.#computedMs ?? vitals?.computedMs;
    this.#computedMs = vitals?.computedMs;
    if (!vitals?.isComputing || before === undefined) return beatMs;
    return Math.min(beatMs, vitals.computedMs - before);
  }
}

function toMiB(bytes: number): number {
  return Math.round(bytes / 2 ** 20);
}
