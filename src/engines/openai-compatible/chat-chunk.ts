import { z } from 'zod';
import type { FinishReason } from '../../engine/language-model.ts';
import type { SpokenUsage } from '../../engine/speech-model.ts';

/** One event of a streamed completion, or a whole completion from a server that does not stream. */
export type ChatChunk = z.output<typeof chunkSchema>;
export type ToolCallDelta = NonNullable<z.output<typeof deltaSchema>['tool_calls']>[number];

/** @throws {ZodError} or {SyntaxError} when `text` is no such thing. */
export function parseChunk(text: string): ChatChunk {
  return chunkSchema.parse(JSON.parse(text));
}

export function toFinishReason(reason: string): FinishReason {
  switch (reason) {
    case 'length':
    case 'max_tokens':
      return 'length';
    case 'tool_calls':
    case 'function_call':
      return 'tool-calls';
    case 'content_filter':
      return 'content-filter';
    default:
      return 'stop';
  }
}

/** What a server counts of audio apart is apart here too, and not in the other counts. */
export function toTokenUsage({ usage }: ChatChunk): SpokenUsage | undefined {
  if (!usage?.prompt_tokens || usage.completion_tokens == null) return undefined;
  const cached = usage.prompt_tokens_details?.cached_tokens;
  const reasoning = usage.completion_tokens_details?.reasoning_tokens;
  const heard = usage.prompt_tokens_details?.audio_tokens;
  const spoken = usage.completion_tokens_details?.audio_tokens;
  return {
    inputTokens: usage.prompt_tokens - (heard ?? 0),
    outputTokens: usage.completion_tokens - (spoken ?? 0),
    ...(heard != null && { inputAudioTokens: heard }),
    ...(spoken != null && { outputAudioTokens: spoken }),
    ...(cached != null && { cachedInputTokens: cached }),
    ...(reasoning != null && { reasoningTokens: reasoning }),
  };
}

// A few servers send content as parts and arguments as an object.
const contentSchema = z
  .union([z.string(), z.array(z.object({ text: z.string().nullish() }))])
  .transform((content) =>
    typeof content === 'string' ? content : content.map((part) => part.text ?? '').join(''),
  );
const argumentsSchema = z
  .unknown()
  .transform((value) => (value == null || typeof value === 'string' ? value : JSON.stringify(value)));

const deltaSchema = z.object({
  content: contentSchema.nullish(),
  audio: z.object({ transcript: z.string().nullish(), data: z.string().nullish() }).nullish(),
  reasoning_content: z.unknown().optional(),
  reasoning: z.unknown().optional(),
  tool_calls: z
    .array(
      z.object({
        index: z.number().nullish(),
        id: z.string().nullish(),
        function: z.object({ name: z.string().nullish(), arguments: argumentsSchema.optional() }).nullish(),
      }),
    )
    .nullish(),
});

const tokens = z.number().nullish();
const usageSchema = z.object({
  prompt_tokens: tokens,
  completion_tokens: tokens,
  prompt_tokens_details: z.object({ cached_tokens: tokens, audio_tokens: tokens }).nullish(),
  completion_tokens_details: z.object({ reasoning_tokens: tokens, audio_tokens: tokens }).nullish(),
});

const chunkSchema = z.object({
  choices: z
    .array(
      z.object({
        delta: deltaSchema.nullish(),
        message: deltaSchema.nullish(),
        finish_reason: z.string().nullish(),
      }),
    )
    .nullish(),
  usage: usageSchema.nullish(),
  // vLLM-Omni's: what the content of this chunk is, text or the audio itself.
  modality: z.string().nullish(),
  error: z.unknown().optional(),
});
