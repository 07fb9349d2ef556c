import { setImmediate } from 'node:timers/promises';
import type { GenerateRequest, ModelMessage } from './language-model.ts';

/** Characters counted without a pause. An unbroken run of one letter, the slowest text, takes 10 ms. */
const SLICE = 1_500;
// The chat format around each message and before the reply (OpenAI cookbook, "How to count tokens").
const TOKENS_PER_MESSAGE = 4;
const TOKENS_BEFORE_REPLY = 3;

/**
 * Tokens of `text` in the o200k_base encoding. What looks like a control token counts as the text it is.
 * Long texts are counted in slices between which other work goes on, so that a text with few spaces may
 * count a token too many for each 1,500 characters. The first call in a process loads the encoding, which
 * holds the event loop for 0.2 s and 70 MB of memory: call it once while starting.
 */
export async function countTokens(text: string): Promise<number> {
  encoding ??= import('gpt-tokenizer/encoding/o200k_base');
  const { countTokens: count } = await encoding;
  let total = 0;
  for (let start = 0; start < text.length; ) {
    if (start > 0) await setImmediate();
    const end = sliceEnd(text, start);
    total += count(text.slice(start, end), { disallowedSpecial: NONE });
    start = end;
  }
  return total;
}

/** Tokens that `request` takes up as a chat model's input: its messages, and its tools as JSON. */
export async function countRequestTokens(request: GenerateRequest): Promise<number> {
  const texts = request.messages.map(textOf);
  if (request.tools.length > 0) texts.push(JSON.stringify(request.tools));
  let total = TOKENS_BEFORE_REPLY + TOKENS_PER_MESSAGE * request.messages.length;
  for (const text of texts) total += await countTokens(text);
  return total;
}

const NONE: Set<string> = new Set();

let encoding: Promise<typeof import('gpt-tokenizer/encoding/o200k_base')> | undefined;

function textOf(message: ModelMessage): string {
  if (message.role === 'tool') return message.output;
  if (message.role !== 'assistant' || !message.toolCalls) return message.text;
  return message.text + message.toolCalls.map((call) => call.name + call.arguments).join('');
}

/** The encoding joins a space to the word after it, so a cut before a space changes no token. */
function sliceEnd(text: string, start: number): number {
  const limit = start + SLICE;
  if (limit >= text.length) return text.length;
  const space = text.lastIndexOf(' ', limit);
  if (space > start) return space;
  return isLowSurrogate(text.charCodeAt(limit)) ? limit + 1 : limit;
}

function isLowSurrogate(codeUnit: number): boolean {
  return codeUnit >= 0xdc00 && codeUnit <= 0xdfff;
}
