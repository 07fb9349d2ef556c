import { expect, test } from 'vitest';
import { StableTranscript } from './stable-transcript.ts';

test('a word is told once two hypotheses agree on it and another follows', () => {
  const stable = new StableTranscript();
  const hypotheses = ['the', 'the cat', 'the cat sat', 'the bat sat on', 'the bat sat on it'];
  expect(hypotheses.map((hypothesis) => stable.partial(hypothesis))).toEqual([
    '',
    'the',
    ' cat',
    '',
    ' sat on',
  ]);
});

test('what has been told is not taken back, and the last word comes with the end', () => {
  const stable = new StableTranscript();
  for (const hypothesis of ['one two', 'one two three', 'one']) stable.partial(hypothesis);
  expect(stable.final('won two three')).toBe(' three');
  expect(stable.text).toBe('one two three');
});

test('the next utterance begins anew, behind a space', () => {
  const stable = new StableTranscript();
  expect(stable.final('first')).toBe('first');
  expect(stable.final('')).toBe('');
  expect(stable.partial('second one')).toBe('');
  expect(stable.partial('second one now')).toBe(' second one');
  expect(stable.final('second one now')).toBe(' now');
});
