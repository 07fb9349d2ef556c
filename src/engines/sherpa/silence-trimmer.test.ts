import { expect, test } from 'vitest';
import { SilenceTrimmer } from './silence-trimmer.ts';

/** At a rate of which 20 ms are two samples. */
function trimmed(...pieces: readonly (readonly number[])[]): readonly (readonly number[])[] {
  const trimmer = new SilenceTrimmer(100);
  return pieces.flatMap((piece) => trimmer.push(Int16Array.from(piece)).map((part) => [...part]));
}

test('silence around speech is cut off, but for 20 ms', () => {
  expect(trimmed([0, 0, 0, 0, 900, 900, 0, 0, 0, 0])).toEqual([[0, 0, 900, 900, 0, 0]]);
});

test('silence between two pieces is kept, and that after the last is not', () => {
  expect(trimmed([900, 0, 0, 0, 5], [0, 0], [0, 900, 0, 0, 0, 0])).toEqual([
    [900, 0, 0],
    [0, 5],
    [0, 0],
    [0, 900, 0, 0],
  ]);
});

test('silence alone is nothing', () => {
  expect(trimmed([0, 100, -100], [0])).toEqual([]);
});
