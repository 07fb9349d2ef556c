import { AudioFormatError } from '../../audio/audio-format-error.ts';
import type { AudioChunk } from '../../audio/chunk.ts';
import type { Codecs } from '../../audio/codecs/codec-pool.ts';
import { Conversation } from '../../conversation/conversation.ts';
import type { ContentPart, ConversationItem, MessageItem } from '../../conversation/item.ts';
import { ApiError } from '../../util/errors.ts';
import { excerpt } from '../../util/excerpt.ts';
import { invalidAudio } from '../../wire/chat/chat-message.ts';
import type { ChatMessage, UserPart } from '../../wire/chat/chat-request.ts';
import type { ReplyStore } from '../store/reply-store.ts';

export interface ConversationReaderOptions {
  readonly codecs: Codecs;
  readonly replies: ReplyStore;
  /** The longest audio that is taken, in seconds. */
  readonly audioSeconds: number;
}

/** Makes a conversation of a request's messages: audio is decoded, and spoken replies are looked up by id. */
export class ConversationReader {
  readonly #options: ConversationReaderOptions;

  constructor(options: ConversationReaderOptions) {
    this.#options = options;
  }

  /** @throws {ApiError} for audio that can not be read, and for an id that is not `owner`'s to use. */
  async read(messages: readonly ChatMessage[], owner: string, signal: AbortSignal): Promise<Conversation> {
    const items: ConversationItem[] = [];
    // Nothing outside the server ever sees these ids; they tell the items of one request apart.
    const nextId = (): string => `item_${items.length}`;
    const say = (role: MessageItem['role'], content: readonly ContentPart[]): void =>
      void items.push({ kind: 'message', id: nextId(), role, status: 'completed', content });
    for (const message of messages) {
      switch (message.role) {
        case 'system':
          say('system', [{ kind: 'text', text: message.text }]);
          break;
        case 'user':
          // Most of a conversation is text, which there is nothing to wait for in.
          say('user', isText(message.parts) ? message.parts : await this.#decode(message.parts, signal));
          break;
        case 'assistant': {
          const text = message.audio ? await this.#transcript(message.audio, owner) : message.text;
          if (text !== '') say('assistant', [{ kind: 'text', text }]);
          for (const call of message.toolCalls) {
            items.push({ kind: 'function-call', id: nextId(), status: 'completed', ...call });
          }
          break;
        }
        case 'tool':
          items.push({ kind: 'function-output', id: nextId(), callId: message.callId, output: message.text });
      }
    }
    return Conversation.of(items);
  }

  /** An unknown, an expired and a foreign id get one and the same answer. */
  async #transcript(audio: { readonly id: string; readonly param: string }, owner: string): Promise<string> {
    const reply = await this.#options.replies.findAudio(audio.id, owner);
    if (reply) return reply.transcript;
    throw new ApiError('audio-not-found', `Audio with id '${excerpt(audio.id)}' not found or expired.`, {
      param: audio.param,
    });
  }

  async #decode(parts: readonly UserPart[], signal: AbortSignal): Promise<readonly ContentPart[]> {
    const content: ContentPart[] = [];
    for (const part of parts) {
      content.push(part.kind === 'text' ? part : await this.#audioPart(part, signal));
    }
    return content;
  }

  async #audioPart(part: Extract<UserPart, { kind: 'audio' }>, signal: AbortSignal): Promise<ContentPart> {
    const chunks: AudioChunk[] = [];
    const maxSeconds = this.#options.audioSeconds;
    try {
      for await (const chunk of this.#options.codecs.decode(part.bytes, {
        format: part.format,
        maxSeconds,
        signal,
      })) {
        chunks.push(chunk);
      }
    } catch (error) {
      throw error instanceof AudioFormatError ? toApiError(error, part) : error;
    }
    return { kind: 'audio', clip: { chunks }, transcript: undefined };
  }
}

type TextPart = Extract<UserPart, { readonly kind: 'text' }>;

function isText(parts: readonly UserPart[]): parts is readonly TextPart[] {
  return parts.every((part) => part.kind === 'text');
}

function toApiError(error: AudioFormatError, part: Extract<UserPart, { kind: 'audio' }>): ApiError {
  if (error.kind === 'invalid') return invalidAudio(part.format, part.param);
  return new ApiError(
    'invalid-value',
    `The data provided for 'input_audio' can not be used: ${error.message}`,
    {
      param: part.param,
      cause: error,
    },
  );
}
