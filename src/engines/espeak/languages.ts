import { primarySubtag } from '../../engine/language-tag.ts';

/** Where espeak-ng goes by another name than BCP 47, or has several and one is the expected one. */
const NAMED_OTHERWISE: Readonly<Record<string, string>> = {
  en: 'en-us',
  fr: 'fr-fr',
  zh: 'cmn',
  'zh-hk': 'yue',
  no: 'nb',
  nn: 'nb',
  'es-mx': 'es-419',
  'es-us': 'es-419',
  'es-ar': 'es-419',
  iw: 'he',
  tl: 'fil',
};

/**
 * What espeak-ng calls a language given as BCP 47: the very one, or else the language without its region.
 * `undefined` when none of `known` is that language.
 */
export function toEspeakLanguage(language: string, known: readonly string[]): string | undefined {
  const tag = language.toLowerCase().replaceAll('_', '-');
  const primary = primarySubtag(tag);
  const wanted = [NAMED_OTHERWISE[tag], tag, NAMED_OTHERWISE[primary], primary];
  return wanted.find((name) => name !== undefined && known.includes(name));
}

/** The BCP 47 primary subtags of all of `known`, each once. */
export function primarySubtags(known: readonly string[]): string[] {
  const renamed = Object.keys(NAMED_OTHERWISE).filter((tag) => toEspeakLanguage(tag, known));
  return [...new Set([...known, ...renamed].map(primarySubtag))].toSorted();
}
