import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { isErrno } from '../../util/errno.ts';
import type { PackageEntry } from './catalog.ts';

/** Where a package is, or will be, below the folder of all packages. */
export function packageFolder(directory: string, { name, version }: PackageEntry): string {
  return join(directory, `${name}@${version}`);
}

/** The path of the module to import; `undefined` unless every file of the package is there in its size. */
export async function findPackage(directory: string, entry: PackageEntry): Promise<string | undefined> {
  const folder = packageFolder(directory, entry);
  const files = Object.entries(entry.files);
  const areThere = await Promise.all(files.map(([path, bytes]) => isFile(join(folder, path), bytes)));
  return areThere.every(Boolean) ? join(folder, entry.entry) : undefined;
}

async function isFile(path: string, bytes: number): Promise<boolean> {
  try {
    const found = await stat(path);
    return found.isFile() && found.size === bytes;
  } catch (error) {
    if (isErrno(error, 'ENOENT') || isErrno(error, 'ENOTDIR')) return false;
    throw error;
  }
}
