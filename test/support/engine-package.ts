import { resolve } from 'node:path';
import { type PackageName, packageNamed } from '../../src/server/packages/catalog.ts';
import { findPackage } from '../../src/server/packages/find-package.ts';
import { PackageError } from '../../src/server/packages/package-error.ts';
import { pullPackage } from '../../src/server/packages/pull-package.ts';

/** Kept from run to run, where nothing else is looked for. */
const CACHE = resolve(import.meta.dirname, '../../node_modules/.cache/samtal-engines');

/**
 * The module of a package that runs engines, from the registry unless it is there already; `undefined`, and told,
 * where it can not be had, or is not there and is not to be downloaded.
 */
export async function findEnginePackage(
  tester: string,
  name: PackageName,
  { mayDownload = true }: { readonly mayDownload?: boolean } = {},
): Promise<string | undefined> {
  const entry = packageNamed(name);
  const { signal } = new AbortController();
  try {
    const found = mayDownload ? await pullPackage(CACHE, entry, { signal }) : await findPackage(CACHE, entry);
    if (found === undefined) console.warn(`${tester}: left out what needs ${name}, which is not here.`);
    return found;
  } catch (error) {
    if (!(error instanceof PackageError)) throw error;
    console.warn(`${tester}: left out what needs ${name}. ${error.message}`);
    return undefined;
  }
}
