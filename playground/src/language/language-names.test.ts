import { expect, test } from 'vitest';
import { firstLanguage, languageNames } from './language-names.ts';

test('languages are named in the language of the reader, in its order, each once', () => {
  expect(languageNames(['sv', 'en-US', 'en-US', 'de'], 'en')).toEqual([
    'American English',
    'German',
    'Swedish',
  ]);
  expect(languageNames(['sv', 'en'], 'sv')).toEqual(['engelska', 'svenska']);
});

test('the language of the reader stands for the others, else the first', () => {
  expect(firstLanguage(['en', 'af', 'sv-FI'], 'sv')).toBe('sv-FI');
  expect(firstLanguage(['en', 'af'], 'sv')).toBe('en');
  expect(firstLanguage([], 'sv')).toBeUndefined();
});

test('what is no language tag stays as it is', () => {
  expect(languageNames(['*'], 'fr')).toEqual(['*']);
});
