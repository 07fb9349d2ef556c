import { rename } from 'node:fs/promises';
import { assembleModel, takeBack } from './assemble-model.ts';
import type { ModelEntry } from './catalog.ts';
import { bytesAt, downloadFile } from './download-file.ts';
import { writeLock } from './figures-lock.ts';
import { findEntry, type InstalledModel, modelFolder } from './find-model.ts';
import type { Hub } from './hub.ts';
import { ModelError } from './model-error.ts';
import { downloadPath, type PartFolder, takePartFolder } from './part-folder.ts';
import { removeWhole } from './remove-whole.ts';
import { refuseWithoutRoom, throwExplained } from './room.ts';
import { settleFigures, type WantedFile } from './settle-figures.ts';

export interface PullModelOptions {
  readonly hub: Hub;
  readonly signal: AbortSignal;
  /** Called whenever something has come, which may be a thousand times a second. */
  readonly onProgress?: (progress: PullProgress) => void;
}

export interface PullProgress {
  readonly step: 'download' | 'unpack';
  /** Of all files of the model. */
  readonly bytes: number;
  /** When unpacking, it may be less in the end. */
  readonly totalBytes: number;
}

type PulledModel = Pick<InstalledModel, 'directory'>;

/**
 * Gets a model, unless it is there, and resolves with where it is. It is there as a whole or not at all: it is put
 * together beside, and a rename makes it there. What an interrupted pull has downloaded, the next goes on from.
 * @throws {ModelError}; the reason of `signal` when that is aborted.
 */
export async function pullModel(
  modelsDirectory: string,
  entry: ModelEntry,
  options: PullModelOptions,
): Promise<PulledModel> {
  options.signal.throwIfAborted();
  const part = await takePartFolder(modelsDirectory, entry.name);
  try {
    const found = await findEntry(modelsDirectory, entry);
    const model = found ?? (await build(modelsDirectory, entry, { ...options, part }));
    await removeWhole(modelsDirectory, part.directory);
    return model;
  } catch (error) {
    options.signal.throwIfAborted();
    // Its digest is the right one, so that it would be refused again.
    if (error instanceof ModelError && error.reason === 'unsafe')
      await removeWhole(modelsDirectory, part.directory);
    return throwExplained(modelsDirectory, error);
  } finally {
    await part.release();
  }
}

interface BuildOptions extends PullModelOptions {
  readonly part: PartFolder;
}

async function build(
  modelsDirectory: string,
  entry: ModelEntry,
  { part, ...options }: BuildOptions,
): Promise<PulledModel> {
  const wanted = await settleFigures(modelsDirectory, entry, options);
  await takeBack(part, entry);
  await refuseWithoutRoom(part.directory, await bytesToCome(part, wanted));
  const digests = await downloadAll(part, wanted, options);
  await lockUnpinned(modelsDirectory, entry, { wanted, digests });
  const built = await assembleModel(part, entry, { wanted, digests, ...options });
  const directory = modelFolder(modelsDirectory, entry.name);
  // What is there is damaged, or it would have been found.
  await removeWhole(modelsDirectory, directory);
  await rename(built, directory);
  return { directory };
}

async function bytesToCome(part: PartFolder, wanted: readonly WantedFile[]): Promise<number> {
  let bytes = 0;
  for (const [index, { file, figures }] of wanted.entries()) {
    bytes += figures.bytes - (await bytesAt(downloadPath(part, index))) + (file.archive?.unpackedBytes ?? 0);
  }
  return bytes;
}

/** The SHA-256 of each file. */
async function downloadAll(
  part: PartFolder,
  wanted: readonly WantedFile[],
  { hub, signal, onProgress }: PullModelOptions,
): Promise<readonly string[]> {
  const totalBytes = wanted.reduce((total, { figures }) => total + figures.bytes, 0);
  const digests: string[] = [];
  let before = 0;
  for (const [index, { file, figures }] of wanted.entries()) {
    const done = before;
    const tell = (bytes: number): void => onProgress?.({ step: 'download', bytes: done + bytes, totalBytes });
    const download = { url: file.url, figures, path: downloadPath(part, index) };
    digests.push(await downloadFile(download, { hub, signal, onProgress: tell }));
    before += figures.bytes;
  }
  return digests;
}

interface Downloaded {
  readonly wanted: readonly WantedFile[];
  readonly digests: readonly string[];
}

/** What only the hub has vouched for is what it has to be from now on. */
async function lockUnpinned(
  modelsDirectory: string,
  { name }: ModelEntry,
  { wanted, digests }: Downloaded,
): Promise<void> {
  const unpinned = wanted.flatMap(({ file, figures }, index) =>
    file.sha256 === null ? [[file.url, { bytes: figures.bytes, sha256: digests[index] ?? '' }] as const] : [],
  );
  if (unpinned.length > 0) await writeLock(modelsDirectory, name, Object.fromEntries(unpinned));
}
