import type { Precision } from './model-folder.ts';

/** What a recognizer and a synthesizer have in common. */
export interface SherpaOptions {
  /** What it is called: `sherpa` unless given. */
  readonly name?: string;
  /** The path of the module of sherpa-onnx-node. */
  readonly runtime: string;
  /** The folder of the model. */
  readonly model: string;
  /** Which files to take where the model is there in both; `int8` unless given. */
  readonly precision?: Precision;
  /** What the model hears or speaks, as BCP 47 primary subtags, where it does not tell by itself. */
  readonly languages?: readonly string[];
  /**
   * Threads that a child computes with: the share that it has, unless given, of one less than there are processors
   * and at most 4.
   */
  readonly threads?: number;
  /** Child processes, each with the model in its memory: 1 unless given. */
  readonly workers?: number;
}
