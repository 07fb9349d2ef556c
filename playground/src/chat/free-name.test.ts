import { expect, test } from 'vitest';
import { freeName } from './free-name.ts';

test.each([
  ['question.wav', 'wav', [], 'question.wav'],
  ['question.flac', 'wav', [], 'question.wav'],
  ['question.wav', 'wav', ['question.wav', 'question-2.wav'], 'question-3.wav'],
  ["my dog's $(rm) `song`.mp3", 'mp3', [], 'my-dog-s-rm-song.mp3'],
  ['Fråga nr 1.wav', 'wav', [], 'Fråga-nr-1.wav'],
  ['../../etc/passwd', 'wav', [], 'etc-passwd.wav'],
  ['…', 'wav', [], 'audio.wav'],
])('%s becomes a name that is free and plain', (wanted, suffix, taken, name) => {
  expect(freeName(wanted, suffix, taken)).toBe(name);
});
