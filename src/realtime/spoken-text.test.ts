import { expect, test } from 'vitest';
import { heardText } from './spoken-text.ts';

const REPLY = {
  transcript: 'One two three. Four five six. 😀',
  marks: [
    { text: 'One two three. ', endMs: 1_000 },
    { text: 'Four five six. ', endMs: 2_000 },
  ],
};

test.each([
  [0, ''],
  [200, 'One'],
  [300, 'One '],
  [999, 'One two three. '],
  [1_000, 'One two three. '],
  [1_500, 'One two three. Four '],
  [2_000, 'One two three. Four five six. '],
  [9_000, 'One two three. Four five six. 😀'],
])('after %d ms has been heard: %j', (heardMs, heard) => {
  expect(heardText(REPLY, heardMs)).toBe(heard);
});

test('a clock that is a frame behind takes no word away', () => {
  expect(heardText(REPLY, 1_985)).toBe('One two three. Four five six. ');
});

test('a reply without marks is heard at the pace of speech, in whole words', () => {
  const reply = { transcript: 'One two three four five', marks: [] };
  expect([100, 400, 700, 5_000].map((ms) => heardText(reply, ms))).toEqual([
    '',
    'One ',
    'One two ',
    'One two three four five',
  ]);
});

test('however much is heard, it is a beginning, and more when more is heard', () => {
  let before = '';
  for (let ms = 0; ms < 4_000; ms += 7) {
    const heard = heardText(REPLY, ms);
    expect(REPLY.transcript.startsWith(heard)).toBe(true);
    expect(heard.length).toBeGreaterThanOrEqual(before.length);
    before = heard;
  }
});
