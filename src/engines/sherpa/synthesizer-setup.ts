import type { SynthesizerDescription } from './model-description.ts';

/** What a child is told when it is started. */
export interface SynthesizerSetup {
  /** The path of the package's module. */
  readonly runtime: string;
  readonly model: SynthesizerDescription;
  readonly threads: number;
}

export interface SpeakInput {
  readonly text: string;
  /** The number of the speaker. */
  readonly speaker: number;
  /** 1 is the voice's own pace, 2 twice as fast. */
  readonly speed: number;
  readonly language?: string | undefined;
}
