import { expect, test } from 'vitest';
import { joinSamples, loudness, toInt16, toMs } from './pcm.ts';

test('what is louder than full is cut, not folded', () => {
  expect([...toInt16(Float32Array.of(0, 1, -1, 1.5, -2))]).toEqual([0, 32_767, -32_767, 32_767, -32_767]);
});

test('pieces are joined in order', () => {
  expect([...joinSamples([Int16Array.of(1), Int16Array.of(2, 3)])]).toEqual([1, 2, 3]);
});

test('loudness is that of a square wave, and 0 of nothing', () => {
  expect(loudness(Int16Array.of(16_384, -16_384))).toBe(0.5);
  expect(loudness(new Int16Array())).toBe(0);
});

test('24 000 samples last a second', () => {
  expect(toMs(24_000)).toBe(1000);
});
