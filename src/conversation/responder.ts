import type { AudioChunk } from '../audio/chunk.ts';
import type {
  FinishReason,
  ResponseFormat,
  SamplingOptions,
  ToolChoice,
  ToolDefinition,
} from '../engine/language-model.ts';
import type { Conversation } from './conversation.ts';
import type { ConversationItem } from './item.ts';

/**
 * Turns a conversation into a reply. A cascade of three engines is one responder; a native speech model is
 * another. Chat completions and realtime sessions read the same events.
 */
export interface Responder {
  /** Names the engines that answer, for `system_fingerprint`, `/health` and logs. */
  readonly name: string;
  /**
   * Begins at least one item, ends each that it begins, and ends with exactly one `finish`.
   * @throws {EngineError} and the signal's reason when aborted.
   */
  respond(request: ResponseRequest, options: { readonly signal: AbortSignal }): AsyncIterable<ResponseEvent>;
}

export interface ResponseRequest {
  readonly conversation: Conversation;
  /** Stands before the conversation as a system message; empty for none. */
  readonly instructions: string;
  readonly modality: 'text' | 'audio';
  readonly voice: string;
  readonly speed: number;
  readonly tools: readonly ToolDefinition[];
  readonly toolChoice: ToolChoice;
  readonly parallelToolCalls?: boolean | undefined;
  readonly responseFormat?: ResponseFormat | undefined;
  readonly sampling: SamplingOptions;
  /** Leaves out the oldest part of a conversation that is too long for the model, where it is else refused. */
  readonly mayForget?: boolean | undefined;
  /** Told what is not as it should be in a reply that is given all the same; see `SynthesizeOptions`. */
  readonly onNotice?: ((notice: string) => void) | undefined;
}

export type ResponseEvent =
  | { readonly type: 'item-start'; readonly item: ItemHeader }
  | { readonly type: 'text-delta'; readonly itemId: string; readonly delta: string }
  /** What is about to be said; runs ahead of its audio. */
  | { readonly type: 'transcript-delta'; readonly itemId: string; readonly delta: string }
  | { readonly type: 'audio-delta'; readonly itemId: string; readonly chunk: AudioChunk }
  /** `text` of the speech has been said by `endMs` of its audio. */
  | { readonly type: 'spoken'; readonly itemId: string; readonly text: string; readonly endMs: number }
  | {
      readonly type: 'arguments-delta';
      readonly itemId: string;
      readonly callId: string;
      readonly delta: string;
    }
  | { readonly type: 'item-end'; readonly item: ConversationItem }
  | { readonly type: 'finish'; readonly reason: FinishReason; readonly usage: ResponseUsage };

export type ItemHeader =
  | { readonly kind: 'message'; readonly id: string; readonly modality: 'text' | 'audio' }
  | { readonly kind: 'function-call'; readonly id: string; readonly callId: string; readonly name: string };

/** Tokens, with audio counted by the published rates and text as the language model counts it. */
export interface ResponseUsage {
  readonly inputTextTokens: number;
  readonly inputAudioTokens: number;
  readonly cachedInputTokens: number;
  readonly outputTextTokens: number;
  readonly outputAudioTokens: number;
  readonly reasoningTokens: number;
}
