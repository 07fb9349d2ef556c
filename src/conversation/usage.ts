import type { SpokenUsage } from '../engine/speech-model.ts';
import type { ResponseUsage } from './responder.ts';

/**
 * How many tokens a second of audio counts for, as published for the gpt-4o audio models: a token for each
 * 100 ms heard and for each 50 ms spoken (OpenAI, "Managing Realtime costs").
 */
const INPUT_AUDIO_TOKENS_PER_SECOND = 10;
const OUTPUT_AUDIO_TOKENS_PER_SECOND = 20;

/**
 * The text counts are the language model's own; what it read of audio is the transcript, and counts as text. Audio
 * counts by how long it lasts, unless the model has counted it.
 */
export function toResponseUsage(
  text: SpokenUsage,
  audio: { readonly heardMs: number; readonly spokenMs: number },
): ResponseUsage {
  return {
    inputTextTokens: text.inputTokens,
    inputAudioTokens:
      text.inputAudioTokens ?? Math.ceil((audio.heardMs / 1000) * INPUT_AUDIO_TOKENS_PER_SECOND),
    cachedInputTokens: text.cachedInputTokens ?? 0,
    outputTextTokens: text.outputTokens,
    outputAudioTokens:
      text.outputAudioTokens ?? Math.ceil((audio.spokenMs / 1000) * OUTPUT_AUDIO_TOKENS_PER_SECOND),
    reasoningTokens: text.reasoningTokens ?? 0,
  };
}
