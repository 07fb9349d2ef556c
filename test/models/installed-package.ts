import { mkdir, truncate, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { type PackageName, packageNamed } from '../../src/server/packages/catalog.ts';
import { packageFolder } from '../../src/server/packages/find-package.ts';

/** Lays out a package by the names and sizes of its files alone, so that npm is not asked for it. */
export async function layOutPackage(home: string, name: PackageName): Promise<void> {
  const entry = packageNamed(name);
  const folder = packageFolder(join(home, 'engines'), entry);
  for (const [path, bytes] of Object.entries(entry.files)) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), '');
    await truncate(join(folder, path), bytes);
  }
}
