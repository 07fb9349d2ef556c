import { unlessAborted } from '../../util/abort.ts';
import { deferred } from '../../util/deferred.ts';
import type { TokenSequence } from './llama-runtime.ts';

/** Lets the model write while there is room for what it says. */
export class Pace {
  readonly #hasRoom: () => boolean;
  readonly #signal: AbortSignal;
  #changed = deferred();

  constructor(hasRoom: () => boolean, signal: AbortSignal) {
    this.#hasRoom = hasRoom;
    this.#signal = signal;
  }

  /** @throws the signal's reason when it is aborted first. */
  async room(): Promise<void> {
    while (!this.#hasRoom()) {
      this.#changed = deferred();
      await unlessAborted(this.#changed.promise, this.#signal);
    }
  }

  /** Something was taken. */
  go(): void {
    this.#changed.resolve();
  }
}

/**
 * `sequence`, but each token that is to be written waits for `room`: the library calls back and does not wait, so this
 * is how a slow reader slows the model. All else goes to the sequence itself, whose state is kept there.
 */
export function paced(sequence: TokenSequence, room: () => Promise<void>): TokenSequence {
  async function* evaluate(
    ...input: Parameters<TokenSequence['evaluate']>
  ): AsyncGenerator<number, void, unknown> {
    const tokens = sequence.evaluate(...input);
    let replacement: unknown;
    try {
      for (;;) {
        await room();
        const step = await tokens.next(replacement);
        if (step.done) return;
        replacement = yield step.value;
      }
    } finally {
      await tokens.return();
    }
  }
  return new Proxy(sequence, {
    get(target, key) {
      if (key === 'evaluate') return evaluate;
      const value: unknown = Reflect.get(target, key, target);
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
}
