import { unlessAborted } from './abort.ts';
import { deferred } from './deferred.ts';

/** The time of day and timers, so that what depends on them can be tested without waiting. */
export interface Clock {
  /** Milliseconds since the Unix epoch. */
  now(): number;
  /** Calls back once after `ms` milliseconds unless the returned function is called first. */
  after(ms: number, callback: () => void): () => void;
}

export const systemClock: Clock = {
  now: () => Date.now(),
  after(ms, callback) {
    const timer = setTimeout(callback, ms);
    timer.unref();
    return () => clearTimeout(timer);
  },
};

/** Waits `ms` milliseconds by `clock`; rejects with the signal's reason if that comes first. */
export async function pause(
  ms: number,
  { clock, signal }: { readonly clock: Clock; readonly signal: AbortSignal },
): Promise<void> {
  signal.throwIfAborted();
  if (ms === 0) return;
  const over = deferred();
  const cancel = clock.after(ms, over.resolve);
  try {
    await unlessAborted(over.promise, signal);
  } finally {
    cancel();
  }
}
