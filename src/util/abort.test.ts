import { expect, test } from 'vitest';
import { untilAborted } from './abort.ts';

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
