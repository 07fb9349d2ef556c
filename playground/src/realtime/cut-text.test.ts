import { expect, test } from 'vitest';
import { cutPosition } from './cut-text.ts';

/** Two sentences, each written before its second of speech. */
const item = {
  text: 'One two three. Four five six.',
  marks: [
    { textLength: 0, audioMs: 0 },
    { textLength: 4, audioMs: 0 },
    { textLength: 14, audioMs: 1000 },
  ],
  audioMs: 2000,
};

function heard(heardMs: number): string {
  return item.text.slice(0, cutPosition(item, heardMs));
}

test('what was heard ends between words', () => {
  expect(heard(500)).toBe('One two');
  expect(heard(1500)).toBe('One two three. Four');
});

test('a sentence that was heard whole is kept whole', () => {
  expect(heard(1000)).toBe('One two three.');
});

test('nothing heard is nothing kept, and all is all', () => {
  expect(heard(0)).toBe('');
  expect(heard(2000)).toBe('One two three. Four five six.');
});
