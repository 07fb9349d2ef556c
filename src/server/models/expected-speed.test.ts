import { expect, test } from 'vitest';
import { memoryBandwidth, mostTokensPerSecond } from './expected-speed.ts';

test('a language model writes no faster than its weights can be read', () => {
  expect(mostTokensPerSecond({ role: 'languageModel' }, { downloadBytes: 2.5e9 }, 20e9)).toBe(8);
});

test('nothing is told of a model of unknown size, and of one that does other work', () => {
  expect(mostTokensPerSecond({ role: 'languageModel' }, { downloadBytes: undefined }, 20e9)).toBeUndefined();
  expect(mostTokensPerSecond({ role: 'synthesizer' }, { downloadBytes: 1e8 }, 20e9)).toBeUndefined();
});

test('the memory of a computer copies some gigabytes a second', () => {
  expect(memoryBandwidth()).toBeGreaterThan(5e8);
  expect(memoryBandwidth()).toBeLessThan(2e12);
});
