import { expect, test } from 'vitest';
import { addUsage, readUsage } from './usage.ts';

const USAGE = {
  total_tokens: 100,
  input_token_details: { text_tokens: 10, audio_tokens: 20, cached_tokens: 5 },
  output_token_details: { text_tokens: 30, audio_tokens: 40 },
};

test('tokens are read by kind, and what is not told is none', () => {
  expect(readUsage(USAGE)).toEqual({
    inputText: 10,
    inputAudio: 20,
    cached: 5,
    outputText: 30,
    outputAudio: 40,
    total: 100,
  });
  expect(readUsage({ total_tokens: 7 })).toMatchObject({ total: 7, inputText: 0 });
  expect(readUsage(null)).toBeUndefined();
});

test('answers add up', () => {
  const usage = readUsage(USAGE);
  if (!usage) throw new Error('There is usage.');
  expect(addUsage([usage, usage])).toEqual({
    inputText: 20,
    inputAudio: 40,
    cached: 10,
    outputText: 60,
    outputAudio: 80,
    total: 200,
  });
});
