import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import type { SileroFiles } from '../../src/engines/silero-vad/silero-model.ts';
import { type PackageName, packageNamed } from '../../src/server/packages/catalog.ts';
import { findPackage } from '../../src/server/packages/find-package.ts';
import { PackageError } from '../../src/server/packages/package-error.ts';
import { pullPackage } from '../../src/server/packages/pull-package.ts';

const MODEL = resolve(import.meta.dirname, '../../../shared/audio/silero_vad.onnx');
/** Kept from run to run, where nothing else is looked for. */
const CACHE = resolve(import.meta.dirname, '../../node_modules/.cache/samtal-engines');

/**
 * The detector's files, with its runtime from the registry; `undefined`, and told, where one can not be had. The
 * native runtime, which is a large download, is got in CI alone, and where `mayDownload`; elsewhere it may be there.
 */
export async function findSileroFiles(
  tester: string,
  runtime: PackageName = 'onnxruntime-web',
  mayDownload = runtime === 'onnxruntime-web' || process.env['CI'] !== undefined,
): Promise<SileroFiles | undefined> {
  if (!existsSync(MODEL)) {
    console.warn(`${tester}: left out what needs the model silero_vad.onnx, which is not here.`);
    return undefined;
  }
  const entry = packageNamed(runtime);
  const isNative = runtime === 'onnxruntime-node';
  try {
    const { signal } = new AbortController();
    const found = mayDownload ? await pullPackage(CACHE, entry, { signal }) : await findPackage(CACHE, entry);
    if (found !== undefined) return { model: MODEL, runtime: found, isNative };
    console.warn(
      `${tester}: left out what needs ${runtime}, which is not here: npm run bench -- vad gets it.`,
    );
  } catch (error) {
    if (!(error instanceof PackageError)) throw error;
    console.warn(`${tester}: left out what needs ${runtime}. ${error.message}`);
  }
  return undefined;
}
