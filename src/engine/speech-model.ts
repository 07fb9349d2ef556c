import type { AudioChunk } from '../audio/chunk.ts';
import type { AudioClip } from '../audio/clip.ts';
import type { GenerateEvent, GenerateRequest, ModelMessage, TokenUsage } from './language-model.ts';

/** A language model that hears and speaks by itself. */
export interface SpeechModel {
  readonly name: string;
  /**
   * Streams one reply and ends it with exactly one `finish`. Reading slowly slows the model.
   * @throws {EngineError} and the signal's reason when aborted.
   */
  converse(request: ConverseRequest, options: { readonly signal: AbortSignal }): AsyncIterable<ConverseEvent>;
}

export interface ConverseRequest extends Omit<GenerateRequest, 'messages'> {
  readonly messages: readonly SpokenMessage[];
  /** Whether it writes its reply, or speaks it and tells what it says. */
  readonly modality: 'text' | 'audio';
  readonly voice: string;
}

export type SpokenMessage = ModelMessage | { readonly role: 'user'; readonly parts: readonly SpokenPart[] };

export type SpokenPart =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'audio'; readonly clip: AudioClip };

export type ConverseEvent =
  /** A `text-delta` of a spoken reply is what it says, and may run ahead of its audio. */
  | Exclude<GenerateEvent, { readonly type: 'finish' }>
  /** Mono, at any rate. */
  | { readonly type: 'audio'; readonly chunk: AudioChunk }
  | (Extract<GenerateEvent, { readonly type: 'finish' }> & { readonly usage: SpokenUsage });

/** Where a model counts what it heard and said in tokens of their own, the others count text alone. */
export interface SpokenUsage extends TokenUsage {
  readonly inputAudioTokens?: number;
  readonly outputAudioTokens?: number;
}
