import { expect, test } from 'vitest';
import { wordErrorRate } from './word-error-rate.ts';

test('the same words in another dress are no error', () => {
  expect(wordErrorRate('Ask not, my friend.', 'ask not my FRIEND')).toBe(0);
});

test('a wrong, a missing and an added word count one each', () => {
  expect(wordErrorRate('one two three four', 'one too three four')).toBe(0.25);
  expect(wordErrorRate('one two three four', 'one three four')).toBe(0.25);
  expect(wordErrorRate('one two three four', 'one two and three four')).toBe(0.25);
});

test('hearing nothing is all wrong', () => {
  expect(wordErrorRate('one two', '')).toBe(1);
});
