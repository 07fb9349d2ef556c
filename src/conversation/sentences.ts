import { sentenceEnd } from './sentence-end.ts';

/** The most characters in a piece: an engine speaks a piece in one go, and can be stopped only between pieces. */
const LONGEST = 250;
/** Once this much of the reply has come, its first piece may be a clause, so that speech begins early. */
const LONG_OPENING = 60;
const SHORTEST_OPENING = 20;

/**
 * Cuts text that is still being written into the pieces in which it is spoken: a sentence or a line each, or
 * a part of a sentence that is too long. A piece keeps the white space after it, so the pieces joined are the
 * text again. The pieces do not depend on how the text comes in chunks.
 */
export async function* sentences(text: AsyncIterable<string>): AsyncGenerator<string, void, void> {
  let rest = '';
  let isFirst = true;
  for await (const delta of text) {
    rest += delta;
    for (let end = cut(rest, isFirst, false); end > 0; end = cut(rest, isFirst, false)) {
      yield rest.slice(0, end);
      rest = rest.slice(end);
      isFirst = false;
    }
  }
  while (rest !== '') {
    const end = cut(rest, isFirst, true);
    yield rest.slice(0, end);
    rest = rest.slice(end);
    isFirst = false;
  }
}

/**
 * The length of the first piece of `text`; 0 while more must be read to know. Every step either sees all the
 * characters it depends on or waits for them, so what comes later never changes a cut.
 */
function cut(text: string, isFirst: boolean, isComplete: boolean): number {
  const seen = text.slice(0, LONGEST + 1);
  const isTooLong = text.length > LONGEST;
  let clause = 0;
  let space = 0;
  let hasWords = false;
  for (let index = 0; index < Math.min(seen.length, LONGEST); ) {
    if (isFirst && index >= LONG_OPENING && clause >= SHORTEST_OPENING) return clause;
    const character = seen.charAt(index);
    if (character === '\n' && hasWords) return index + 1;
    if (/\s/.test(character)) space = index + 1;
    else hasWords = true;
    if (isClauseEnd(seen, index)) clause = index + 1;
    const end = sentenceEnd(seen, index, isComplete && !isTooLong);
    if (end === 'unknown') {
      if (!isTooLong) return 0;
      index += 1;
    } else if (end.isEnd) {
      return Math.min(end.index, LONGEST);
    } else {
      index = end.index;
    }
  }
  if (isTooLong) return longCut(seen, clause, space);
  return isComplete ? text.length : 0;
}

/** A clause ends with the white space after a mark, or with a full-width mark, which has its space in it. */
function isClauseEnd(text: string, index: number): boolean {
  return (
    /[、，；：]/.test(text.charAt(index)) || /[,;:–—]\s$/.test(text.slice(Math.max(0, index - 1), index + 1))
  );
}

function longCut(text: string, clause: number, space: number): number {
  if (clause > LONGEST / 3) return clause;
  if (space > 0) return space;
  const isInsidePair = /[\uD800-\uDBFF]/.test(text.charAt(LONGEST - 1));
  return isInsidePair ? LONGEST - 1 : LONGEST;
}
