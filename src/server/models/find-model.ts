import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { isErrno } from '../../util/errno.ts';
import { MODELS, type ModelEntry, modelNamed } from './catalog.ts';
import { damagedFiles, MANIFEST_FILE, readManifest } from './manifest.ts';

export interface InstalledModel {
  readonly name: string;
  readonly entry: ModelEntry;
  /** Holds the files by their paths in the catalogue. */
  readonly directory: string;
  /** Tells it from another of its name that was there before. */
  readonly pulledAtMs: number;
}

/** The model of the catalogue that was pulled; `undefined` unless each of its files is there in its size. */
export async function findModel(modelsDirectory: string, name: string): Promise<InstalledModel | undefined> {
  const entry = modelNamed(name);
  return entry && (await findEntry(modelsDirectory, entry));
}

/** The same for an entry that may be in no catalogue. */
export async function findEntry(
  modelsDirectory: string,
  entry: ModelEntry,
): Promise<InstalledModel | undefined> {
  const { name } = entry;
  const directory = modelFolder(modelsDirectory, name);
  const manifest = await readManifest(directory);
  if (manifest?.name !== name) return undefined;
  const damaged = await damagedFiles(directory, manifest);
  if (damaged.length > 0) return undefined;
  const { mtimeMs } = await stat(join(directory, MANIFEST_FILE));
  return { name, entry, directory, pulledAtMs: mtimeMs };
}

/** Every model that is there as a whole, in the order of the catalogue. */
export async function installedModels(modelsDirectory: string): Promise<readonly InstalledModel[]> {
  const names = await namesIn(modelsDirectory);
  const known = MODELS.filter(({ name }) => names.has(name));
  const found = await Promise.all(known.map(async ({ name }) => await findModel(modelsDirectory, name)));
  return found.filter((model) => model !== undefined);
}

/** Where a model is, or will be. */
export function modelFolder(modelsDirectory: string, name: string): string {
  return join(modelsDirectory, name);
}

async function namesIn(directory: string): Promise<ReadonlySet<string>> {
  try {
    return new Set(await readdir(directory));
  } catch (error) {
    if (isErrno(error, 'ENOENT')) return new Set();
    throw error;
  }
}
