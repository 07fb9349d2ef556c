import type { Clock } from '../util/clock.ts';
import type { ControlEvent } from './session-event.ts';

/**
 * Where a turn's time went, in the order in which the moments come: the user's last sound, the decision that the
 * turn is over, its words, the model asked, its first word, the first speech, the end.
 */
export type TraceMark =
  | 'speech-end'
  | 'endpoint'
  | 'transcript'
  | 'model-start'
  | 'first-token'
  | 'first-audio'
  | 'response-end';

/** What a session tells of itself to a client that asked for it, and to no other. */
export type TraceEvent =
  | {
      readonly type: 'trace-score';
      /** Where the scored audio ends, in the session's audio. */
      readonly audioMs: number;
      /** From 0 to 1: how likely somebody speaks. */
      readonly score: number;
      readonly threshold: number;
      readonly isSpeech: boolean;
    }
  | {
      readonly type: 'trace-mark';
      readonly mark: TraceMark;
      /** Since the session began. */
      readonly atMs: number;
      readonly of: TraceSubject;
    };

/** The turn's item, or the response. */
export type TraceSubject = { readonly itemId: string } | { readonly responseId: string };

export interface SessionTraceOptions {
  readonly clock: Clock;
  readonly post: (event: ControlEvent) => void;
  /** Whether the client has read what it was told: scores are not worth waiting for. */
  readonly isCalm: () => boolean;
}

/** Audio between two scores that are told. */
const SCORE_EVERY_MS = 60;

/** Tells why the session does what it does. */
export class SessionTrace {
  readonly #options: SessionTraceOptions;
  readonly #startMs: number;
  #scoredMs = -SCORE_EVERY_MS;

  constructor(options: SessionTraceOptions) {
    this.#options = options;
    this.#startMs = options.clock.now();
  }

  score(window: Omit<Extract<TraceEvent, { type: 'trace-score' }>, 'type'>): void {
    if (window.audioMs < this.#scoredMs + SCORE_EVERY_MS || !this.#options.isCalm()) return;
    this.#scoredMs = window.audioMs;
    this.#options.post({ type: 'trace-score', ...window });
  }

  /** `agoMs` is how long the moment has passed. */
  mark(mark: TraceMark, of: TraceSubject, { agoMs = 0 }: { readonly agoMs?: number } = {}): void {
    const atMs = Math.round(this.#options.clock.now() - this.#startMs - agoMs);
    this.#options.post({ type: 'trace-mark', mark, atMs, of });
  }
}
