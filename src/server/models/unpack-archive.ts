import { JobPool } from '../../util/jobs/job-pool.ts';
import { besideModule, threadSpawner } from '../../util/jobs/job-port.ts';
import type { ArchiveTerms } from './catalog.ts';
import type { FileRecord } from './manifest.ts';
import { ModelError } from './model-error.ts';

/** What the thread is asked to do. */
export interface ArchiveJob {
  readonly path: string;
  /** Where the files go, which is made when it is not there. */
  readonly folder: string;
  readonly terms: ArchiveTerms;
}

/** What the thread tells. */
export type Unpacked =
  | { readonly type: 'progress'; readonly bytes: number }
  | { readonly type: 'files'; readonly files: readonly [string, FileRecord][] }
  | { readonly type: 'fault'; readonly reason: 'unsafe' | 'no-room'; readonly message: string };

export interface UnpackOptions {
  readonly signal: AbortSignal;
  readonly onProgress?: (bytes: number) => void;
}

/** A block of bzip2 takes 4 MB, and what is read ahead of it 5. */
const HEAP_MIB = 128;

/**
 * Unpacks an archive in a thread of its own, and resolves with the files that are kept, by path.
 * @throws {ModelError} `unsafe` for an archive that has anything else in it than plain files below its folder, or
 *   too much of that, and `no-room`; {EngineError} `failed` with what else the disk says; the reason of `signal`.
 *   What was unpacked until then is still there.
 */
export async function unpackArchive(
  job: ArchiveJob,
  { signal, onProgress }: UnpackOptions,
): Promise<readonly [string, FileRecord][]> {
  const spawn = threadSpawner(besideModule('unpack-worker', import.meta.url), { heapMiB: HEAP_MIB });
  await using pool = new JobPool({ name: 'unpacking', spawn, workers: 1, waiting: 0 });
  for await (const told of pool.run<Unpacked>('unpack', job, { signal })) {
    if (told.type === 'progress') onProgress?.(told.bytes);
    else if (told.type === 'files') return told.files;
    else throw faultOf(told, job);
  }
  throw new ModelError('unsafe', `${job.terms.folder} was not unpacked to its end.`);
}

function faultOf(
  { reason, message }: Extract<Unpacked, { type: 'fault' }>,
  { terms, folder }: ArchiveJob,
): ModelError {
  if (reason === 'no-room') {
    return new ModelError(
      'no-room',
      `There is no room left to unpack to ${folder}. Make some, and pull again.`,
    );
  }
  return new ModelError('unsafe', `The archive of ${terms.folder} ${message}. Nothing of it is kept.`);
}
