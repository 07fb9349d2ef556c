import { deferred } from './deferred.ts';

/** Settles as `promise` does, or rejects with the signal's reason if that comes first. */
export async function unlessAborted<T>(promise: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (!signal) return await promise;
  const aborted = deferred<never>();
  const onAbort = (): void => aborted.reject(signal.reason);
  signal.addEventListener('abort', onAbort, { once: true });
  if (signal.aborted) onAbort();
  try {
    // The race also handles what `promise` may reject with after the signal has won.
    return await Promise.race([aborted.promise, promise]);
  } finally {
    signal.removeEventListener('abort', onAbort);
  }
}

/**
 * The items of `source`; rejects with the signal's reason when that comes first, and leaves the source without
 * waiting for the item that is due.
 */
export async function* untilAborted<T>(
  source: AsyncIterable<T>,
  signal: AbortSignal,
): AsyncGenerator<T, void, void> {
  const items = source[Symbol.asyncIterator]();
  try {
    for (;;) {
      const step = await unlessAborted(items.next(), signal);
      if (step.done) return;
      yield step.value;
    }
  } finally {
    // Not awaited: a generator that waits for its next item returns only after it has come.
    void items.return?.().catch(() => {});
  }
}

/**
 * The reason of an abort that only tidies up. Made once: an abort without a reason makes an exception with a
 * stack each time, which costs more than all else in a short reply.
 */
export const OVER = new DOMException('It is over.', 'AbortError');
