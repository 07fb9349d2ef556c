import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import type { SileroFiles } from '../../src/engines/silero-vad/silero-model.ts';
import type { PackageName } from '../../src/server/packages/catalog.ts';
import { findEnginePackage } from './engine-package.ts';

const MODEL = resolve(import.meta.dirname, '../../../shared/audio/silero_vad.onnx');

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
  const found = await findEnginePackage(tester, runtime, { mayDownload });
  return found === undefined
    ? undefined
    : { model: MODEL, runtime: found, isNative: runtime === 'onnxruntime-node' };
}
