import type { GgufValue } from './gguf-file.ts';

/** Every text as tokens: its bytes, but words that are known to the model are one token each. */
export interface TinyVocabulary {
  readonly tokens: readonly string[];
  readonly metadata: Readonly<Record<string, GgufValue>>;
  /** The number of a word, a control token or an ASCII character. */
  idOf(text: string): number;
}

const NORMAL = 1;
const CONTROL = 3;
/** Tokens of their own that are part of what is said, as Qwen has its tags. */
const USER_DEFINED = 4;
const END_OF_TEXT = '<|endoftext|>';
export const END_OF_TURN = '<|im_end|>';

/**
 * A byte-pair vocabulary as GPT-2's: 256 bytes, what it takes to put `words` together, control tokens, and `tags`. A word
 * that begins with a space, as those in the middle of a sentence do, is one token wherever a text has it.
 */
export function tinyVocabulary(words: readonly string[], tags: readonly string[]): TinyVocabulary {
  const merges = new Set(words.flatMap((word) => mergesOf(Array.from(toByteLetters(word)))));
  const joined = [...merges].map((merge) => merge.replace(' ', ''));
  const special = [END_OF_TEXT, '<|im_start|>', END_OF_TURN];
  const normal = [...new Set([...BYTE_LETTERS, ...joined])];
  const tokens = [...normal, ...special, ...tags];
  const ids = new Map(tokens.map((token, id) => [token, id]));
  const idOf = (text: string): number => {
    const id = ids.get(text) ?? ids.get(toByteLetters(text));
    if (id === undefined) throw new Error(`The vocabulary has no token for ${JSON.stringify(text)}.`);
    return id;
  };
  const metadata: Record<string, GgufValue> = {
    'tokenizer.ggml.model': { type: 'string', value: 'gpt2' },
    'tokenizer.ggml.pre': { type: 'string', value: 'gpt-2' },
    'tokenizer.ggml.tokens': { type: 'strings', value: tokens },
    'tokenizer.ggml.token_type': {
      type: 'int32s',
      value: [...normal.map(() => NORMAL), ...special.map(() => CONTROL), ...tags.map(() => USER_DEFINED)],
    },
    'tokenizer.ggml.merges': { type: 'strings', value: [...merges] },
    'tokenizer.ggml.bos_token_id': { type: 'uint32', value: idOf(END_OF_TEXT) },
    'tokenizer.ggml.eos_token_id': { type: 'uint32', value: idOf(END_OF_TURN) },
    'tokenizer.ggml.add_bos_token': { type: 'bool', value: false },
  };
  return { tokens, metadata, idOf };
}

/** Letter by letter onto what comes before, so that no two words want the same letters joined differently. */
function mergesOf(letters: readonly string[]): string[] {
  return letters.slice(1).map((letter, index) => `${letters.slice(0, index + 1).join('')} ${letter}`);
}

/** GPT-2 writes bytes that do not print as letters from U+0100 on (openai/gpt-2, `bytes_to_unicode`). */
const BYTE_LETTERS: readonly string[] = byteLetters();

function byteLetters(): string[] {
  let next = 0x100;
  return Array.from({ length: 256 }, (_, byte) => {
    const prints = (byte > 0x20 && byte < 0x7f) || (byte > 0xa0 && byte !== 0xad);
    return String.fromCodePoint(prints ? byte : next++);
  });
}

function toByteLetters(text: string): string {
  return [...Buffer.from(text)].map((byte) => BYTE_LETTERS[byte]).join('');
}
