import type { AudioChunk } from '../audio/chunk.ts';

/** Turns speech into text. */
export interface SpeechRecognizer {
  readonly name: string;
  /** The rate, in samples per second, of the audio it takes. */
  readonly sampleRate: number;
  /** The languages it hears, as BCP 47 primary subtags; empty when it hears any. */
  readonly languages: readonly string[];
  /**
   * Yields hypotheses as audio arrives and returns after the last `final`, once `audio` has ended.
   * @throws {EngineError} and the signal's reason when aborted.
   */
  recognize(audio: AsyncIterable<AudioChunk>, options: RecognizeOptions): AsyncIterable<RecognitionEvent>;
}

export interface RecognizeOptions {
  readonly signal: AbortSignal;
  /** BCP 47, as the client gave it; an engine that can not hear it refuses with `unsupported`. */
  readonly language?: string | undefined;
  /** Words or a text that the speaker is likely to use. */
  readonly prompt?: string | undefined;
}

export type RecognitionEvent =
  /**
   * What the current utterance sounds like so far; replaces the partial before it. With `settled`, from an engine
   * that can promise it: the beginning of `text` with which every later partial and the final begin as well.
   */
  | { readonly type: 'partial'; readonly text: string; readonly settled?: string }
  /** An utterance that will not change any more. Times count from the start of `audio`. */
  | {
      readonly type: 'final';
      readonly text: string;
      readonly startMs: number;
      readonly endMs: number;
      readonly words?: readonly RecognizedWord[];
      /** BCP 47, when the engine knows which language it heard. */
      readonly language?: string;
    };

export interface RecognizedWord {
  readonly text: string;
  readonly startMs: number;
  readonly endMs: number;
}
