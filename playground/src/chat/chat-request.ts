import { type ChatSettings, isStreamed } from './chat-settings.ts';
import { parseTools } from './parse-tools.ts';
import type { ChatRequest, Clip, RequestMessage, ToolCall } from './request-message.ts';
import type { AssistantTurn, Turn } from './turn.ts';

/** In which audio was first part of chat completions, and which later ones kept. */
export const API_VERSION = '2025-01-01-preview';

/** Asks for the next answer of a conversation. `nowSeconds` is the time in Unix seconds. */
export function toChatRequest(
  settings: ChatSettings,
  turns: readonly Turn[],
  nowSeconds: number,
): ChatRequest {
  const parsed = parseTools(settings.tools);
  const instructions = settings.instructions.trim();
  return {
    settings,
    tools: parsed.ok ? parsed.tools : [],
    messages: [
      ...(instructions === '' ? [] : [{ role: 'system' as const, text: instructions }]),
      ...turns.flatMap((turn) => toMessages(turn, nowSeconds)),
    ],
  };
}

/** Whether the server can still be referred to what was spoken. */
export function isRemembered({ audio, isForgotten }: AssistantTurn, nowSeconds: number): boolean {
  return audio?.id !== undefined && !isForgotten && nowSeconds < (audio.expiresAt ?? Infinity);
}

function toMessages(turn: Turn, nowSeconds: number): readonly RequestMessage[] {
  switch (turn.role) {
    case 'user':
      return [{ role: 'user', text: turn.text, clips: turn.clips }];
    case 'tool':
      return [{ role: 'tool', callId: turn.callId, text: turn.output }];
    case 'assistant': {
      const { text, toolCalls, audio, status } = turn;
      const isEmpty = text === '' && toolCalls.length === 0;
      if (isEmpty || status === 'failed' || status === 'running') return [];
      const audioId = isRemembered(turn, nowSeconds) ? audio?.id : undefined;
      return [{ role: 'assistant', text, audioId, toolCalls }];
    }
  }
}

/** How the parts are written that a program can not carry as they are. */
export interface BodyWriter {
  readonly audio: (clip: Clip) => unknown;
  /** Whether what was spoken is named by its id, which only its owner can do. */
  readonly namesReplies: boolean;
}

const plainWriter: BodyWriter = { audio: (clip) => clip.data, namesReplies: true };

/** The body of the request; fields that were left to the deployment are left out. */
export function toBody(
  { settings, tools, messages }: ChatRequest,
  writer: BodyWriter = plainWriter,
): Readonly<Record<string, unknown>> {
  const { deployment, isSpoken, voice, format, temperature, maxTokens, stop } = settings;
  return {
    model: deployment,
    modalities: isSpoken ? ['text', 'audio'] : ['text'],
    ...(isSpoken && { audio: { voice, format } }),
    ...(isStreamed(settings) && { stream: true, stream_options: { include_usage: true } }),
    ...(temperature !== undefined && { temperature }),
    ...(maxTokens !== undefined && { max_completion_tokens: maxTokens }),
    ...(stop.length > 0 && { stop }),
    ...(tools.length > 0 && { tools }),
    messages: messages.map((message) => toWireMessage(message, writer)),
  };
}

function toWireMessage(message: RequestMessage, writer: BodyWriter): Readonly<Record<string, unknown>> {
  switch (message.role) {
    case 'system':
      return { role: 'system', content: message.text };
    case 'tool':
      return { role: 'tool', tool_call_id: message.callId, content: message.text };
    case 'user':
      return { role: 'user', content: toUserContent(message, writer) };
    case 'assistant':
      return {
        role: 'assistant',
        ...toReply(message, writer),
        ...(message.toolCalls.length > 0 && { tool_calls: message.toolCalls.map(toWireCall) }),
      };
  }
}

type UserMessage = Extract<RequestMessage, { readonly role: 'user' }>;

function toUserContent({ text, clips }: UserMessage, writer: BodyWriter): unknown {
  if (clips.length === 0) return text;
  return [
    ...(text === '' ? [] : [{ type: 'text', text }]),
    ...clips.map((clip) => ({
      type: 'input_audio',
      input_audio: { data: writer.audio(clip), format: clip.format },
    })),
  ];
}

type AssistantMessage = Extract<RequestMessage, { readonly role: 'assistant' }>;

function toReply({ text, audioId }: AssistantMessage, writer: BodyWriter): object {
  if (audioId !== undefined && writer.namesReplies) return { audio: { id: audioId } };
  return text === '' ? {} : { content: text };
}

function toWireCall({ id, name, arguments: written }: ToolCall): object {
  return { id, type: 'function', function: { name, arguments: written } };
}
