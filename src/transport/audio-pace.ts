import type { Clock } from '../util/clock.ts';

export interface AudioPaceOptions {
  readonly clock: Clock;
  /** Seconds of audio that may come in a second, for ever. */
  readonly factor: number;
  /** Audio that may come at any speed before that. */
  readonly burstMs: number;
}

/** How fast a client may send audio: every second of it is work, however fast it arrives. */
export class AudioPace {
  readonly #options: AudioPaceOptions;
  /** Audio that has come and that the pace has not made up for. */
  #aheadMs = 0;
  #atMs: number;

  constructor(options: AudioPaceOptions) {
    this.#options = options;
    this.#atMs = options.clock.now();
  }

  /** Notes `audioMs` that has come; returns for how many milliseconds no more should be read. */
  take(audioMs: number): number {
    const { clock, factor, burstMs } = this.#options;
    const now = clock.now();
    const passedMs = Math.max(0, now - this.#atMs);
    this.#atMs = now;
    this.#aheadMs = Math.max(0, this.#aheadMs - passedMs * factor) + audioMs;
    return Math.max(0, (this.#aheadMs - burstMs) / factor);
  }
}
