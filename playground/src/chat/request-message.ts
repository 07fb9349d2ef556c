import type { ChatSettings } from './chat-settings.ts';
import type { ToolDefinition } from './parse-tools.ts';

/** Audio of the user, in one of the two formats that requests take. */
export interface Clip {
  /** A file name that no other clip of the conversation has. */
  readonly name: string;
  readonly format: 'wav' | 'mp3';
  readonly file: Blob;
  /** The same in base64. */
  readonly data: string;
}

export interface ToolCall {
  readonly id: string;
  readonly name: string;
  /** JSON, as the model wrote it. */
  readonly arguments: string;
}

/** One request, before it is written as JSON or as a program. */
export interface ChatRequest {
  readonly settings: ChatSettings;
  readonly tools: readonly ToolDefinition[];
  readonly messages: readonly RequestMessage[];
}

export type RequestMessage =
  | { readonly role: 'system'; readonly text: string }
  | { readonly role: 'user'; readonly text: string; readonly clips: readonly Clip[] }
  | {
      readonly role: 'assistant';
      readonly text: string;
      /** The id of what was spoken, which stands for the text. */
      readonly audioId: string | undefined;
      readonly toolCalls: readonly ToolCall[];
    }
  | { readonly role: 'tool'; readonly callId: string; readonly text: string };
