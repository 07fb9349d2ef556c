import { EngineError, EngineInterruption } from '../../util/errors.ts';
import type { JobPool } from '../../util/jobs/job-pool.ts';

/** Finds out whether a model can be loaded, whichever way it fails. */
export class LoadCheck {
  readonly #pool: JobPool;
  readonly #engine: string;
  readonly #folder: string;
  #hasPassed = false;

  constructor(pool: JobPool, { engine, folder }: { readonly engine: string; readonly folder: string }) {
    this.#pool = pool;
    this.#engine = engine;
    this.#folder = folder;
  }

  /**
   * Resolves once the model has been loaded for the first time.
   * @throws {EngineError} `unavailable` when it can not be, which may have ended the child that tried; the reason of
   *   `signal` when aborted.
   */
  async passed(signal: AbortSignal): Promise<void> {
    if (this.#hasPassed) return;
    try {
      await Array.fromAsync(this.#pool.run('check', undefined, { signal }));
      this.#hasPassed = true;
    } catch (cause) {
      if (!(cause instanceof EngineInterruption)) throw this.#named(cause);
      throw new EngineError(this.#engine, 'unavailable', this.#ended(), cause);
    }
  }

  #named(cause: unknown): unknown {
    if (!(cause instanceof EngineError) || cause.reason === 'busy') return cause;
    return new EngineError(this.#engine, 'unavailable', `${this.#folder}: ${cause.message}`, cause);
  }

  #ended(): string {
    return `sherpa-onnx ends when it loads ${this.#folder}: a file is damaged, or of another kind than its name says. Get the model again.`;
  }
}
