/** Workers that may die one after the other, having done nothing, before the next is made to wait. */
const FREE_RESTARTS = 3;
const FIRST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 30_000;

/**
 * When a pool may start another worker: at once, unless the last ones died without finishing a single job. From the
 * third such death in a row on there is a pause of 1 s, which doubles with each further one up to 30 s.
 */
export class Restarts {
  readonly #name: string;
  readonly #now: () => number;
  #deaths = 0;
  #lastWhy = '';
  #pauseUntil = 0;

  /** `name` is the pool's, for what is told. */
  constructor(name: string, now: () => number = () => performance.now()) {
    this.#name = name;
    this.#now = now;
  }

  /** How long no worker is started. */
  get pauseMs(): number {
    return Math.max(0, this.#pauseUntil - this.#now());
  }

  /** What is wrong, in words, until a worker has done something again. */
  get trouble(): string | undefined {
    if (this.#deaths < FREE_RESTARTS) return undefined;
    const when = this.pauseMs > 0 ? `in ${Math.ceil(this.pauseMs / 1000)} s` : 'with the next request';
    return `${this.#name} has ended ${this.#deaths} times in a row without doing anything; the last time it ${this.#lastWhy}. It is tried again ${when}.`;
  }

  /** A worker died that had not finished a job. */
  noteDeath(why: string): void {
    this.#deaths += 1;
    this.#lastWhy = why;
    if (this.#deaths < FREE_RESTARTS) return;
    const pauseMs = Math.min(FIRST_PAUSE_MS * 2 ** (this.#deaths - FREE_RESTARTS), LONGEST_PAUSE_MS);
    this.#pauseUntil = this.#now() + pauseMs;
  }

  /** A worker has finished a job. */
  noteWork(): void {
    this.#deaths = 0;
    this.#pauseUntil = 0;
  }
}
