import { clipDurationMs } from '../audio/clip.ts';
import type { ModelMessage, ToolCall } from '../engine/language-model.ts';
import type { SpokenMessage, SpokenPart } from '../engine/speech-model.ts';
import type { ContentPart, MessageItem } from './item.ts';
import type { ResponseRequest } from './responder.ts';

/** A conversation as a speech model takes it, and how much of it is heard. */
export interface SpokenPrompt {
  readonly messages: readonly SpokenMessage[];
  readonly heardMs: number;
}

/** What the user said is handed on as it sounds, what the assistant said by its words. */
export function toSpokenPrompt({ instructions, conversation }: ResponseRequest): SpokenPrompt {
  const messages: SpokenMessage[] = [];
  if (instructions) messages.push({ role: 'system', text: instructions });
  for (const item of conversation.items) {
    switch (item.kind) {
      case 'message':
        messages.push(toMessage(item));
        break;
      case 'function-call':
        addCall(messages, { callId: item.callId, name: item.name, arguments: item.arguments });
        break;
      case 'function-output':
        messages.push({ role: 'tool', callId: item.callId, output: item.output });
    }
  }
  return { messages, heardMs: messages.reduce((total, message) => total + heardIn(message), 0) };
}

function toMessage({ role, content }: MessageItem): SpokenMessage {
  if (role === 'user' && content.some(isSound)) return { role, parts: content.map(toPart) };
  const words = content.map((part) => (part.kind === 'text' ? part.text : (part.transcript ?? '')));
  const message: ModelMessage = { role, text: words.filter((text) => text !== '').join('\n') };
  return message;
}

/** Of what lies long back a session keeps only the words. */
function isSound(part: ContentPart): boolean {
  return part.kind === 'audio' && part.clip.chunks.length > 0;
}

function toPart(part: ContentPart): SpokenPart {
  if (part.kind === 'text') return part;
  return isSound(part) ? { kind: 'audio', clip: part.clip } : { kind: 'text', text: part.transcript ?? '' };
}

/** The calls of one turn belong in one message of the assistant. */
function addCall(messages: SpokenMessage[], call: ToolCall): void {
  const last = messages.at(-1);
  if (last?.role === 'assistant')
    messages[messages.length - 1] = { ...last, toolCalls: [...(last.toolCalls ?? []), call] };
  else messages.push({ role: 'assistant', text: '', toolCalls: [call] });
}

function heardIn(message: SpokenMessage): number {
  if (!('parts' in message)) return 0;
  return message.parts.reduce(
    (total, part) => total + (part.kind === 'audio' ? clipDurationMs(part.clip) : 0),
    0,
  );
}
