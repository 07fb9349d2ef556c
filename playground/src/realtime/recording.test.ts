import { expect, test } from 'vitest';
import { Recording } from './recording.ts';

/** 10 ms of one value. */
const piece = (value: number) => new Int16Array(240).fill(value);

test('both sides are laid out as they were heard, with their pauses', () => {
  const recording = new Recording();
  recording.addInput(piece(1), 100);
  recording.addInput(piece(2), 110);
  recording.addOutput({ itemId: 'a', samples: piece(3), startMs: 400 });
  const [user, assistant] = recording.mixdown();
  expect([user[0], user[239], user[240], user.length]).toEqual([1, 1, 2, 480]);
  expect([assistant[0], assistant[300 * 24 - 1], assistant[300 * 24]]).toEqual([0, 0, 3]);
});

test('clocks that differ by a little leave no gap in what is whole', () => {
  const recording = new Recording();
  recording.addInput(piece(1), 0);
  recording.addInput(piece(2), 10.9);
  recording.addInput(piece(3), 19.2);
  expect(recording.mixdown()[0]).toHaveLength(720);
});

test('a turn is found by the server’s count of what was sent, pauses left out', () => {
  const recording = new Recording();
  recording.addInput(piece(1), 0);
  recording.addInput(piece(2), 4990);
  recording.addInput(piece(3), 5000);
  expect([...new Set(recording.inputBetween(10, 20))]).toEqual([2]);
  expect(recording.inputMs).toBe(30);
});

test('what was heard of an item is kept by itself', () => {
  const recording = new Recording();
  recording.addOutput({ itemId: 'a', samples: piece(1), startMs: 0 });
  recording.addOutput({ itemId: 'b', samples: piece(2), startMs: 10 });
  recording.addOutput({ itemId: 'a', samples: piece(3), startMs: 20 });
  expect([...new Set(recording.outputOf('a'))]).toEqual([1, 3]);
  expect(recording.outputOf('c')).toHaveLength(0);
});

test('what is older than 30 minutes of its side is let go, of the whole and of its item', () => {
  const recording = new Recording();
  const minute = 60_000;
  for (let index = 0; index < 31; index++) {
    const samples = new Int16Array(60 * 24_000).fill(index);
    recording.addOutput({ itemId: `item ${index}`, samples, startMs: index * minute });
  }
  expect(recording.outputOf('item 0')).toHaveLength(0);
  expect(recording.outputOf('item 1')).toHaveLength(60 * 24_000);
  expect(recording.mixdown()[1]).toHaveLength(30 * 60 * 24_000);
});
