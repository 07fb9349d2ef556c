import { getEventListeners } from 'node:events';
import { expect, test } from 'vitest';
import { unlessAborted, untilAborted } from './abort.ts';
import { deferred } from './deferred.ts';

test('without a signal the promise decides', async () => {
  expect(await unlessAborted(Promise.resolve(7), undefined)).toBe(7);
});

test('the promise decides when it settles first', async () => {
  const { signal } = new AbortController();
  expect(await unlessAborted(Promise.resolve(7), signal)).toBe(7);
  await expect(unlessAborted(Promise.reject(new Error('broken')), signal)).rejects.toThrow('broken');
});

test('an abort rejects with its reason', async () => {
  const abort = new AbortController();
  const waiting = unlessAborted(new Promise(() => {}), abort.signal);
  abort.abort(new Error('enough'));
  await expect(waiting).rejects.toThrow('enough');
});

test('an abort that has already happened wins over a settled promise', async () => {
  const signal = AbortSignal.abort(new Error('enough'));
  await expect(unlessAborted(Promise.resolve(7), signal)).rejects.toThrow('enough');
});

test('a promise that rejects after the abort is nobody’s unhandled rejection', async () => {
  const late = Promise.withResolvers<void>();
  await expect(unlessAborted(late.promise, AbortSignal.abort(new Error('enough')))).rejects.toThrow();
  const unhandled = deferred<unknown>();
  process.once('unhandledRejection', unhandled.resolve);
  late.reject(new Error('too late'));
  // Node tells of unhandled rejections before it runs immediates.
  setImmediate(() => unhandled.resolve(undefined));
  expect(await unhandled.promise).toBeUndefined();
});

test('no listener stays on a signal that outlives the promise', async () => {
  const { signal } = new AbortController();
  await unlessAborted(Promise.resolve(), signal);
  expect(getEventListeners(signal, 'abort')).toEqual([]);
});

async function* numbers(): AsyncGenerator<number> {
  yield 1;
  yield 2;
}

/** Yields once and then never again. */
async function* silent(): AsyncGenerator<number> {
  yield 1;
  await new Promise(() => {});
}

test('a source that is not aborted is read to its end', async () => {
  expect(await Array.fromAsync(untilAborted(numbers(), new AbortController().signal))).toEqual([1, 2]);
});

test('a source that says nothing is left as soon as the signal aborts', async () => {
  const leaving = new AbortController();
  const read: number[] = [];
  const reading = (async () => {
    for await (const number of untilAborted(silent(), leaving.signal)) {
      read.push(number);
      queueMicrotask(() => leaving.abort(new Error('enough')));
    }
  })();
  await expect(reading).rejects.toThrow('enough');
  expect(read).toEqual([1]);
});

test('leaving the loop returns the source', async () => {
  let isReturned = false;
  async function* source(): AsyncGenerator<number> {
    try {
      yield 1;
    } finally {
      isReturned = true;
    }
  }
  for await (const _ of untilAborted(source(), new AbortController().signal)) break;
  expect(isReturned).toBe(true);
});
