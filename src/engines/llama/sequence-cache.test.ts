import { expect, test } from 'vitest';
import type { TokenSequence } from './llama-runtime.ts';
import { SequenceCache } from './sequence-cache.ts';

function holding(...contextTokens: number[]): TokenSequence {
  return {
    contextTokens,
    tokenMeter: { getState: () => ({ usedInputTokens: 0, usedOutputTokens: 0 }) },
    adaptStateToTokens: async () => {},
    evaluateWithoutGeneratingNewTokens: async () => {},
    async *evaluate() {},
  };
}

test('the next turn of a conversation gets the sequence that holds it', () => {
  const [empty, other, own] = [holding(), holding(9, 9, 9), holding(1, 2, 3, 4)];
  const cache = new SequenceCache([empty, other, own]);
  expect(cache.take([1, 2, 3, 4, 5, 6])).toBe(own);
});

test('a conversation of which the last words were taken back is still the same', () => {
  const [empty, own] = [holding(), holding(1, 2, 3, 4)];
  expect(new SequenceCache([empty, own]).take([1, 2, 3, 7, 8])).toBe(own);
});

test('a new conversation with the instructions of another does not take its sequence', () => {
  const [other, empty] = [holding(1, 2, 30, 31, 32, 33), holding()];
  const cache = new SequenceCache([other, empty]);
  expect(cache.take([1, 2, 30, 31, 32, 33, 34])).toBe(other);
  cache.giveBack(other);
  expect(cache.take([1, 2, 40])).toBe(empty);
});

test('a new conversation takes what has been idle for longest', () => {
  const [first, second] = [holding(1), holding(2)];
  const cache = new SequenceCache([first, second]);
  for (const prompt of [[1], [2]]) expect(cache.take(prompt)).toBe(prompt[0] === 1 ? first : second);
  cache.giveBack(second);
  cache.giveBack(first);
  expect(cache.take([3])).toBe(second);
});

test('a sequence that is taken is nobody else’s until it is given back', () => {
  const only = holding();
  const cache = new SequenceCache([only]);
  expect(cache.take([1])).toBe(only);
  expect(cache.take([1])).toBeUndefined();
  cache.giveBack(only);
  expect(cache.take([1])).toBe(only);
});
