import type { AudioFormat } from './chat-settings.ts';
import type { ChatRequest, Clip, ToolCall } from './request-message.ts';

export interface Usage {
  readonly prompt_tokens: number;
  readonly completion_tokens: number;
  readonly total_tokens: number;
  readonly prompt_tokens_details?: { readonly audio_tokens?: number; readonly text_tokens?: number };
  readonly completion_tokens_details?: { readonly audio_tokens?: number; readonly text_tokens?: number };
}

/** What was spoken, whole. */
export interface SpokenReply {
  /** By which later requests name it; absent where the answer was stopped. */
  readonly id: string | undefined;
  /** Unix seconds. */
  readonly expiresAt: number | undefined;
  /** In the format that was asked for. */
  readonly file: Blob;
  readonly format: AudioFormat;
  /** In a format that browsers play. */
  readonly playable: Blob;
}

export interface UserTurn {
  readonly role: 'user';
  readonly id: number;
  readonly text: string;
  readonly clips: readonly Clip[];
}

export interface ToolTurn {
  readonly role: 'tool';
  readonly id: number;
  readonly callId: string;
  readonly name: string;
  readonly output: string;
}

/** How far an answer is; one that failed says why. */
export type AnswerStatus =
  | { readonly status: 'running' | 'done' | 'stopped'; readonly error?: undefined }
  | { readonly status: 'failed'; readonly error: Error };

/** What came of an answer, in whatever way it ended. */
export interface AnswerContent {
  readonly role: 'assistant';
  readonly id: number;
  /** Written, or the words of what was spoken. */
  readonly text: string;
  readonly isSpoken: boolean;
  readonly audio: SpokenReply | undefined;
  readonly toolCalls: readonly ToolCall[];
  readonly finishReason: string | undefined;
  readonly usage: Usage | undefined;
  readonly request: ChatRequest | undefined;
  /** What came: one object, or the chunks of a stream. */
  readonly response: unknown;
  readonly requestId: string | undefined;
  /** The server knows its audio no longer, so its words stand for it. */
  readonly isForgotten: boolean;
}

export type AssistantTurn = AnswerContent & AnswerStatus;

export type Turn = UserTurn | AssistantTurn | ToolTurn;
