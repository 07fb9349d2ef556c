import { hash, timingSafeEqual } from 'node:crypto';
import type { Clock } from '../../util/clock.ts';
import { randomText } from '../../util/ids.ts';

export interface SignInLinksOptions {
  readonly clock: Clock;
  /** Links that may wait to be followed; beyond it the oldest is forgotten. */
  readonly waiting?: number;
}

interface Link {
  readonly sha256: Buffer;
  readonly expiresAtMs: number;
}

/** How long a link can be followed: enough to walk from a terminal to a browser, too little to find in a log. */
export const LINK_MINUTES = 15;
/** 43 characters of 62 are 256 bits. */
const SECRET_LENGTH = 43;

/** Secrets that each sign a page in once. Kept as SHA-256, and in memory alone: a restart ends them all. */
export class SignInLinks {
  readonly #clock: Clock;
  readonly #waiting: number;
  #links: readonly Link[] = [];

  constructor({ clock, waiting = 32 }: SignInLinksOptions) {
    this.#clock = clock;
    this.#waiting = waiting;
  }

  issue(): { readonly secret: string; readonly expiresAtMs: number } {
    const secret = randomText(SECRET_LENGTH);
    const expiresAtMs = this.#clock.now() + LINK_MINUTES * 60_000;
    this.#links = [...this.#live(), { sha256: sha256(secret), expiresAtMs }].slice(-this.#waiting);
    return { secret, expiresAtMs };
  }

  /** Whether `secret` was issued, has not expired and was not redeemed before; it is now. */
  redeem(secret: string): boolean {
    const candidate = sha256(secret);
    const live = this.#live();
    // Each is compared, and in constant time, so that an answer tells nothing about how near a guess was.
    this.#links = live.filter((link) => !timingSafeEqual(link.sha256, candidate));
    return this.#links.length < live.length;
  }

  #live(): Link[] {
    const now = this.#clock.now();
    return this.#links.filter(({ expiresAtMs }) => expiresAtMs > now);
  }
}

function sha256(text: string): Buffer {
  return hash('sha256', text, 'buffer');
}
