import type { AudioChunk } from '../audio/chunk.ts';

/** Turns text into speech. */
export interface SpeechSynthesizer {
  readonly name: string;
  /** The rate, in samples per second, of every chunk it yields. */
  readonly sampleRate: number;
  readonly voices: readonly string[];
  /** The languages it speaks, as BCP 47 primary subtags; empty when it speaks any. */
  readonly languages: readonly string[];
  /**
   * Speaks `text`, whose pieces are whole sentences or clauses, while later pieces are still being written.
   * Reading slowly slows synthesis.
   * @throws {EngineError} and the signal's reason when aborted.
   */
  synthesize(text: AsyncIterable<string>, options: SynthesizeOptions): AsyncIterable<SynthesisEvent>;
}

export interface SynthesizeOptions {
  readonly signal: AbortSignal;
  readonly voice: string;
  /** 1 is the voice's own pace, 2 twice as fast. 0.25 to 4. */
  readonly speed: number;
  /** BCP 47, when the caller knows it; else the engine judges by the text. */
  readonly language?: string | undefined;
  /**
   * Told, in a sentence for people, what of the text is spoken otherwise than it should be, or not at all. Without
   * it nothing is: the synthesizer refuses instead.
   */
  readonly onNotice?: ((notice: string) => void) | undefined;
}

export type SynthesisEvent =
  | { readonly type: 'audio'; readonly chunk: AudioChunk }
  /** `text`, a piece as it was given, has been spoken by `endMs` from the start of the speech. */
  | { readonly type: 'spoken'; readonly text: string; readonly endMs: number };
