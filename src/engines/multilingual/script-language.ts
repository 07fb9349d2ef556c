/** Scripts that tell the language, or the likeliest of those written in them. */
const SCRIPTS: readonly { readonly letters: RegExp; readonly languages: readonly string[] }[] = [
  { letters: /[\p{Script=Hiragana}\p{Script=Katakana}]/gu, languages: ['ja'] },
  { letters: /\p{Script=Hangul}/gu, languages: ['ko'] },
  { letters: /\p{Script=Han}/gu, languages: ['zh', 'ja'] },
  { letters: /\p{Script=Cyrillic}/gu, languages: ['ru', 'uk', 'bg', 'sr', 'mk', 'be', 'kk', 'tt'] },
  { letters: /\p{Script=Arabic}/gu, languages: ['ar', 'fa', 'ur'] },
  { letters: /\p{Script=Devanagari}/gu, languages: ['hi', 'mr', 'ne'] },
  { letters: /\p{Script=Hebrew}/gu, languages: ['he'] },
  { letters: /\p{Script=Greek}/gu, languages: ['el'] },
  { letters: /\p{Script=Thai}/gu, languages: ['th'] },
  { letters: /\p{Script=Armenian}/gu, languages: ['hy'] },
  { letters: /\p{Script=Georgian}/gu, languages: ['ka'] },
  { letters: /\p{Script=Bengali}/gu, languages: ['bn'] },
  { letters: /\p{Script=Tamil}/gu, languages: ['ta'] },
  { letters: /\p{Script=Telugu}/gu, languages: ['te'] },
  { letters: /\p{Script=Gujarati}/gu, languages: ['gu'] },
  { letters: /\p{Script=Kannada}/gu, languages: ['kn'] },
  { letters: /\p{Script=Malayalam}/gu, languages: ['ml'] },
  { letters: /\p{Script=Gurmukhi}/gu, languages: ['pa'] },
  { letters: /\p{Script=Sinhala}/gu, languages: ['si'] },
  { letters: /\p{Script=Myanmar}/gu, languages: ['my'] },
  { letters: /\p{Script=Ethiopic}/gu, languages: ['am'] },
];

/**
 * The languages, likeliest first, of the script that is not Latin and has at least half of the letters of
 * `text`; none when there is no such script. Any kana makes the Han characters beside it Japanese.
 */
export function languagesOfScript(text: string): readonly string[] {
  const letters = text.match(/\p{L}/gu)?.length ?? 0;
  const latin = text.match(/\p{Script=Latin}/gu)?.length ?? 0;
  if (letters === 0 || latin * 2 > letters) return [];
  return SCRIPTS.find(({ letters }) => text.search(letters) >= 0)?.languages ?? [];
}
