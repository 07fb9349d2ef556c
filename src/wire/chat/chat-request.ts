import type {
  ResponseFormat,
  SamplingOptions,
  ToolCall,
  ToolChoice,
  ToolDefinition,
} from '../../engine/language-model.ts';
import { ApiError } from '../../util/errors.ts';
import type { Decoded } from '../decoded.ts';
import { decodeWith } from '../validation.ts';
import { toChatMessage } from './chat-message.ts';
import { chatRequestSchema, type WireChatRequest } from './request-schema.ts';

/** A chat completions request in our own words, every rule of the contract checked. */
export interface ChatRequest {
  readonly model: string | undefined;
  readonly messages: readonly ChatMessage[];
  /** What the reply is spoken with; `undefined` for a reply in text. */
  readonly speech: { readonly voice: string; readonly format: SpeechFormat } | undefined;
  readonly stream: { readonly includeUsage: boolean } | undefined;
  readonly choices: number;
  readonly sampling: SamplingOptions;
  readonly tools: readonly ToolDefinition[];
  readonly toolChoice: ToolChoice;
  readonly parallelToolCalls: boolean | undefined;
  readonly responseFormat: ResponseFormat | undefined;
  /** The client speaks the API of before `tools`: `functions` in, `function_call` out. */
  readonly isLegacyFunctions: boolean;
  readonly store: boolean;
  readonly metadata: Readonly<Record<string, string>>;
}

export type SpeechFormat = 'wav' | 'aac' | 'mp3' | 'flac' | 'opus' | 'pcm16';

export type ChatMessage =
  | { readonly role: 'system'; readonly text: string }
  | { readonly role: 'user'; readonly parts: readonly UserPart[] }
  | {
      readonly role: 'assistant';
      readonly text: string;
      /** The id of a spoken reply, and where it stands in the request. */
      readonly audio: { readonly id: string; readonly param: string } | undefined;
      readonly toolCalls: readonly ToolCall[];
    }
  | { readonly role: 'tool'; readonly callId: string; readonly text: string };

export type UserPart =
  | { readonly kind: 'text'; readonly text: string }
  | {
      readonly kind: 'audio';
      readonly bytes: Uint8Array;
      readonly format: 'wav' | 'mp3';
      readonly param: string;
    };

/** Reads the body of `POST …/chat/completions`. */
export function decodeChatRequest(body: unknown): Decoded<ChatRequest> {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) {
    return { ok: false, error: new ApiError('invalid-type', 'The request body must be a JSON object.') };
  }
  const decoded = decodeWith(chatRequestSchema, body);
  if (!decoded.ok) return decoded;
  try {
    checkCombinations(decoded.value);
    return { ok: true, value: toChatRequest(decoded.value) };
  } catch (error) {
    if (error instanceof ApiError) return { ok: false, error };
    throw error;
  }
}

function toChatRequest(wire: WireChatRequest): ChatRequest {
  const speaks = wire.modalities?.includes('audio') ?? false;
  return {
    model: wire.model ?? undefined,
    messages: wire.messages.map((message, index) => toChatMessage(message, `messages[${index}]`)),
    speech:
      speaks && wire.audio ? { voice: voiceName(wire.audio.voice), format: wire.audio.format } : undefined,
    stream: wire.stream ? { includeUsage: wire.stream_options?.include_usage ?? false } : undefined,
    choices: wire.n ?? 1,
    sampling: toSampling(wire),
    ...toTools(wire),
    parallelToolCalls: wire.parallel_tool_calls ?? undefined,
    responseFormat: toResponseFormat(wire.response_format),
    store: wire.store ?? false,
    metadata: wire.metadata ?? {},
  };
}

function voiceName(voice: string | { readonly id: string }): string {
  return typeof voice === 'string' ? voice : voice.id;
}

