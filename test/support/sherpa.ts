import { resolve } from 'node:path';
import { packageNamed } from '../../src/server/packages/catalog.ts';
import { PackageError } from '../../src/server/packages/package-error.ts';
import { pullPackage } from '../../src/server/packages/pull-package.ts';

/** Kept from run to run, where nothing else is looked for. */
const CACHE = resolve(import.meta.dirname, '../../node_modules/.cache/samtal-engines');

/** The path of sherpa-onnx's module, from the registry; `undefined`, and told, where that can not be reached. */
export async function findSherpa(tester: string): Promise<string | undefined> {
  try {
    const { signal } = new AbortController();
    return await pullPackage(CACHE, packageNamed('sherpa-onnx-node'), { signal });
  } catch (error) {
    if (!(error instanceof PackageError)) throw error;
    console.warn(`${tester}: left out what needs sherpa-onnx-node. ${error.message}`);
    return undefined;
  }
}
