import { cleanInline } from './speakable-inline.ts';

/** Cleans the pieces of one reply, in order: a code block or hidden thought may begin in one and end in another. */
export interface SpeechCleaner {
  /** What is to be said of `piece`; empty when nothing is. */
  clean(piece: string): string;
}

/** What is to be said of a piece that stands alone. */
export function speakable(piece: string): string {
  return createSpeechCleaner().clean(piece);
}

/**
 * Leaves out of a reply what is written to be seen: Markdown (CommonMark and the tables of GitHub), code blocks,
 * the path of links, emoji, and the thoughts that reasoning models put in `<think>`. Numbers and symbols stay:
 * how they are said is a matter of the language, which the engine knows.
 */
export function createSpeechCleaner(): SpeechCleaner {
  let state: BlockState = 'prose';
  return {
    clean(piece) {
      let prose = '';
      for (const part of piece.split(BLOCK_MARKS)) {
        if (isBlockMark(part)) state = stateAfter(part, state);
        else if (state === 'prose') prose += part;
      }
      const said = prose.split('\n').map(cleanLine).filter(Boolean).join(' ');
      return /[\p{L}\p{N}]/u.test(said) ? said : '';
    },
  };
}

type BlockState = 'prose' | 'code' | 'thought';

/** Captured, so that a split at the marks keeps them as parts of their own. */
const BLOCK_MARKS = /(`{3,}|~{3,}|<\/?(?:think|thinking|thought|reasoning)>)/i;

function isBlockMark(part: string): boolean {
  return BLOCK_MARKS.test(part);
}

function stateAfter(mark: string, state: BlockState): BlockState {
  const isTag = mark.startsWith('<');
  switch (state) {
    case 'prose':
      if (isTag) return mark.startsWith('</') ? 'prose' : 'thought';
      return 'code';
    case 'code':
      return isTag ? 'code' : 'prose';
    case 'thought':
      return mark.startsWith('</') ? 'prose' : 'thought';
  }
}

function cleanLine(line: string): string {
  if (/^\s*(?:[-*_]\s*){3,}$/.test(line) || /^[\s|:-]*-[\s|:-]*\|[\s|:-]*$/.test(line)) return '';
  const isBlock = /^\s*(?:#{1,6}\s|[-*+•]\s|\d+[.)]\s|>|\|)/.test(line);
  const text = cleanInline(isTableRow(line) ? toSentence(line) : withoutLineMarks(line));
  return isBlock && /[\p{L}\p{N}]$/u.test(text) ? `${text}.` : text;
}

function isTableRow(line: string): boolean {
  return /^\s*\|.*\|\s*$/.test(line);
}

function toSentence(row: string): string {
  const cells = row
    .trim()
    .slice(1, -1)
    .split(/(?<!\\)\|/);
  return cells
    .map((cell) => cell.trim())
    .filter(Boolean)
    .join(', ');
}

function withoutLineMarks(line: string): string {
  return line
    .replace(/^(?:\s*>)+\s?/, '')
    .replace(/^\s*#{1,6}\s+/, '')
    .replace(/\s+#+\s*$/, '')
    .replace(/^\s*[-*+•]\s+(?:\[[ xX]\]\s+)?/, '');
}
