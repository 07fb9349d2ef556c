import type { MessageItem, TextMark } from './item.ts';

/**
 * Where the text ends that goes with the first `heardMs` of an item's speech. Words are written ahead of their
 * sound, a sentence or so at a time: what came between two stretches of speech is spread evenly over the first
 * of them, and the cut falls between words.
 */
export function cutPosition(
  { text, marks, audioMs }: Pick<MessageItem, 'text' | 'marks' | 'audioMs'>,
  heardMs: number,
): number {
  if (heardMs <= 0) return 0;
  const stretches = toStretches(marks, { textLength: text.length, audioMs });
  const cut = stretches.find(({ endMs }) => heardMs < endMs);
  if (!cut) return text.length;
  const share = Math.max(0, heardMs - cut.startMs) / (cut.endMs - cut.startMs);
  return endOfWord(text, cut.from + Math.floor(share * (cut.to - cut.from)));
}

interface Stretch {
  readonly from: number;
  readonly to: number;
  readonly startMs: number;
  readonly endMs: number;
}

/** Texts that came at the same place in the speech belong together. */
function toStretches(marks: readonly TextMark[], end: TextMark): Stretch[] {
  const starts = marks.filter((mark, index) => mark.audioMs !== marks[index - 1]?.audioMs);
  return starts.map((start, index) => {
    const next = starts[index + 1] ?? end;
    return {
      from: start.textLength,
      to: next.textLength,
      startMs: start.audioMs,
      endMs: Math.max(next.audioMs, start.audioMs + 1),
    };
  });
}

/** Back to the last whole word, or to where a space stands already. */
function endOfWord(text: string, position: number): number {
  if (position >= text.length || /\s/.test(text[position] ?? ' ')) return position;
  const before = text.slice(0, position).search(/\s\S*$/);
  return Math.max(0, before);
}
