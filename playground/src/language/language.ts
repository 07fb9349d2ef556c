/** What the page can be read in. */
export const LANGUAGES = ['en', 'sv', 'fr'] as const;

export type Language = (typeof LANGUAGES)[number];

/** The same words in every language; the compiler counts them. */
export type Text<Words> = Readonly<Record<Language, Words>>;

const STORED = 'samtal.language';

/** What was chosen before, else the first of the browser's languages that there is. */
export function preferredLanguage(): Language {
  const wanted = [localStorage.getItem(STORED) ?? '', ...navigator.languages];
  const known = wanted.map((tag) => tag.slice(0, 2).toLowerCase());
  return LANGUAGES.find((language) => language === known.find(isLanguage)) ?? 'en';
}

export function rememberLanguage(language: Language): void {
  localStorage.setItem(STORED, language);
}

function isLanguage(tag: string): tag is Language {
  return LANGUAGES.some((language) => language === tag);
}
