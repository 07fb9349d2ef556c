import { copyFile, cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { SileroFiles } from '../../src/engines/silero-vad/silero-model.ts';
import { parseConfig } from '../../src/server/config/load-config.ts';
import { type Engines, openEngines } from '../../src/server/engines/engines.ts';
import { findSilero } from '../../src/server/engines/find-silero.ts';
import { type Home, homeAt } from '../../src/server/home/paths.ts';
import { type PackageName, packageNamed } from '../../src/server/packages/catalog.ts';
import { packageFolder } from '../../src/server/packages/find-package.ts';
import { findSileroFiles } from '../support/silero.ts';

const found = await findSileroFiles('the choice of a detector');
const native = await findSileroFiles('the choice of a detector', 'onnxruntime-node');

let home: Home;

beforeEach(async () => {
  home = homeAt(await mkdtemp(join(tmpdir(), 'samtal-detector-')));
  await mkdir(home.modelsDirectory);
});

afterEach(async () => {
  await rm(home.directory, { recursive: true });
});

async function open(settings: object = {}): Promise<Engines> {
  const quiet = { discovery: { languageModel: false }, ...settings };
  return await openEngines(
    parseConfig(JSON.stringify(quiet), join(home.directory, 'samtal.config.json')),
    home,
  );
}

/** Puts a package where `samtal pull` would have. */
async function putPackage(name: PackageName, { runtime }: SileroFiles): Promise<void> {
  const entry = packageNamed(name);
  const pulled = runtime.slice(0, -entry.entry.length);
  await cp(pulled, packageFolder(home.enginesDirectory, entry), { recursive: true });
}

async function putModel(bytes: Uint8Array): Promise<void> {
  await writeFile(join(home.modelsDirectory, 'silero_vad.onnx'), bytes);
}

test('a home with nothing in it gets the detector of WebRTC, and nothing is said of another', async () => {
  await using engines = await open();
  expect(engines.voiceActivity.name).toBe('webrtc-vad');
  expect(engines.notices.join()).not.toContain('Silero');
});

test('a model without a runtime is told, with what gets that', async () => {
  await putModel(Buffer.from('a model'));
  await using engines = await open();
  expect(engines.voiceActivity.name).toBe('webrtc-vad');
  expect(engines.notices).toContain(
    'The model of the detector of Silero is there, and nothing to run it with. Get it: samtal pull onnxruntime-web',
  );
});

test('the detector that is named has to be there', async () => {
  await expect(open({ voiceActivity: 'silero' })).rejects.toMatchObject({
    name: 'EngineError',
    reason: 'unavailable',
    message: expect.stringContaining(join(home.modelsDirectory, 'silero_vad.onnx')),
  });
});

test.each([
  ['sliero', 'voiceActivity: "sliero" is no detector of speech; did you mean "silero"?'],
  ['flite', 'voiceActivity: "flite" is no detector of speech; expected "webrtc" or "silero"'],
])('%s is no detector, and the configuration says so', async (name, fault) => {
  await expect(open({ voiceActivity: name })).rejects.toThrow(fault);
});

describe.runIf(found)('with the model and the runtime', () => {
  const files = found as SileroFiles;

  beforeEach(async () => {
    await putPackage('onnxruntime-web', files);
  });

  test('both in the home make Silero the detector', async () => {
    await putModel(await readFile(files.model));
    await using engines = await open();
    expect(engines.voiceActivity.name).toBe('silero-vad');
    expect(engines.notices.join()).not.toContain('Silero');
  });

  test('a damaged model leaves the work to WebRTC, and the damage is told', async () => {
    await putModel((await readFile(files.model)).subarray(0, 1_000_000));
    await using engines = await open();
    expect(engines.voiceActivity.name).toBe('webrtc-vad');
    expect(engines.notices.join()).toContain('silero_vad.onnx is damaged, or is no ONNX file.');
  });

  test('who names webrtc gets that', async () => {
    await putModel(await readFile(files.model));
    await using engines = await open({ voiceActivity: 'webrtc' });
    expect(engines.voiceActivity.name).toBe('webrtc-vad');
  });

  test.each([{}, { voiceActivity: 'ears' }])(
    'an engine of the type silero is taken, with %o',
    async (settings) => {
      await copyFile(files.model, join(home.directory, 'own.onnx'));
      const ears = { type: 'silero', model: 'own.onnx' };
      await using engines = await open({ engines: { ears }, ...settings });
      expect(engines.voiceActivity.name).toBe('silero-vad');
    },
  );

  test.runIf(native)('of two runtimes the native one is used', async () => {
    await putModel(await readFile(files.model));
    await putPackage('onnxruntime-node', native as SileroFiles);
    const silero = await findSilero(home);
    expect(silero).toMatchObject({
      isNative: true,
      runtime: expect.stringContaining('onnxruntime-node@1.30.0'),
    });
    expect(await findSilero(home, join(home.directory, 'none.onnx'))).toMatchObject({
      reason: expect.stringContaining('none.onnx is not there'),
    });
  });
});
