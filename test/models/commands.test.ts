import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { bytesOf } from './entries.ts';
import { FakeHub } from './fake-hub.ts';
import { layOutPackage } from './installed-package.ts';
import { serveModel, unpinnedModel } from './unpinned-model.ts';

const SAMTAL = resolve(import.meta.dirname, '../../bin/samtal.js');
const WEIGHTS = bytesOf(1_500_000);
const entry = unpinnedModel();
const [file] = entry.files;

let hub: FakeHub;
let home: string;

beforeEach(async () => {
  hub = await FakeHub.start();
  home = await mkdtemp(join(tmpdir(), 'samtal-commands-'));
  serveModel(hub, entry, WEIGHTS);
  await layOutPackage(home, entry.package);
});

afterEach(async () => {
  await hub[Symbol.asyncDispose]();
  await rm(home, { recursive: true, force: true });
});

interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

async function samtal(args: readonly string[], settings: NodeJS.ProcessEnv = {}): Promise<Ended> {
  const env = {
    PATH: process.env['PATH'],
    SAMTAL_HOME: home,
    SAMTAL_HUB: hub.url,
    npm_config_cache: join(home, 'npm-cache'),
    npm_config_registry: 'http://127.0.0.1:9/',
    ...settings,
  };
  const child = spawn(process.execPath, [SAMTAL, ...args], { env, stdio: ['ignore', 'pipe', 'pipe'] });
  const [stdout, stderr, [code]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'exit') as Promise<[number | null]>,
  ]);
  return { code, stdout, stderr };
}

test('a model is told with its size, which the hub knows, and is then there', async () => {
  const { code, stderr } = await samtal(['pull', entry.name]);
  expect(stderr).toContain(`${entry.name}: ${entry.title} (licence ${entry.license}). ${entry.purpose}`);
  expect(stderr).toContain('2 MB to download, 2 MB on disk');
  expect(stderr).toContain('nobody has measured');
  expect(code).toBe(0);
  expect(await readFile(join(home, 'models', entry.name, file?.path ?? ''))).toEqual(WEIGHTS);
});

test('what is there is not pulled again', async () => {
  await samtal(['pull', entry.name]);
  const { code, stderr } = await samtal(['pull', entry.name]);
  expect(code).toBe(0);
  expect(stderr).toContain(`${entry.name} is there: ${join(home, 'models', entry.name)}`);
  expect(hub.requestsFor('.gguf')).toHaveLength(1);
});

test('what runs a model is told with it, and a registry that is not there does not take the model away', async () => {
  await rm(join(home, 'engines'), { recursive: true });
  const { code, stderr } = await samtal(['pull', entry.name]);
  expect(stderr).toContain('node-llama-cpp');
  expect(stderr).toMatch(/Together \d+ MB to download/);
  expect(code).toBe(1);
  expect(stderr).toContain('npm could not get the package');
  expect(await readdir(join(home, 'models'))).toContain(entry.name);
});

test('a hub that does not have the file is told in a sentence, and no model is half there', async () => {
  const { code, stderr } = await samtal(['pull', 'silero-vad']);
  expect(code).toBe(1);
  expect(stderr).toMatch(/^samtal: silero_vad\.onnx could not be downloaded: \S+ answers 404\.\n$/m);
  expect((await readdir(join(home, 'models'))).filter((name) => !name.startsWith('.'))).toEqual([]);
});

test('a name that nothing has is a wrong usage, and the nearest is told', async () => {
  expect(await samtal(['pull', 'parakeet-tdt-0.6b-v4'])).toEqual({
    code: 2,
    stdout: '',
    stderr:
      'samtal: samtal pull has no "parakeet-tdt-0.6b-v4". Did you mean samtal pull parakeet-tdt-0.6b-v3?\n',
  });
});

