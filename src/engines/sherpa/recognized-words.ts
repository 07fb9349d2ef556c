import type { RecognizedWord } from '../../engine/speech-recognizer.ts';
import type { RecognizerResult } from './sherpa-onnx.ts';

/** How long a word may go on that nothing comes after. */
const LONGEST_TOKEN_MS = 400;

/** Of scripts that set no spaces: each character is told as a word. */
const BY_CHARACTER = /^[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]/u;

/**
 * The words of a result with their times, or undefined when its tokens do not tell them. Tokens are parts of words,
 * and one that begins with a space, or with the mark that stands for it, begins a word.
 * `offsetMs` is added to all times, and none is after `endMs`.
 */
export function recognizedWords(
  { text, tokens = [], timestamps = [] }: RecognizerResult,
  { offsetMs, endMs }: { readonly offsetMs: number; readonly endMs: number },
): readonly RecognizedWord[] | undefined {
  if (tokens.length === 0 || tokens.length !== timestamps.length) return undefined;
  const at = (index: number): number => Math.min(endMs, offsetMs + 1000 * (timestamps[index] ?? 0));
  const words: { text: string; startMs: number; endMs: number }[] = [];
  let isOver = true;
  for (const [index, token] of tokens.entries()) {
    const part = token.replaceAll('▁', ' ');
    const startMs = at(index);
    const tokenEndMs = Math.min(
      index + 1 < tokens.length ? at(index + 1) : endMs,
      startMs + LONGEST_TOKEN_MS,
    );
    const word = words.at(-1);
    const sound = part.trim();
    if (sound === '') isOver = true;
    else if (isOver || !word || part.startsWith(' ') || BY_CHARACTER.test(sound)) {
      words.push({ text: sound, startMs, endMs: Math.max(startMs, tokenEndMs) });
      isOver = false;
    } else {
      word.text += sound;
      word.endMs = Math.max(word.endMs, tokenEndMs);
    }
    if (sound !== '' && part.endsWith(' ')) isOver = true;
  }
  const isWhole = words.map((word) => word.text).join('') === text.replaceAll(/\s+/g, '');
  return isWhole && words.length > 0 ? words : undefined;
}
