import { mkdir, rename, rm } from 'node:fs/promises';
import { dirname, join, posix } from 'node:path';
import { isErrno } from '../../util/errno.ts';
import type { ModelEntry } from './catalog.ts';
import { type FileRecord, writeManifest } from './manifest.ts';
import { downloadPath, type PartFolder } from './part-folder.ts';
import type { PullModelOptions } from './pull-model.ts';
import type { WantedFile } from './settle-figures.ts';
import { unpackArchive } from './unpack-archive.ts';

interface AssembleOptions extends Pick<PullModelOptions, 'signal' | 'onProgress'> {
  readonly wanted: readonly WantedFile[];
  /** SHA-256 of each of those. */
  readonly digests: readonly string[];
}

/** Makes the folder of a model from what was downloaded and checked, and resolves with where that is. */
export async function assembleModel(
  part: PartFolder,
  { name }: ModelEntry,
  { wanted, digests, ...options }: AssembleOptions,
): Promise<string> {
  const folder = assembledPath(part);
  await mkdir(folder, { recursive: true });
  const sources = wanted.map(({ file, figures }, index) => ({
    url: file.url,
    bytes: figures.bytes,
    sha256: digests[index] ?? '',
  }));
  // Archives first, as they take long: what is moved is only put back if the process dies in the steps after.
  const files = await unpackAll(part, wanted, options);
  for (const [index, { file, figures }] of wanted.entries()) {
    if (file.archive) continue;
    await mkdir(dirname(join(folder, file.path)), { recursive: true });
    await rename(downloadPath(part, index), join(folder, file.path));
    files[file.path] = { bytes: figures.bytes, sha256: digests[index] ?? '' };
  }
  await writeManifest(folder, { name, sources, files });
  return folder;
}

/** Makes downloads again of the files that had moved to the model when a pull died in its last steps. */
export async function takeBack(part: PartFolder, { files }: ModelEntry): Promise<void> {
  for (const [index, { path, archive }] of files.entries()) {
    if (archive) continue;
    try {
      await rename(join(assembledPath(part), path), downloadPath(part, index));
    } catch (error) {
      if (!isErrno(error, 'ENOENT') && !isErrno(error, 'ENOTDIR')) throw error;
    }
  }
  await rm(assembledPath(part), { recursive: true, force: true });
}

function assembledPath({ directory }: PartFolder): string {
  return join(directory, 'model');
}

async function unpackAll(
  part: PartFolder,
  wanted: readonly WantedFile[],
  { signal, onProgress }: Pick<PullModelOptions, 'signal' | 'onProgress'>,
): Promise<Record<string, FileRecord>> {
  const files: Record<string, FileRecord> = {};
  for (const [index, { file }] of wanted.entries()) {
    if (!file.archive) continue;
    const totalBytes = file.archive.unpackedBytes;
    const tell = (bytes: number): void => onProgress?.({ step: 'unpack', bytes, totalBytes });
    const job = {
      path: downloadPath(part, index),
      folder: join(assembledPath(part), file.path),
      terms: file.archive,
    };
    for (const [path, record] of await unpackArchive(job, { signal, onProgress: tell })) {
      files[posix.join(file.path, path)] = record;
    }
  }
  return files;
}
