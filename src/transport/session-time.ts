import type { SessionProblem } from '../realtime/session-event.ts';
import type { Clock } from '../util/clock.ts';
import type { CloseCode } from './transport.ts';

export interface SessionTimeLimits {
  readonly sessionSeconds: number;
  /** Without a word from either side. */
  readonly idleSeconds: number;
}

/** Why a connection ends, as its client is told. */
export interface Ending {
  readonly problem?: SessionProblem;
  readonly code: CloseCode;
  readonly reason: string;
}

export interface SessionTimeOptions {
  readonly clock: Clock;
  readonly limits: SessionTimeLimits;
  readonly onEnd: (ending: Ending) => void;
}

/** Ends a session that lasts too long, or in which nothing happens for too long. */
export class SessionTime {
  readonly #options: SessionTimeOptions;
  #lastWordMs: number;
  #cancelExpiry = (): void => {};
  #cancelSilence = (): void => {};

  constructor(options: SessionTimeOptions) {
    this.#options = options;
    this.#lastWordMs = options.clock.now();
  }

  start(): void {
    const { clock, limits } = this.#options;
    this.#cancelExpiry = clock.after(limits.sessionSeconds * 1000, () => this.#expire());
    this.#watchSilence(limits.idleSeconds * 1000);
  }

  stop(): void {
    this.#cancelExpiry();
    this.#cancelSilence();
  }

  /** Either side has said something. */
  note(): void {
    this.#lastWordMs = this.#options.clock.now();
  }

  #expire(): void {
    const { limits, onEnd } = this.#options;
    const message = `Your session hit the maximum duration of ${spoken(limits.sessionSeconds)}.`;
    onEnd({ problem: toProblem('session_expired', message), code: 1001, reason: message });
  }

  #watchSilence(ms: number): void {
    const { clock, limits, onEnd } = this.#options;
    this.#cancelSilence = clock.after(ms, () => {
      const leftMs = this.#lastWordMs + limits.idleSeconds * 1000 - clock.now();
      if (leftMs > 0) {
        this.#watchSilence(leftMs);
        return;
      }
      const message = `Your session was idle for ${spoken(limits.idleSeconds)}.`;
      onEnd({ problem: toProblem('session_expired', message), code: 1001, reason: message });
    });
  }
}

export function toProblem(code: SessionProblem['code'], message: string): SessionProblem {
  return { code, message, param: null, eventId: null };
}

/** `60 minutes`, as the services say it, where it comes out even. */
function spoken(seconds: number): string {
  if (seconds % 60 !== 0) return `${seconds} ${seconds === 1 ? 'second' : 'seconds'}`;
  return `${seconds / 60} ${seconds === 60 ? 'minute' : 'minutes'}`;
}
