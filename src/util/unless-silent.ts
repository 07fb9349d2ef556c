import { type Clock, systemClock } from './clock.ts';
import { type Deferred, deferred } from './deferred.ts';

export interface SilenceLimit {
  readonly silenceMs: number;
  readonly toError: () => Error;
  readonly clock?: Clock;
}

/**
 * The items of `source`; rejects with the error when one takes longer than `silenceMs`, and leaves the source
 * without waiting for it. The time that the reader takes is not the source's.
 */
export async function* unlessSilent<T>(
  source: AsyncIterable<T>,
  { silenceMs, toError, clock = systemClock }: SilenceLimit,
): AsyncGenerator<T, void, void> {
  const items = source[Symbol.asyncIterator]();
  try {
    for (;;) {
      const silent: Deferred<never> = deferred();
      const unwatch = clock.after(silenceMs, () => silent.reject(toError()));
      const step = await Promise.race([items.next(), silent.promise]).finally(unwatch);
      if (step.done) return;
      yield step.value;
    }
  } finally {
    // Not awaited: a generator that waits for its next item returns only after it has come.
    void items.return?.().catch(() => {});
  }
}
