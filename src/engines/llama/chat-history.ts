import type { ModelMessage, ToolCall } from '../../engine/language-model.ts';
import type { ChatFunctionCall, ChatHistoryItem } from './llama-runtime.ts';

/** Most chat templates refuse a conversation in which the user has said nothing. */
const GREETING: ChatHistoryItem = { type: 'user', text: 'Hello.' };

/**
 * A conversation as chat templates are filled with it, which ends with the turn that is to be written. The result of
 * a tool stands with its call, wherever the conversation has it.
 */
export function toChatHistory(messages: readonly ModelMessage[]): ChatHistoryItem[] {
  const results = new Map(
    messages.flatMap((message) => (message.role === 'tool' ? [resultOf(message)] : [])),
  );
  const isUnbegun = messages.every((message) => message.role === 'system');
  const items = messages.flatMap((message) => toItems(message, results));
  // What a tool has answered is taken up in the same turn.
  const isOpen = messages.at(-1)?.role === 'tool' && items.at(-1)?.type === 'model';
  return joined([...items, ...(isUnbegun ? [GREETING] : []), ...(isOpen ? [] : [EMPTY_TURN])]);
}

const EMPTY_TURN: ChatHistoryItem = { type: 'model', response: [] };

type ToolMessage = Extract<ModelMessage, { role: 'tool' }>;

function resultOf({ callId, output }: ToolMessage): [string, unknown] {
  return [callId, parsed(output)];
}

function toItems(message: ModelMessage, results: Map<string, unknown>): ChatHistoryItem[] {
  switch (message.role) {
    case 'system':
    case 'user':
      return [{ type: message.role, text: message.text }];
    case 'assistant': {
      const text = message.text === '' ? [] : [message.text];
      const calls = (message.toolCalls ?? []).map((call, index) => toFunctionCall(call, index, results));
      return [{ type: 'model', response: [...text, ...calls] }];
    }
    case 'tool':
      return results.delete(message.callId) ? [orphan(message)] : [];
  }
}

function toFunctionCall(call: ToolCall, index: number, results: Map<string, unknown>): ChatFunctionCall {
  const result = results.get(call.callId) ?? null;
  results.delete(call.callId);
  const params = parsed(call.arguments);
  return { type: 'functionCall', name: call.name, params, result, startsNewChunk: index === 0 };
}

/** An answer whose call is no longer part of the conversation. */
function orphan({ output }: ToolMessage): ChatHistoryItem {
  return { type: 'user', text: output };
}

/** Templates write results and arguments as JSON, so that text which is JSON would be quoted twice. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** What the model says before and after a call is one turn. */
function joined(items: readonly ChatHistoryItem[]): ChatHistoryItem[] {
  const whole: ChatHistoryItem[] = [];
  for (const item of items) {
    const last = whole.at(-1);
    if (item.type === 'model' && last?.type === 'model' && isCall(last.response.at(-1), item.response[0]))
      whole[whole.length - 1] = { type: 'model', response: [...last.response, ...item.response] };
    else whole.push(item);
  }
  return whole;
}

function isCall(...parts: readonly (string | ChatFunctionCall | undefined)[]): boolean {
  return parts.some((part) => typeof part === 'object');
}