/** The rules that span fields, each worded as the services word it where that is known (contract 1.7). */
function checkCombinations(wire: WireChatRequest): void {
  const speaks = wire.modalities?.includes('audio') ?? false;
  if (speaks && !wire.audio) {
    throw new ApiError('missing-parameter', "Missing required parameter: 'audio'.", { param: 'audio' });
  }
  if (speaks && wire.stream && wire.audio && wire.audio.format !== 'pcm16') {
    throw new ApiError(
      'unsupported-value',
      `Unsupported value: 'audio.format' does not support '${wire.audio.format}' when stream=true. Supported values are: 'pcm16'.`,
      { param: 'audio.format' },
    );
  }
  if (speaks && (wire.n ?? 1) > 1) {
    throw new ApiError('unsupported-value', "Unsupported value: 'n' must be 1 when the reply is spoken.", {
      param: 'n',
    });
  }
  if (speaks && wire.response_format && wire.response_format.type !== 'text') {
    throw new ApiError(
      'unsupported-value',
      `Unsupported value: 'response_format.type' does not support '${wire.response_format.type}' with audio output. Supported values are: 'text'.`,
      { param: 'response_format.type' },
    );
  }
  if (wire.stream_options && !wire.stream) {
    throw new ApiError(
      'invalid-value',
      "The 'stream_options' parameter is only allowed when 'stream' is enabled.",
      {
        param: 'stream_options',
      },
    );
  }
  refuseUnsupported(wire);
}

function refuseUnsupported(wire: WireChatRequest): void {
  if (wire.logprobs || (wire.top_logprobs ?? 0) > 0) {
    throw new ApiError(
      'unsupported-parameter',
      "Unsupported parameter: 'logprobs' is not supported with this model.",
      {
        param: 'logprobs',
      },
    );
  }
  for (const param of ['data_sources', 'web_search_options'] as const) {
    if (wire[param] !== undefined && wire[param] !== null) {
      throw new ApiError(
        'unsupported-parameter',
        `Unsupported parameter: '${param}'. This server does not search or ground answers; leave it out.`,
        { param },
      );
    }
  }
}

function toSampling(wire: WireChatRequest): SamplingOptions {
  return {
    temperature: wire.temperature ?? undefined,
    topP: wire.top_p ?? undefined,
    maxOutputTokens: wire.max_completion_tokens ?? wire.max_tokens ?? undefined,
    stop: typeof wire.stop === 'string' ? [wire.stop] : (wire.stop ?? undefined),
    seed: wire.seed ?? undefined,
    presencePenalty: wire.presence_penalty ?? undefined,
    frequencyPenalty: wire.frequency_penalty ?? undefined,
    logitBias: wire.logit_bias ?? undefined,
  };
}

function toTools(wire: WireChatRequest): Pick<ChatRequest, 'tools' | 'toolChoice' | 'isLegacyFunctions'> {
  const isLegacyFunctions = !wire.tools && Boolean(wire.functions);
  const definitions = isLegacyFunctions
    ? (wire.functions ?? [])
    : (wire.tools ?? []).map((tool, index) => {
        if (tool.type === 'function') return tool.function;
        throw new ApiError(
          'unsupported-value',
          "Unsupported value: 'custom' tools. Supported values are: 'function'.",
          {
            param: `tools[${index}].type`,
          },
        );
      });
  const tools = definitions.map((definition) => ({
    name: definition.name,
    description: definition.description ?? undefined,
    parameters: definition.parameters ?? undefined,
    strict: definition.strict ?? undefined,
  }));
  return { tools, toolChoice: toToolChoice(wire, tools), isLegacyFunctions };
}

function toToolChoice(wire: WireChatRequest, tools: readonly ToolDefinition[]): ToolChoice {
  const asked = wire.tool_choice ?? wire.function_call;
  if (tools.length === 0) {
    if (asked && asked !== 'none' && asked !== 'auto') {
      throw new ApiError('invalid-value', "'tool_choice' is only allowed when 'tools' are specified.", {
        param: 'tool_choice',
      });
    }
    return 'none';
  }
  if (!asked) return 'auto';
  if (typeof asked === 'string') return asked;
  const { name } = asked;
  if (!tools.some((tool) => tool.name === name)) {
    throw new ApiError('invalid-value', `Invalid value for 'tool_choice': no tool is named '${name}'.`, {
      param: 'tool_choice',
    });
  }
  return { name };
}

function toResponseFormat(wire: WireChatRequest['response_format']): ResponseFormat | undefined {
  if (!wire) return undefined;
  return wire.type === 'json_schema'
    ? { type: 'json_schema', jsonSchema: wire.json_schema.schema ?? {} }
    : { type: wire.type };
}
