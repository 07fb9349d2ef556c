import { expect, test } from 'vitest';
import { SettledTranscript } from './settled-transcript.ts';

test('the text grows as an utterance settles', () => {
  const transcript = new SettledTranscript();
  const texts = ['the', 'the ca', 'the ca', 'the cat sat'].map((settled) => {
    transcript.settle(settled);
    return transcript.text;
  });
  expect(texts).toEqual(['the', 'the ca', 'the ca', 'the cat sat']);
  transcript.end('the cat sat on it');
  expect(transcript.text).toBe('the cat sat on it');
});

test('the next utterance is behind a space, and silence is none', () => {
  const transcript = new SettledTranscript();
  for (const utterance of ['', 'first', '', 'second']) transcript.end(utterance);
  transcript.settle('third');
  expect(transcript.text).toBe('first second third');
});

test('what has settled is not taken back by an engine that breaks its promise', () => {
  const transcript = new SettledTranscript();
  transcript.settle('one two');
  transcript.settle('one');
  transcript.end('won two three');
  transcript.end('four');
  expect(transcript.text).toBe('one two four');
});