test('the list tells what is there and what can be had, as text and as JSON', async () => {
  await samtal(['pull', entry.name]);
  const { stdout } = await samtal(['models']);
  expect(stdout).toContain(`There:\n  ${entry.name}  2 MB, whole, in ${join(home, 'models', entry.name)}`);
  expect(stdout).toContain('parakeet-tdt-0.6b-v3');
  const told = JSON.parse((await samtal(['models', '--json'])).stdout);
  expect(told).toContainEqual({
    name: entry.name,
    title: entry.title,
    role: 'languageModel',
    languages: [],
    license: entry.license,
    state: 'whole',
    directory: join(home, 'models', entry.name),
    bytes: expect.any(Number),
  });
});

test('a byte that changed is found by reading, and told with the remedy', async () => {
  await samtal(['pull', entry.name]);
  const changed = Buffer.from(WEIGHTS);
  changed.writeUInt8(changed.readUInt8(9) ^ 1, 9);
  await writeFile(join(home, 'models', entry.name, file?.path ?? ''), changed);
  expect((await samtal(['models'])).code).toBe(0);
  const { code, stderr } = await samtal(['models', '--verify']);
  expect(code).toBe(1);
  expect(stderr).toBe(`samtal: damaged: ${entry.name}. Pull again: samtal pull ${entry.name}\n`);
});

test('a model that is removed is gone, with what it freed, and one that is not there is told', async () => {
  await samtal(['pull', entry.name]);
  const { code, stderr } = await samtal(['remove', entry.name]);
  expect({ code, stderr }).toEqual({ code: 0, stderr: `${entry.name} is removed: 2 MB are free again.\n` });
  const again = await samtal(['remove', entry.name]);
  expect(again.code).toBe(1);
  expect(again.stderr).toContain('nothing was removed');
});

test('a package is removed as a model is', async () => {
  const { code, stderr } = await samtal(['remove', entry.package]);
  expect(code).toBe(0);
  expect(stderr).toMatch(/is removed: \d+ MB are free again/);
});

test('a preset is not removed as a whole', async () => {
  expect((await samtal(['remove', 'small'])).code).toBe(2);
});

test('Ctrl-C ends a pull with what to do, and the next goes on from there', async () => {
  hub.pace = { pieceBytes: 100_000, pauseMs: 20 };
  const env = { PATH: process.env['PATH'], SAMTAL_HOME: home, SAMTAL_HUB: hub.url };
  const child = spawn(process.execPath, [SAMTAL, 'pull', entry.name], {
    env,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  hub.onceAsked('.gguf', () => setTimeout(() => child.kill('SIGINT'), 150));
  const [stderr, [code]] = await Promise.all([
    text(child.stderr),
    once(child, 'exit') as Promise<[number | null]>,
  ]);
  expect(code).toBe(1);
  expect(stderr).toContain('samtal: stopped; pull again to go on from what has come\n');
  hub.pace = undefined;
  expect((await samtal(['pull', entry.name])).code).toBe(0);
  expect(hub.requestsFor('.gguf')[1]?.headers.range).toMatch(/^bytes=[1-9]/);
});

test('a folder is filled on one machine and pulled from on another', async () => {
  const folder = join(home, 'stick');
  const { code, stderr } = await samtal(['pull', '--to', folder, entry.name]);
  expect(code).toBe(0);
  expect(stderr).toContain(`SAMTAL_HUB=${folder} samtal pull ${entry.name}`);
  expect((await samtal(['pull', entry.name], { SAMTAL_HUB: folder })).code).toBe(0);
  expect(hub.requestsFor('.gguf')).toHaveLength(1);
  expect(await readFile(join(home, 'models', entry.name, file?.path ?? ''))).toEqual(WEIGHTS);
});

test('without a name, packages, models and presets are listed', async () => {
  const { code, stdout } = await samtal(['pull']);
  expect(code).toBe(0);
  expect(stdout).toContain('Get it: samtal pull onnxruntime-web');
  expect(stdout).toContain('Get it: samtal pull parakeet-tdt-0.6b-v3');
  expect(stdout).toMatch(/samtal pull sv +\d+ MB: silero-vad, parakeet-tdt-0.6b-v3, piper-sv-se-lisa-medium/);
});
