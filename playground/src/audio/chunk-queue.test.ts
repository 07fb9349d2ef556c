import { expect, test } from 'vitest';
import { ChunkQueue } from './chunk-queue.ts';

test('what waits is read in order, and then the end', async () => {
  const queue = new ChunkQueue<number>(3);
  queue.push(1);
  queue.push(2);
  queue.close();
  expect(await Array.fromAsync(queue)).toEqual([1, 2]);
});

test('a full queue lets the oldest go', async () => {
  const queue = new ChunkQueue<number>(2);
  for (const value of [1, 2, 3]) queue.push(value);
  queue.close();
  expect(await Array.fromAsync(queue)).toEqual([2, 3]);
});

test('a reader that waits is woken by what comes', async () => {
  const queue = new ChunkQueue<number>(2);
  const reading = Array.fromAsync(queue);
  queue.push(7);
  queue.close();
  expect(await reading).toEqual([7]);
});
