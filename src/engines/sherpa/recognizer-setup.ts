import type { RecognizerDescription } from './model-description.ts';

/** What a child is told when it is started. */
export interface RecognizerSetup {
  /** The path of the package's module. */
  readonly runtime: string;
  readonly model: RecognizerDescription;
  readonly threads: number;
}
