import { unlessAborted } from '../../util/abort.ts';
import { type Deferred, deferred } from '../../util/deferred.ts';
import { EngineError } from '../../util/errors.ts';

export interface PlacesOptions {
  /** Names the engine in errors. */
  readonly name: string;
  readonly places: number;
  /** How many may wait for a place; one more is refused as `busy`. */
  readonly waiting: number;
}

/** A bounded number of things at once, first come, first served. */
export class Places {
  readonly #options: PlacesOptions;
  readonly #queue: Deferred<void>[] = [];
  #taken = 0;

  constructor(options: PlacesOptions) {
    this.#options = options;
  }

  get taken(): number {
    return this.#taken;
  }

  get waiting(): number {
    return this.#queue.length;
  }

  /**
   * Resolves to a place, to be disposed of once.
   * @throws {EngineError} `busy`, and the signal's reason when aborted.
   */
  async take(signal: AbortSignal): Promise<Disposable> {
    signal.throwIfAborted();
    if (this.#taken < this.#options.places) this.#taken += 1;
    else await this.#wait(signal);
    return { [Symbol.dispose]: () => this.#leave() };
  }

  async #wait(signal: AbortSignal): Promise<void> {
    const { name, places, waiting } = this.#options;
    if (this.#queue.length >= waiting)
      throw new EngineError(
        name,
        'busy',
        `All ${places} places of ${name} are taken and ${waiting} requests wait.`,
      );
    const turn = deferred();
    this.#queue.push(turn);
    try {
      await unlessAborted(turn.promise, signal);
    } catch (error) {
      const index = this.#queue.indexOf(turn);
      if (index >= 0) this.#queue.splice(index, 1);
      // It was given the place in the same moment in which it gave up.
      else this.#leave();
      throw error;
    }
  }

  /** A place goes straight to whoever waits longest, so nobody who comes later can take it first. */
  #leave(): void {
    const next = this.#queue.shift();
    if (next) next.resolve();
    else this.#taken -= 1;
  }
}
