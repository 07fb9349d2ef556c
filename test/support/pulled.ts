import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readdir, readFile, rename, stat, symlink } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { homeAt } from '../../src/server/home/paths.ts';
import { writeManifest } from '../../src/server/models/manifest.ts';
import { type PackageName, packageNamed } from '../../src/server/packages/catalog.ts';
import { packageFolder } from '../../src/server/packages/find-package.ts';

/**
 * Puts a model where `samtal pull` would have, in one step as that does: `write` fills its folder with a small
 * generated model, which takes the place of the one of the catalogue.
 */
export async function putModel(
  home: string,
  name: string,
  write: (folder: string) => Promise<void>,
): Promise<void> {
  const { modelsDirectory } = homeAt(home);
  await mkdir(modelsDirectory, { recursive: true });
  const folder = await mkdtemp(join(home, 'generated-'));
  await write(folder);
  await writeManifest(folder, { name, sources: [], files: await recordsOf(folder) });
  await rename(folder, join(modelsDirectory, name));
}

/** Puts a package where `samtal pull` would have; `runtime` is its module, wherever that is. */
export async function putPackage(home: string, name: PackageName, runtime: string): Promise<void> {
  const entry = packageNamed(name);
  const place = packageFolder(homeAt(home).enginesDirectory, entry);
  await mkdir(dirname(place), { recursive: true });
  await symlink(runtime.slice(0, -entry.entry.length), place);
}

async function recordsOf(folder: string): Promise<Record<string, { bytes: number; sha256: string }>> {
  const found = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = found.filter((each) => each.isFile()).map((each) => join(each.parentPath, each.name));
  const records = files.map(async (file) => {
    const sha256 = createHash('sha256')
      .update(await readFile(file))
      .digest('hex');
    return [relative(folder, file), { bytes: (await stat(file)).size, sha256 }] as const;
  });
  return Object.fromEntries(await Promise.all(records));
}
