import type { Usage } from './turn.ts';

/** The parts of an answer that the page reads; both forms of it are in OpenAI's published schema. */
export interface Completion {
  readonly choices: readonly {
    readonly finish_reason: string | null;
    readonly message: {
      readonly content?: string | null;
      readonly refusal?: string | null;
      readonly audio?: {
        readonly id: string;
        readonly expires_at: number;
        readonly data: string;
        readonly transcript: string;
      } | null;
      readonly tool_calls?: readonly WireToolCall[] | null;
    };
  }[];
  readonly usage?: Usage | null;
}

export interface WireToolCall {
  readonly id: string;
  readonly function: { readonly name: string; readonly arguments: string };
}

export interface CompletionChunk {
  readonly choices: readonly {
    readonly finish_reason?: string | null;
    readonly delta: {
      readonly content?: string | null;
      readonly refusal?: string | null;
      readonly audio?: {
        readonly id?: string;
        readonly expires_at?: number;
        /** Base64 of whole 16-bit samples. */
        readonly data?: string;
        readonly transcript?: string;
      } | null;
      readonly tool_calls?: readonly {
        readonly index: number;
        readonly id?: string;
        readonly function?: { readonly name?: string; readonly arguments?: string };
      }[];
    };
  }[];
  readonly usage?: Usage | null;
}
