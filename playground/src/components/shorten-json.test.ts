import { expect, test } from 'vitest';
import { shortenJson, shortenText } from './shorten-json.ts';

test('prose is shown whole', () => {
  expect(shortenText('A golden retriever is a good family dog.')).toEqual({
    shown: 'A golden retriever is a good family dog.',
    isShortened: false,
  });
});

test('prose of a few pages is shown by its beginning', () => {
  expect(shortenText('word '.repeat(1000))).toEqual({
    shown: `${'word '.repeat(400)}…`,
    isShortened: true,
  });
});

test('base64 is shown by its first bytes, which tell the format', () => {
  expect(shortenText(`UklGRiQAAABXQVZF${'AAAA'.repeat(100)}`)).toEqual({
    shown: 'UklGRiQAAABXQVZF…',
    isShortened: true,
  });
});

test('an id is no base64', () => {
  expect(shortenText('audio_0123456789abcdef').isShortened).toBe(false);
});

test('audio inside JSON is shortened to its length, and everything else stays', () => {
  const data = `UklGRiQAAABXQVZF${'AAAA'.repeat(100)}`;
  expect(shortenJson({ messages: [{ input_audio: { data, format: 'wav' } }], n: 1, stop: null })).toEqual({
    messages: [{ input_audio: { data: 'UklGRiQAAABXQVZF… (416 characters)', format: 'wav' } }],
    n: 1,
    stop: null,
  });
});
