/** Titles in English and French, which stand before a name. Only with the capital: `me.` ends a sentence. */
const TITLES = new Set(
  'Dr Mr Mrs Ms Prof St Gen Col Capt Lt Sgt Rev Gov Sen Rep Pres Messrs Mt M MM Mme Mlle Mgr Me'.split(' '),
);

/** Stand in the middle of a sentence, in English, Swedish and French; the last stop left out. */
const NEVER_LAST = new Set(
  `vs cf viz approx e.g i.e t.ex bl.a d.v.s dvs s.k f.d fr.o.m t.o.m p.g.a m.a.o ca kl resp p.ex
  c.-à-d c.à.d`.split(/\s+/),
);

/** Abbreviations only when a number follows. */
const BEFORE_NUMBERS = new Set(
  'no nr nos fig figs ch chap vol p pp art eq ref s sid kap n° jan feb mar apr jun jul aug sep sept oct nov dec'.split(
    ' ',
  ),
);

/** Has a stop inside, yet may well end a sentence. */
const OFTEN_LAST = new Set(['a.m', 'p.m', 'o.s.v', 'm.m', 'm.fl']);

/** Whether the full stop between `before` and a sentence that would begin with `next` belongs to its word. */
export function isAbbreviation(before: string, next: string): boolean {
  const word = /[^\s([{"'“”‘’«»*_]*$/.exec(before)?.[0] ?? '';
  const lower = word.toLowerCase();
  if (TITLES.has(word) || NEVER_LAST.has(lower)) return true;
  if (/\p{Nd}/u.test(next) && BEFORE_NUMBERS.has(lower)) return true;
  if (isInitial(word, before)) return true;
  if (isListNumber(word, before)) return true;
  return /^(?:\p{L}\.)+\p{L}$/u.test(word) && !OFTEN_LAST.has(lower);
}

/** The `J` of `J. Smith`: after a name or at the beginning. In `vitamin C.` the sentence ends. */
function isInitial(word: string, before: string): boolean {
  if (!/^\p{Lu}$/u.test(word) || word === 'I') return false;
  return /(?:^|[\n.])\s*\S*$|\p{Lu}\S*\s+\S+$/u.test(before);
}

/** The `1` of `1. First`, at the beginning of a line. */
function isListNumber(word: string, before: string): boolean {
  return /^\p{Nd}{1,3}$/u.test(word) && /(?:^|\n)\s*\S+$/.test(before);
}
