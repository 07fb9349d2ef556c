import { expect, test } from 'vitest';
import { recognizedWords } from './recognized-words.ts';

const SPAN = { offsetMs: 1_000, endMs: 3_000 };

test('tokens are put together to words, each from its first token to the next', () => {
  const result = {
    text: 'Hello, world.',
    tokens: ['▁Hel', 'lo', ',', '▁wor', 'ld', '.'],
    timestamps: [0, 0.2, 0.4, 0.5, 0.8, 1],
  };
  expect(recognizedWords(result, SPAN)).toEqual([
    { text: 'Hello,', startMs: 1_000, endMs: 1_500 },
    { text: 'world.', startMs: 1_500, endMs: 2_400 },
  ]);
});

test('a space that is a token of its own ends a word', () => {
  const result = { text: 'a b', tokens: ['a', ' ', 'b'], timestamps: [0, 0.1, 0.2] };
  expect(recognizedWords(result, SPAN)?.map(({ text }) => text)).toEqual(['a', 'b']);
});

test('characters of Chinese are words of their own, and the mark after one is a part of it', () => {
  const result = { text: '你好。', tokens: ['你', '好', '。'], timestamps: [0, 0.1, 0.2] };
  expect(recognizedWords(result, SPAN)?.map(({ text }) => text)).toEqual(['你', '好。']);
});

test('a word before a long pause ends soon, and none ends after the audio', () => {
  const result = { text: 'a b', tokens: [' a', ' b'], timestamps: [0, 1.9] };
  expect(recognizedWords(result, SPAN)).toEqual([
    { text: 'a', startMs: 1_000, endMs: 1_400 },
    { text: 'b', startMs: 2_900, endMs: 3_000 },
  ]);
});

test('tokens without times, or of another text, tell no words', () => {
  expect(recognizedWords({ text: 'a', tokens: ['a'], timestamps: [] }, SPAN)).toBeUndefined();
  expect(recognizedWords({ text: 'two', tokens: ['2'], timestamps: [0] }, SPAN)).toBeUndefined();
  expect(recognizedWords({ text: '' }, SPAN)).toBeUndefined();
});
