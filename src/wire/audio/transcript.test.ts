import { expect, test } from 'vitest';
import { toLanguageName, toVerboseJson } from './transcript.ts';

test.each([
  ['en', 'english'],
  ['en-US', 'english'],
  ['sv', 'swedish'],
  ['zh-Hant-TW', 'chinese'],
  ['thai', 'thai'],
  ['xx', 'xx'],
  [undefined, 'unknown'],
])('the language %s is called %s', (code, name) => {
  expect(toLanguageName(code)).toBe(name);
});

test('times are rounded to milliseconds, and the billed time up to seconds', () => {
  const transcript = {
    text: 'hi',
    utterances: [{ text: 'hi', startMs: 10.4, endMs: 1234.56, words: undefined }],
    durationMs: 1300.7,
    language: 'en',
  };
  const verbose = toVerboseJson(transcript, { times: { segments: true, words: false }, temperature: 0 });
  expect(verbose).toMatchObject({
    duration: 1.301,
    segments: [{ id: 0, start: 0.01, end: 1.235, text: ' hi' }],
    usage: { type: 'duration', seconds: 2 },
  });
});
