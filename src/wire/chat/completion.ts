import type { ResponseUsage } from '../../conversation/responder.ts';
import type { FinishReason, ToolCall } from '../../engine/language-model.ts';
import type { Address } from '../address/address.ts';

/** What all parts of one answer have in common. */
export interface CompletionHeader {
  readonly id: string;
  /** Unix seconds. */
  readonly created: number;
  readonly model: string;
  /** Names the engines that answered. */
  readonly fingerprint: string;
  readonly address: Address;
  readonly isLegacyFunctions: boolean;
}

/** One whole reply. */
export interface Choice {
  readonly text: string;
  readonly audio: SpokenReply | undefined;
  readonly toolCalls: readonly ToolCall[];
  readonly reason: FinishReason;
  readonly usage: ResponseUsage;
}

export interface SpokenReply {
  readonly id: string;
  /** Unix seconds until which the id can be referred to. */
  readonly expiresAt: number;
  /** A complete file in the format that was asked for. */
  readonly data: Uint8Array;
  readonly transcript: string;
}

export type WireObject = Readonly<Record<string, unknown>>;

export function toCompletion(
  header: CompletionHeader,
  choices: readonly Choice[],
  metadata: Readonly<Record<string, string>> | undefined,
): WireObject {
  return {
    id: header.id,
    object: 'chat.completion',
    created: header.created,
    model: header.model,
    system_fingerprint: header.fingerprint,
    ...(header.address.family === 'azure' && { prompt_filter_results: [noPromptVerdict] }),
    choices: choices.map((choice, index) => ({
      index,
      finish_reason: toFinishReason(choice.reason, header),
      logprobs: null,
      ...noVerdict(header.address),
      message: toMessage(choice, header),
    })),
    usage: toUsage(choices.map((choice) => choice.usage)),
    ...(metadata && { metadata }),
  };
}

function toMessage(choice: Choice, header: CompletionHeader): WireObject {
  return {
    role: 'assistant',
    content: choice.audio || choice.text === '' ? null : choice.text,
    refusal: null,
    ...(choice.audio && {
      audio: {
        id: choice.audio.id,
        expires_at: choice.audio.expiresAt,
        data: Buffer.from(choice.audio.data).toString('base64'),
        transcript: choice.audio.transcript,
      },
    }),
    ...toCalls(choice.toolCalls, header),
  };
}

function toCalls(calls: readonly ToolCall[], header: CompletionHeader): WireObject {
  const [first] = calls;
  if (!first) return {};
  if (header.isLegacyFunctions) return { function_call: { name: first.name, arguments: first.arguments } };
  return {
    tool_calls: calls.map((call) => ({
      id: call.callId,
      type: 'function',
      function: { name: call.name, arguments: call.arguments },
    })),
  };
}

export function toFinishReason(reason: FinishReason, header: CompletionHeader): string {
  if (reason === 'tool-calls') return header.isLegacyFunctions ? 'function_call' : 'tool_calls';
  return reason === 'content-filter' ? 'content_filter' : reason;
}

/** The prompt is read once however many choices are made of it. */
export function toUsage(usages: readonly ResponseUsage[]): WireObject {
  const [prompt] = usages;
  const sum = (count: (usage: ResponseUsage) => number): number =>
    usages.reduce((all, usage) => all + count(usage), 0);
  const inputText = prompt?.inputTextTokens ?? 0;
  const inputAudio = prompt?.inputAudioTokens ?? 0;
  const outputText = sum((usage) => usage.outputTextTokens);
  const outputAudio = sum((usage) => usage.outputAudioTokens);
  return {
    prompt_tokens: inputText + inputAudio,
    completion_tokens: outputText + outputAudio,
    total_tokens: inputText + inputAudio + outputText + outputAudio,
    prompt_tokens_details: {
      audio_tokens: inputAudio,
      cached_tokens: prompt?.cachedInputTokens ?? 0,
      text_tokens: inputText,
      image_tokens: 0,
    },
    completion_tokens_details: {
      audio_tokens: outputAudio,
      text_tokens: outputText,
      reasoning_tokens: sum((usage) => usage.reasoningTokens),
      accepted_prediction_tokens: 0,
      rejected_prediction_tokens: 0,
    },
  };
}

/** Azure's fields are there because programs read them, and empty because nothing here judges content. */
const noPromptVerdict = { prompt_index: 0, content_filter_results: {} };

export function noVerdict(address: Address): WireObject {
  return address.family === 'azure' ? { content_filter_results: {} } : {};
}

/** What some Azure deployments send before the first choice; off unless asked for, as clients trip over it. */
export function toPromptFilterChunk(): WireObject {
  return { id: '', object: '', created: 0, model: '', choices: [], prompt_filter_results: [noPromptVerdict] };
}
