import { ApiError } from '../../util/errors.ts';
import type { ChatMessage, UserPart } from './chat-request.ts';
import type { WireMessage, WireUserPart } from './message-schema.ts';

/** `param` is where the message stands in the request, such as `messages[2]`. */
export function toChatMessage(message: WireMessage, param: string): ChatMessage {
  switch (message.role) {
    case 'system':
    case 'developer':
      return { role: 'system', text: joined(message.content) };
    case 'user':
      return { role: 'user', parts: toUserParts(message.content, param) };
    case 'assistant':
      return toAssistant(message, param);
    case 'tool':
      return { role: 'tool', callId: message.tool_call_id, text: joined(message.content) };
    case 'function':
      return { role: 'tool', callId: message.name, text: message.content ?? '' };
  }
}

function toAssistant(message: Extract<WireMessage, { role: 'assistant' }>, param: string): ChatMessage {
  const toolCalls = (message.tool_calls ?? []).map((call) => ({
    callId: call.id,
    name: call.function.name,
    arguments: call.function.arguments,
  }));
  if (message.function_call) {
    const { name } = message.function_call;
    toolCalls.push({ callId: name, name, arguments: message.function_call.arguments });
  }
  const isEmpty = message.content === undefined || message.content === null;
  if (isEmpty && !message.audio && !message.refusal && toolCalls.length === 0) {
    throw new ApiError(
      'missing-parameter',
      `Missing required parameter: '${param}.content'. An assistant message needs 'content', 'audio' or 'tool_calls'.`,
      { param: `${param}.content` },
    );
  }
  return {
    role: 'assistant',
    text: joined(message.content ?? message.refusal ?? ''),
    audio: message.audio ? { id: message.audio.id, param: `${param}.audio.id` } : undefined,
    toolCalls,
  };
}

function toUserParts(content: string | readonly WireUserPart[], param: string): readonly UserPart[] {
  if (typeof content === 'string') return [{ kind: 'text', text: content }];
  return content.map((part, index) => toUserPart(part, `${param}.content[${index}]`));
}

function toUserPart(part: WireUserPart, param: string): UserPart {
  switch (part.type) {
    case 'text':
      return { kind: 'text', text: part.text };
    case 'input_audio': {
      const { data, format } = part.input_audio;
      if (typeof data === 'string') throw invalidAudio(format, `${param}.input_audio.data`);
      return { kind: 'audio', bytes: data, format, param: `${param}.input_audio.data` };
    }
    default:
      throw new ApiError(
        'unsupported-value',
        `Unsupported value: '${part.type}' content. Supported values are: 'text' and 'input_audio'.`,
        { param: `${param}.type` },
      );
  }
}

/** The services' answer to base64 or audio that can not be read (contract 1.7). */
export function invalidAudio(format: string, param: string): ApiError {
  return new ApiError(
    'invalid-value',
    `The data provided for 'input_audio' is not of valid ${format} format.`,
    { param },
  );
}

type TextPart =
  | { readonly type: 'text'; readonly text: string }
  | { readonly type: 'refusal'; readonly refusal: string };

function joined(content: string | readonly TextPart[]): string {
  if (typeof content === 'string') return content;
  return content.map((part) => (part.type === 'text' ? part.text : part.refusal)).join('');
}
