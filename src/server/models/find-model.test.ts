import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { findModel, installedModels } from './find-model.ts';

let models: string;

beforeEach(async () => {
  models = await mkdtemp(join(tmpdir(), 'samtal-models-'));
});

afterEach(async () => {
  await rm(models, { recursive: true });
});

/** As a pull leaves it, with four bytes for weights. */
async function layOut(bytes: number): Promise<string> {
  const directory = join(models, 'silero-vad');
  await mkdir(directory);
  await writeFile(join(directory, 'silero_vad.onnx'), 'onnx');
  const files = { 'silero_vad.onnx': { bytes, sha256: 'a'.repeat(64) } };
  const manifest = { name: 'silero-vad', sources: [], files };
  await writeFile(join(directory, 'samtal-model.json'), JSON.stringify(manifest));
  return directory;
}

test('a model whose files are all there is found with its entry and its folder', async () => {
  const directory = await layOut(4);
  expect(await findModel(models, 'silero-vad')).toMatchObject({
    name: 'silero-vad',
    directory,
    entry: { role: 'voiceActivity' },
  });
  expect(await installedModels(models)).toHaveLength(1);
});

test('a model with a file that is cut short is not there', async () => {
  await layOut(5);
  expect(await findModel(models, 'silero-vad')).toBeUndefined();
  expect(await installedModels(models)).toEqual([]);
});

test('a model with a file that is gone is not there', async () => {
  const directory = await layOut(4);
  await rm(join(directory, 'silero_vad.onnx'));
  expect(await findModel(models, 'silero-vad')).toBeUndefined();
});

test('a folder with a manifest that is no JSON, or of another model, is not a model', async () => {
  const directory = await layOut(4);
  await writeFile(join(directory, 'samtal-model.json'), '{"name":');
  expect(await findModel(models, 'silero-vad')).toBeUndefined();
  await writeFile(join(directory, 'samtal-model.json'), '{"name":"other","sources":[],"files":{}}');
  expect(await findModel(models, 'silero-vad')).toBeUndefined();
});

test('where no folder of models is, there are none', async () => {
  expect(await installedModels(join(models, 'none'))).toEqual([]);
  expect(await findModel(join(models, 'none'), 'silero-vad')).toBeUndefined();
});

test('a name that leads out of the folder is no model', async () => {
  expect(await findModel(models, '../silero-vad')).toBeUndefined();
});
