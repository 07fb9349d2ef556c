import { expect, test } from 'vitest';
import { semanticPauseMs } from './semantic-pause.ts';

test.each([
  ['low', 900, 8_000],
  ['medium', 600, 4_000],
  ['auto', 600, 4_000],
  ['high', 400, 2_000],
] as const)('%s eagerness waits from %d to %d ms', (eagerness, shortest, longest) => {
  expect(semanticPauseMs('That is all.', eagerness)).toBe(shortest);
  expect(semanticPauseMs('I would like to', eagerness)).toBe(longest);
  expect(semanticPauseMs('', eagerness)).toBe((shortest + longest) / 2);
});

test.each(['and then,', 'Je voudrais un', 'jag vill ha en', 'well, uh', 'one thing:'])(
  '%j wants a word behind it',
  (text) => {
    expect(semanticPauseMs(text, 'high')).toBe(2_000);
  },
);

test('words without a mark behind them are likely an end', () => {
  expect(semanticPauseMs('what time is it', 'high')).toBe(640);
});
