import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { SileroFiles } from '../../engines/silero-vad/silero-model.ts';
import type { Home } from '../home/paths.ts';
import { findModel } from '../models/find-model.ts';
import { packageNamed } from '../packages/catalog.ts';
import { findPackage } from '../packages/find-package.ts';
import { type Missing, MissingEngine } from './missing.ts';

const MODEL = 'silero-vad';
/** The better one first. */
const NATIVE = packageNamed('onnxruntime-node');
const PORTABLE = packageNamed('onnxruntime-web');

/** The detector's model, in the home unless `model` says where, and what runs it; or why it can not be used. */
export async function findSilero(home: Home, model?: string): Promise<SileroFiles | Missing> {
  const path = model ?? (await modelPath(home));
  if (!existsSync(path)) {
    return {
      reason: `The detector of Silero has no model: ${path} is not there.`,
      remedy: model === undefined ? `Get it: samtal pull ${MODEL}` : 'Put silero_vad.onnx there.',
    };
  }
  const native = NATIVE.isForeign ? undefined : await findPackage(home.enginesDirectory, NATIVE);
  if (native !== undefined) return { model: path, runtime: native, isNative: true };
  const portable = await findPackage(home.enginesDirectory, PORTABLE);
  if (portable !== undefined) return { model: path, runtime: portable, isNative: false };
  return {
    reason: 'The model of the detector of Silero is there, and nothing to run it with.',
    remedy: `Get it: samtal pull ${PORTABLE.name}`,
  };
}

/** Whether the model has been pulled, or somebody has put it where it is looked for. */
export async function hasSileroModel(home: Home): Promise<boolean> {
  return existsSync(await modelPath(home));
}

/** @throws {MissingEngine} when there is no model, or nothing to run it with. */
export async function requireSilero(home: Home, model?: string): Promise<SileroFiles> {
  const found = await findSilero(home, model);
  if ('reason' in found) throw new MissingEngine('silero', found);
  return found;
}

async function modelPath({ modelsDirectory }: Home): Promise<string> {
  const pulled = await findModel(modelsDirectory, MODEL);
  return join(pulled?.directory ?? modelsDirectory, 'silero_vad.onnx');
}
