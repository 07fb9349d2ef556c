import { expect, test } from 'vitest';
import { PlaybackQueue } from './playback-queue.ts';

function frame(): Float32Array {
  return new Float32Array(4).fill(9);
}

test('pieces of one item follow each other without a gap, across frames', () => {
  const queue = new PlaybackQueue();
  queue.append('a', Float32Array.of(1, 2, 3));
  queue.append('a', Float32Array.of(4, 5));
  const [first, second] = [frame(), frame()];
  queue.render(first);
  queue.render(second);
  expect([...first, ...second]).toEqual([1, 2, 3, 4, 5, 0, 0, 0]);
});

test('what was played is told by item', () => {
  const queue = new PlaybackQueue();
  queue.append('a', Float32Array.of(1));
  queue.append('b', Float32Array.of(2, 3));
  expect(queue.render(frame())).toEqual([
    { itemId: 'a', samples: Float32Array.of(1) },
    { itemId: 'b', samples: Float32Array.of(2, 3) },
  ]);
});

test('an empty queue plays silence', () => {
  const queue = new PlaybackQueue();
  const output = frame();
  expect(queue.render(output)).toEqual([]);
  expect([...output]).toEqual([0, 0, 0, 0]);
});

test('the last frame sinks to silence, and nothing follows it', () => {
  const queue = new PlaybackQueue();
  queue.append('a', new Float32Array(100).fill(1));
  const last = frame();
  queue.renderLast(last);
  expect([...last]).toEqual([1, 0.75, 0.5, 0.25]);
  const next = frame();
  queue.render(next);
  expect([...next]).toEqual([0, 0, 0, 0]);
  expect(queue.isEmpty).toBe(true);
});

test('stopping tells to the sample what was heard of each item', () => {
  const queue = new PlaybackQueue();
  queue.append('a', new Float32Array(3));
  queue.append('b', new Float32Array(10));
  queue.append('c', new Float32Array(5));
  queue.render(frame());
  expect(queue.renderLast(frame()).heard).toEqual([
    { itemId: 'a', heardSamples: 3, isWhole: true },
    { itemId: 'b', heardSamples: 5, isWhole: false },
    { itemId: 'c', heardSamples: 0, isWhole: false },
  ]);
});

test('after a stop items are counted from the beginning', () => {
  const queue = new PlaybackQueue();
  queue.append('a', new Float32Array(10));
  queue.renderLast(frame());
  expect(queue.renderLast(frame()).heard).toEqual([]);
});
