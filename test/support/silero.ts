import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import type { SileroFiles } from '../../src/engines/silero-vad/silero-model.ts';
import { packageNamed } from '../../src/server/packages/catalog.ts';
import { PackageError } from '../../src/server/packages/package-error.ts';
import { pullPackage } from '../../src/server/packages/pull-package.ts';

const MODEL = resolve(import.meta.dirname, '../../../shared/audio/silero_vad.onnx');
/** Kept from run to run, where nothing else is looked for. */
const CACHE = resolve(import.meta.dirname, '../../node_modules/.cache/samtal-engines');

/** The detector's files, its runtime from the registry; `undefined`, and told, where one can not be had. */
export async function findSileroFiles(tester: string): Promise<SileroFiles | undefined> {
  if (!existsSync(MODEL)) {
    console.warn(`${tester}: left out what needs the model silero_vad.onnx, which is not here.`);
    return undefined;
  }
  try {
    const { signal } = new AbortController();
    return { model: MODEL, runtime: await pullPackage(CACHE, packageNamed('onnxruntime-web'), { signal }) };
  } catch (error) {
    if (!(error instanceof PackageError)) throw error;
    console.warn(`${tester}: left out what needs onnxruntime-web. ${error.message}`);
    return undefined;
  }
}
