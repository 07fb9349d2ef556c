import { isAbbreviation } from './abbreviations.ts';

/** `index`: where the next sentence begins, or, when nothing ends here, where to look on. */
export interface SentenceEnd {
  readonly isEnd: boolean;
  readonly index: number;
}

/** Enders that need no space after them: Chinese, Japanese, and the full-width forms. */
const FULL_WIDTH_ENDERS = /[。！？｡．]/;
const ENDERS = /[.!?…؟۔।॥]/;
/** Brackets, quotation marks and emphasis that close after the ender. */
const CLOSERS = /["'”’»›)\]}*_`~」』）】》〉]/;

/**
 * Whether the character at `index` ends a sentence. A full stop is judged by the word before it and by the
 * first character after the white space behind it; `unknown` until that character is there.
 */
export function sentenceEnd(text: string, index: number, isComplete: boolean): SentenceEnd | 'unknown' {
  const character = text.charAt(index);
  const isFullWidth = FULL_WIDTH_ENDERS.test(character);
  if (!isFullWidth && !ENDERS.test(character)) return { isEnd: false, index: index + 1 };
  const afterRun = skip(text, index, (each) => ENDERS.test(each) || FULL_WIDTH_ENDERS.test(each));
  const afterClosers = skip(text, afterRun, (each) => CLOSERS.test(each));
  const next = skip(text, afterClosers, (each) => /[^\S\n]/.test(each));
  if (next >= text.length) return isComplete ? { isEnd: true, index: text.length } : 'unknown';
  if (isFullWidth) return { isEnd: true, index: next };
  if (text.charAt(next) === '\n') return { isEnd: true, index: next + 1 };
  if (next === afterClosers) return { isEnd: false, index: afterClosers };
  const run = text.slice(index, afterRun);
  const isEnd = isEndBefore(text.charAt(next), {
    run,
    before: text.slice(0, index),
    isQuoted: afterClosers > afterRun,
  });
  return { isEnd, index: isEnd ? next : afterClosers };
}

interface Ending {
  /** The enders, such as `.` or `?!`. */
  readonly run: string;
  readonly before: string;
  readonly isQuoted: boolean;
}

function isEndBefore(next: string, { run, before, isQuoted }: Ending): boolean {
  const goesOn = /\p{Ll}/u.test(next);
  if (run === '.') return !goesOn && !isAbbreviation(before, next);
  if (/^[.…]+$/.test(run)) return !goesOn;
  return !(goesOn && isQuoted);
}

function skip(text: string, from: number, isSkipped: (character: string) => boolean): number {
  let index = from;
  while (index < text.length && isSkipped(text.charAt(index))) index += 1;
  return index;
}
