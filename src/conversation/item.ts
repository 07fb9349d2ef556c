import type { AudioClip } from '../audio/clip.ts';

export type ConversationItem = MessageItem | FunctionCallItem | FunctionOutputItem;

export interface MessageItem {
  readonly kind: 'message';
  readonly id: string;
  readonly role: 'system' | 'user' | 'assistant';
  readonly status: 'completed' | 'incomplete';
  readonly content: readonly ContentPart[];
}

export type ContentPart =
  | { readonly kind: 'text'; readonly text: string }
  /** Without a transcript, the responder hears the clip itself. */
  | { readonly kind: 'audio'; readonly clip: AudioClip; readonly transcript: string | undefined };

export interface FunctionCallItem {
  readonly kind: 'function-call';
  readonly id: string;
  readonly status: 'completed' | 'incomplete';
  readonly callId: string;
  readonly name: string;
  /** JSON as the model wrote it. */
  readonly arguments: string;
}

export interface FunctionOutputItem {
  readonly kind: 'function-output';
  readonly id: string;
  readonly callId: string;
  readonly output: string;
}
