import type { ModelConfig } from './sherpa-onnx.ts';

/** What a folder with a model holds. */
export type SherpaModelDescription = RecognizerDescription | SynthesizerDescription;

interface Description {
  /** The name that sherpa-onnx has for models of its kind. */
  readonly family: string;
  /** BCP 47 primary subtags, as far as the model tells; empty when it does not. */
  readonly languages: readonly string[];
  /** Of audio, in samples per second: what a recognizer takes, or what a voice yields. */
  readonly sampleRate: number;
  /** The files of the model, in sherpa-onnx's own words. */
  readonly config: ModelConfig;
  /** Grammars that rewrite numbers, dates and the like, by path. */
  readonly rules: { readonly fsts: readonly string[]; readonly fars: readonly string[] };
  /** What all files of the folder take on disk. */
  readonly bytes: number;
}

export interface RecognizerDescription extends Description {
  readonly role: 'recognizer';
  /** It hears a stream as it comes, rather than a recording as a whole. */
  readonly isStreaming: boolean;
  /** Its text only ever grows, so that what it has said so far will stay. */
  readonly onlyGrows: boolean;
}

export interface SynthesizerDescription extends Description {
  readonly role: 'synthesizer';
  /** The names of its speakers in the order of their numbers: its own, or the numbers; one at least. */
  readonly speakers: readonly string[];
}
