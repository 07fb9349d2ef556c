import { expect, test } from 'vitest';
import type { ModelMessage } from '../engine/language-model.ts';
import { withoutOldest } from './without-oldest.ts';

/** One message a letter: system, user, assistant or tool, with its place as its text. */
function prompt(letters: string): readonly ModelMessage[] {
  return letters.split('').map((letter, place): ModelMessage => {
    const text = `${place}`;
    if (letter === 't') return { role: 'tool', callId: text, output: text };
    return { role: letter === 's' ? 'system' : letter === 'u' ? 'user' : 'assistant', text };
  });
}

function left(letters: string): string | undefined {
  return withoutOldest(prompt(letters))
    ?.map((message) => (message.role === 'tool' ? message.output : message.text))
    .join('');
}

test.each([
  ['suauaua', '056'],
  ['uauauau', '456'],
  ['suatatau', '07'],
  ['uau', '2'],
  ['suu', '02'],
])('of %s stay %s', (letters, stay) => {
  expect(left(letters)).toBe(stay);
});

test.each(['', 's', 'u', 'su', 'sua', 'suat', 'a', 'sss'])('of %j nothing can be left out', (letters) => {
  expect(left(letters)).toBeUndefined();
});
