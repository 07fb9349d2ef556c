import { expect, test } from 'vitest';
import { countWordErrors } from './word-errors.ts';

test.each([
  ['the same words', 'Hello, world.', 'hello world', 0, 2],
  ['a replaced word', 'a golden retriever', 'a golden receiver', 1, 3],
  ['a lost word', 'one two three', 'one three', 1, 3],
  ['words that nobody said', 'one', 'well one then', 2, 1],
  ['nothing heard', 'one two', '', 2, 2],
])('%s', (_, said, heard, errors, words) => {
  expect(countWordErrors(said, heard)).toEqual({ errors, words });
});
