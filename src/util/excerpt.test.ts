import { expect, test } from 'vitest';
import { excerpt } from './excerpt.ts';

test('a text that is short enough is quoted whole', () => {
  expect(excerpt('alloy')).toBe('alloy');
  expect(excerpt('x'.repeat(80))).toBe('x'.repeat(80));
});

test('a longer text is cut so that it has the length that is allowed', () => {
  expect(excerpt('x'.repeat(81))).toBe(`${'x'.repeat(77)}...`);
  expect(excerpt('abcdefgh', 6)).toBe('abc...');
});
