import { detectAll } from 'tinyld';
import { countCommonWords, hasCommonWords } from './common-words.ts';
import { languagesOfScript } from './script-language.ts';

/** What tinyld knows but no caller writes in: dead, planned and rarely meant languages, which short texts resemble. */
const NEVER_MEANT = new Set(['la', 'eo', 'vo', 'tlh', 'rn', 'ber', 'tk', 'ga', 'yi']);
/** From here on tinyld has seen something that only this language has. */
const CERTAIN = 0.8;
const LIKELY = 0.05;
const FEWEST_WORDS = 3;
/** So many words in letters that English has as well are no accident; fewer may be a command line or a list of names. */
const SURE_WORDS = 5;

export interface GuessedLanguage {
  /** A BCP 47 primary subtag. */
  readonly language: string;
  /** Whether the piece itself says so plainly; otherwise it is the language so far, or what a greeting hints at. */
  readonly isSure: boolean;
}

/**
 * Follows the language of one reply, piece by piece. It is `byDefault` until a piece says otherwise, and stays what
 * it is until a piece is plainly in another language: a name or an "OK." never changes it.
 */
export class LanguageGuess {
  #language: string;
  /** Whether a piece has borne the language out. Before that a single word, such as a greeting, may decide. */
  #isBorneOut = false;

  constructor(byDefault: string) {
    this.#language = byDefault;
  }

  next(piece: string): GuessedLanguage {
    const plain = this.#ofScript(piece) ?? this.#ofWords(piece);
    const language = plain ?? (this.#isBorneOut ? undefined : this.#ofGreeting(piece));
    if (language !== undefined) {
      this.#language = language;
      this.#isBorneOut = true;
    }
    return { language: this.#language, isSure: plain !== undefined && !isThin(plain, piece) };
  }

  #ofScript(piece: string): string | undefined {
    const languages = languagesOfScript(piece);
    if (languages.length <= 1) return languages[0];
    const likeliest = detectAll(piece, { only: [...languages] })[0];
    if (likeliest && likeliest.accuracy >= CERTAIN) return likeliest.lang;
    if (languages.includes(this.#language)) return this.#language;
    return likeliest?.lang ?? languages[0];
  }

  #ofWords(piece: string): string | undefined {
    const { words, leaders, lead } = toCommonWords(piece);
    const detected = detectAll(piece).find(({ lang }) => !NEVER_MEANT.has(lang));
    if (detected && isCertain(detected, words, leaders)) return detected.lang;
    const best = this.#bestOf(leaders, piece);
    if (lead >= 2 || best === this.#language) return best;
    const isLikely = detected?.lang === best && detected !== undefined && detected.accuracy >= LIKELY;
    return isLikely && words >= FEWEST_WORDS ? best : undefined;
  }

  #ofGreeting(piece: string): string | undefined {
    return this.#bestOf(toCommonWords(piece).leaders, piece);
  }

  /** Languages close to each other share their common words: between them the letters decide, or what was before. */
  #bestOf(leaders: readonly string[], piece: string): string | undefined {
    if (leaders.includes(this.#language)) return this.#language;
    if (leaders.length <= 1) return leaders[0];
    return detectAll(piece, { only: [...leaders] })[0]?.lang ?? leaders[0];
  }
}

type Detected = ReturnType<typeof detectAll>[number];

interface CommonWords {
  readonly words: number;
  /** The languages that have most of the words. */
  readonly leaders: readonly string[];
  /** How many more words these have than the next. */
  readonly lead: number;
}

function toCommonWords(piece: string): CommonWords {
  const words =
    piece
      .toLowerCase()
      .replaceAll('’', "'")
      .match(/\p{L}[\p{L}\p{M}']*/gu) ?? [];
  const counts = countCommonWords(words);
  const most = Math.max(0, ...counts.values());
  const leaders = [...counts.keys()].filter((language) => counts.get(language) === most);
  const next = Math.max(0, ...[...counts.values()].filter((count) => count < most));
  return { words: words.length, leaders, lead: most - next };
}

/** Whether only the likeness of a few plain letters speaks for the language. */
function isThin(language: string, piece: string): boolean {
  if (hasCommonWords(language) || /[^\p{ASCII}]/u.test(piece)) return false;
  return toCommonWords(piece).words < SURE_WORDS;
}

/** Foreign letters in names look certain as well, so the common words must not speak for another language. */
function isCertain(detected: Detected, words: number, leaders: readonly string[]): boolean {
  if (detected.accuracy < CERTAIN || words < FEWEST_WORDS) return false;
  return leaders.includes(detected.lang) || (leaders.length === 0 && !hasCommonWords(detected.lang));
}
