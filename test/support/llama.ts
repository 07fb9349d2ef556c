import { resolve } from 'node:path';
import { packageNamed } from '../../src/server/packages/catalog.ts';
import { PackageError } from '../../src/server/packages/package-error.ts';
import { pullPackage } from '../../src/server/packages/pull-package.ts';

/** Kept from run to run, where nothing else is looked for. */
const CACHE = resolve(import.meta.dirname, '../../node_modules/.cache/samtal-engines');

/** The entry module of node-llama-cpp, got from the registry; `undefined`, and told, where it can not be had. */
export async function findLlamaRuntime(tester: string): Promise<string | undefined> {
  try {
    const { signal } = new AbortController();
    return await pullPackage(CACHE, packageNamed('node-llama-cpp'), { signal });
  } catch (error) {
    if (!(error instanceof PackageError)) throw error;
    console.warn(`${tester}: left out what needs node-llama-cpp. ${error.message}`);
    return undefined;
  }
}
