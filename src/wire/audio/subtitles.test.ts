import { expect, test } from 'vitest';
import { toSrt, toVtt } from './subtitles.ts';

function said(text: string, startMs = 0, endMs = 1000) {
  return { text, startMs, endMs, words: undefined };
}

test('times are told in hours, minutes, seconds and milliseconds', () => {
  const long = [said('late', 3_723_004.4, 35_999_999.6)];
  expect(toSrt(long)).toBe('1\n01:02:03,004 --> 10:00:00,000\nlate\n\n');
  expect(toVtt(long)).toBe('WEBVTT\n\n01:02:03.004 --> 10:00:00.000\nlate\n\n');
});

test('subtitles of nothing are empty, and WebVTT is its header', () => {
  expect(toSrt([])).toBe('');
  expect(toVtt([])).toBe('WEBVTT\n\n');
});

test('a text can not begin another subtitle', () => {
  const tricky = [said('a\n\n2\n00:00:00,000 --> 00:00:01,000\nb')];
  expect(toSrt(tricky)).toBe('1\n00:00:00,000 --> 00:00:01,000\na 2 00:00:00,000 -> 00:00:01,000 b\n\n');
});

test('what means markup in WebVTT is escaped there and not in SubRip', () => {
  expect(toVtt([said('<b> & co')])).toBe('WEBVTT\n\n00:00:00.000 --> 00:00:01.000\n&lt;b> &amp; co\n\n');
  expect(toSrt([said('<b> & co')])).toBe('1\n00:00:00,000 --> 00:00:01,000\n<b> & co\n\n');
});
