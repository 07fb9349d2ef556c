import { expect, test } from 'vitest';
import { Recording } from './recording.ts';

/** 10 ms of one value. */
const piece = (value: number) => new Int16Array(240).fill(value);

test('both sides are laid out as they were heard, with their pauses', () => {
  const recording = new Recording();
  recording.addInput(piece(1), 110);
  recording.addInput(piece(2), 120);
  recording.addOutput('a', { samples: piece(3), atMs: 410 });
  const [user, assistant] = recording.mixdown();
  expect([user[0], user[239], user[240], user.length]).toEqual([1, 1, 2, 480]);
  expect([assistant[0], assistant[300 * 24 - 1], assistant[300 * 24]]).toEqual([0, 0, 3]);
});

test('messages that come unevenly leave no gaps in what is whole', () => {
  const recording = new Recording();
  recording.addInput(piece(1), 10);
  recording.addInput(piece(2), 75);
  recording.addInput(piece(3), 76);
  expect(recording.mixdown()[0]).toHaveLength(720);
});

test('a turn is found by the server’s count of what was sent, pauses left out', () => {
  const recording = new Recording();
  recording.addInput(piece(1), 10);
  recording.addInput(piece(2), 5000);
  recording.addInput(piece(3), 5010);
  expect([...new Set(recording.inputBetween(10, 20))]).toEqual([2]);
  expect(recording.inputMs).toBe(30);
});

test('what was heard of an item is kept by itself', () => {
  const recording = new Recording();
  recording.addOutput('a', { samples: piece(1), atMs: 10 });
  recording.addOutput('b', { samples: piece(2), atMs: 20 });
  recording.addOutput('a', { samples: piece(3), atMs: 30 });
  expect([...new Set(recording.outputOf('a'))]).toEqual([1, 3]);
  expect(recording.outputOf('c')).toHaveLength(0);
});
