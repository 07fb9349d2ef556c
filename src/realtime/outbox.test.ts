import { setImmediate } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { Outbox } from './outbox.ts';

const { signal } = new AbortController();

function outbox(): Outbox<string, number> {
  return new Outbox({ progressAhead: 2, controlAhead: 2 });
}

function takeAll(box: Outbox<string, number>): readonly (string | number)[] {
  const taken: (string | number)[] = [];
  for (let event = box.take(); event !== undefined; event = box.take()) taken.push(event);
  return taken;
}

test('control is taken before progress, each in its order', async () => {
  const box = outbox();
  await box.write(1, signal);
  await box.write(2, signal);
  box.post('a');
  box.post('b');
  expect(takeAll(box)).toEqual(['a', 'b', 1, 2]);
});

test('progress waits for room, and for no more than that', async () => {
  const box = outbox();
  const written: number[] = [];
  const writing = [1, 2, 3, 4].map(async (event) => {
    await box.write(event, signal);
    written.push(event);
  });
  await setImmediate();
  expect(written).toEqual([1, 2]);
  box.take();
  await setImmediate();
  expect(written).toEqual([1, 2, 3]);
  box.discard((event) => event === 2);
  await Promise.all(writing);
  expect(takeAll(box)).toEqual([3, 4]);
});

test('who waits for room stops waiting when aborted, and writes nothing', async () => {
  const box = outbox();
  const stop = new AbortController();
  await box.write(1, signal);
  await box.write(2, signal);
  const writing = box.write(3, stop.signal);
  stop.abort(new Error('cut'));
  await expect(writing).rejects.toThrow('cut');
  expect(takeAll(box)).toEqual([1, 2]);
});

test('it is calm once fewer events of control wait than its bound', async () => {
  const box = outbox();
  box.post('a');
  await box.calm(signal);
  box.post('b');
  let isCalm = false;
  const calm = box.calm(signal).then(() => {
    isCalm = true;
  });
  await setImmediate();
  expect(isCalm).toBe(false);
  box.take();
  await calm;
});

test('a reader waits for the first event, and hears of the end behind the last of control', async () => {
  const box = outbox();
  const readable = box.readable();
  box.post('a');
  expect(await readable).toBe(true);
  await box.write(1, signal);
  box.close();
  box.close();
  box.post('late');
  await box.write(2, signal);
  expect(await box.readable()).toBe(true);
  expect(takeAll(box)).toEqual(['a']);
  expect(await box.readable()).toBe(false);
});
