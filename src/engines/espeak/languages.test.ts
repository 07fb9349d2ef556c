import { expect, test } from 'vitest';
import { primarySubtags, toEspeakLanguage } from './languages.ts';

const known = ['cmn', 'yue', 'en-us', 'en-gb', 'fr-fr', 'fr-be', 'sv', 'nb', 'pt', 'pt-br', 'es', 'es-419'];

test.each([
  ['sv', 'sv'],
  ['sv-SE', 'sv'],
  ['en', 'en-us'],
  ['en-GB', 'en-gb'],
  ['en-AU', 'en-us'],
  ['fr-CA', 'fr-fr'],
  ['fr-BE', 'fr-be'],
  ['zh-CN', 'cmn'],
  ['zh-HK', 'yue'],
  ['no', 'nb'],
  ['pt_BR', 'pt-br'],
  ['es-MX', 'es-419'],
  ['xx', undefined],
  ['constructor', undefined],
])('%s is spoken as %s', (language, name) => {
  expect(toEspeakLanguage(language, known)).toBe(name);
});

test('the languages are told by their primary subtags', () => {
  expect(primarySubtags(known)).toEqual(['cmn', 'en', 'es', 'fr', 'nb', 'nn', 'no', 'pt', 'sv', 'yue', 'zh']);
});
