import { expect, test } from 'vitest';
import { DecodeQueue } from './decode-queue.ts';

test('one is worked on at a time, in the order in which they came', async () => {
  const queue = new DecodeQueue();
  const begun: string[] = [];
  const { promise: end, resolve } = Promise.withResolvers<void>();
  const first = queue.run(async () => {
    begun.push('first');
    await end;
  });
  const second = queue.run(async () => {
    begun.push('second');
  });
  await Promise.resolve();
  expect(begun).toEqual(['first']);
  expect(queue.isFree).toBe(false);
  resolve();
  await Promise.all([first, second]);
  expect(begun).toEqual(['first', 'second']);
  expect(queue.isFree).toBe(true);
});

test('work that fails does not keep what comes after it', async () => {
  const queue = new DecodeQueue();
  const failing = queue.run(async () => {
    throw new Error('No.');
  });
  const next = queue.run(async () => 'done');
  await expect(failing).rejects.toThrow('No.');
  expect(await next).toBe('done');
});
