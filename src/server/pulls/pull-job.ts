import type { Home } from '../home/paths.ts';
import type { ModelEntry } from '../models/catalog.ts';
import type { ModelErrorReason } from '../models/model-error.ts';
import type { PackageErrorReason } from '../packages/package-error.ts';

/** What the child process that pulls is told. */
export interface PullJob {
  readonly home: Pick<Home, 'modelsDirectory' | 'enginesDirectory'>;
  readonly models: readonly ModelEntry[];
  readonly packages: readonly string[];
}

/** What it tells, a few times a second. */
export type PullEvent =
  | PullProgress
  | { readonly type: 'failed'; readonly reason: PullFault; readonly message: string };

export interface PullProgress {
  readonly type: 'progress';
  /** The model or package that is coming. */
  readonly name: string;
  /** A package is told by what of it is unpacked, everything else by what has come. */
  readonly step: 'download' | 'unpack' | 'install';
  readonly bytes: number;
  readonly totalBytes: number;
}

export type PullFault = ModelErrorReason | PackageErrorReason;
