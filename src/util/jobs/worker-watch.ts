import type { JobPort } from './job-port.ts';

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
 * its messages, takes no worker for dead.
 */
export class WorkerWatch {
  readonly #options: WorkerWatchOptions;
  #silenceMs: number | undefined;
  #timer: NodeJS.Timeout | undefined;
  #silentBeats = 0;

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
    this.#silentBeats = 0;
  }

  /** The worker has sent something. */
  seeLife(): void {
    this.#silentBeats = 0;
  }

  #beat(silenceMs: number): void {
    const { port, memoryLimitBytes = Number.POSITIVE_INFINITY, onFault } = this.#options;
    const residentBytes = port.residentBytes();
    this.#silentBeats += 1;
    if (residentBytes !== undefined && residentBytes > memoryLimitBytes) {
      onFault(`it took ${toMiB(residentBytes)} MiB of memory, more than ${toMiB(memoryLimitBytes)} MiB`);
    } else if (this.#silentBeats >= BEATS) {
      onFault(`it showed no life for ${silenceMs / 1000} s`);
    } else {
      port.post({ type: 'ping' });
    }
  }
}

function toMiB(bytes: number): number {
  return Math.round(bytes / 2 ** 20);
}
