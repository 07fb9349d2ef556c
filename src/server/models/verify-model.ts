import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import { isErrno } from '../../util/errno.ts';
import { modelFolder } from './find-model.ts';
import { readManifest } from './manifest.ts';

/** What reading a model from beginning to end has shown. */
export type Verified =
  | { readonly state: 'whole' }
  /** Some of its files are gone, or are not what came. */
  | { readonly state: 'damaged'; readonly paths: readonly string[] }
  /** It is not there, or nothing tells what should be in it. */
  | { readonly state: 'missing' };

/** Reads every file of a model and compares it with what was pulled. */
export async function verifyModel(
  modelsDirectory: string,
  name: string,
  { signal }: { readonly signal: AbortSignal },
): Promise<Verified> {
  const directory = modelFolder(modelsDirectory, name);
  const manifest = await readManifest(directory);
  if (manifest?.name !== name) return { state: 'missing' };
  const paths: string[] = [];
  for (const [path, { sha256 }] of Object.entries(manifest.files)) {
    if ((await digestOf(join(directory, path), signal)) !== sha256) paths.push(path);
  }
  return paths.length === 0 ? { state: 'whole' } : { state: 'damaged', paths };
}

async function digestOf(path: string, signal: AbortSignal): Promise<string | undefined> {
  const hash = createHash('sha256');
  try {
    for await (const chunk of createReadStream(path, { signal, highWaterMark: 1_000_000 }))
      hash.update(chunk);
    return hash.digest('hex');
  } catch (error) {
    if (isErrno(error, 'ENOENT') || isErrno(error, 'EISDIR') || isErrno(error, 'ENOTDIR')) return undefined;
    throw error;
  }
}
