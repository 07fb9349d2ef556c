import { lstat, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { isErrno } from '../../util/errno.ts';
import { writePrivateFile } from '../home/private-file.ts';

/** Lies in a model's folder and tells what has to be there with it. */
export const MANIFEST_FILE = 'samtal-model.json';

const recordSchema = z.object({ bytes: z.number(), sha256: z.string() });

/** How long a file is, and its SHA-256 in hexadecimal. */
export type FileRecord = z.infer<typeof recordSchema>;

const manifestSchema = z.object({
  name: z.string(),
  /** What was downloaded. */
  sources: z.array(recordSchema.extend({ url: z.string() })),
  /** By the path in the model's folder, with slashes. */
  files: z.record(z.string(), recordSchema),
});

export type Manifest = z.infer<typeof manifestSchema>;

export async function writeManifest(directory: string, manifest: Manifest): Promise<void> {
  await writePrivateFile(join(directory, MANIFEST_FILE), `${JSON.stringify(manifest, null, 2)}\n`);
}

/** `undefined` where there is none, or one that is not ours. */
export async function readManifest(directory: string): Promise<Manifest | undefined> {
  try {
    const text = await readFile(join(directory, MANIFEST_FILE), 'utf8');
    return manifestSchema.safeParse(JSON.parse(text)).data;
  } catch (error) {
    if (error instanceof SyntaxError || isErrno(error, 'ENOENT') || isErrno(error, 'ENOTDIR'))
      return undefined;
    throw error;
  }
}

/** The paths of the files that are missing, or are not of the size that the manifest states; reads none of them. */
export async function damagedFiles(directory: string, { files }: Manifest): Promise<readonly string[]> {
  const expected = Object.entries(files);
  const areWhole = await Promise.all(
    expected.map(([path, { bytes }]) => isFile(join(directory, path), bytes)),
  );
  return expected.filter((_, index) => !areWhole[index]).map(([path]) => path);
}

async function isFile(path: string, bytes: number): Promise<boolean> {
  try {
    const found = await lstat(path);
    return found.isFile() && found.size === bytes;
  } catch (error) {
    if (isErrno(error, 'ENOENT') || isErrno(error, 'ENOTDIR')) return false;
    throw error;
  }
}
