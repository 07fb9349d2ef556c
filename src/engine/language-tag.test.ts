import { expect, test } from 'vitest';
import { primarySubtag } from './language-tag.ts';

test.each([
  ['sv', 'sv'],
  ['sv-FI', 'sv'],
  ['PT-br', 'pt'],
  ['zh-Hant-TW', 'zh'],
])('the language of %s is %s', (tag, language) => {
  expect(primarySubtag(tag)).toBe(language);
});
