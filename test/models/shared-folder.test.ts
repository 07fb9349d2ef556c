import { spawnSync } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { findEntry } from '../../src/server/models/find-model.ts';
import { openHub } from '../../src/server/models/hub.ts';
import { pullModel } from '../../src/server/models/pull-model.ts';
import { removeModel } from '../../src/server/models/remove-model.ts';
import { verifyModel } from '../../src/server/models/verify-model.ts';
import { bytesOf, entryOf, fileOf } from './entries.ts';
import { FakeHub, sha256 } from './fake-hub.ts';

const WEIGHTS = bytesOf(200_000);
const entry = entryOf(fileOf('model.onnx', WEIGHTS));
const { signal } = new AbortController();

let hub: FakeHub;
let models: string;

beforeEach(async () => {
  hub = await FakeHub.start();
  hub.addFile('acme/tiny', 'model.onnx', WEIGHTS);
  models = await mkdtemp(join(tmpdir(), 'samtal-shared-'));
});

afterEach(async () => {
  await hub[Symbol.asyncDispose]();
  await rm(models, { recursive: true, force: true });
});

async function pull(): Promise<Buffer> {
  await using source = openHub({ SAMTAL_HUB: hub.url }, { retryMs: 1 });
  const { directory } = await pullModel(models, entry, { hub: source, signal });
  return await readFile(join(directory, 'model.onnx'));
}

interface Owner {
  readonly pid: number;
  readonly startedAt?: string | null;
  readonly host?: string;
}

function ownerFile(): string {
  return join(models, '.claim-tiny', 'owner-x.json');
}

/** The parts of a pull that is, or was, at work in another process, half of the file among them. */
async function layOutParts({ pid, startedAt = null, host = hostname() }: Owner): Promise<void> {
  const part = join(models, '.part-tiny');
  await mkdir(part);
  await writeFile(join(part, '0.download'), WEIGHTS.subarray(0, 100_000));
  const [file] = entry.files;
  const note = { url: file?.url, digest: sha256(WEIGHTS), validator: `"${sha256(WEIGHTS)}"` };
  await writeFile(join(part, '0.download.json'), JSON.stringify(note));
  await mkdir(join(models, '.claim-tiny'));
  await writeFile(ownerFile(), JSON.stringify({ pid, startedAt, host, instance: 'another' }));
}

function deadPid(): number {
  return spawnSync(process.execPath, ['--version']).pid;
}

async function startOf(pid: number): Promise<string | undefined> {
  const text = await readFile(`/proc/${pid}/stat`, 'utf8');
  return text.slice(text.lastIndexOf(')') + 2).split(' ')[19];
}

test('of two that pull the same at once, one is told to wait', async () => {
  const [one, other] = await Promise.allSettled([pull(), pull()]);
  const failed = [one, other].filter(({ status }) => status === 'rejected');
  expect(failed).toHaveLength(1);
  expect(failed[0]).toMatchObject({ reason: { name: 'ModelError', reason: 'busy' } });
  expect(await readdir(models)).toEqual(['tiny']);
});

test('the parts of a process that is gone are gone on with', async () => {
  await layOutParts({ pid: deadPid() });
  expect(await pull()).toEqual(WEIGHTS);
  expect(hub.requestsFor('model.onnx')[0]?.headers.range).toBe('bytes=100000-');
});

test.runIf(process.platform === 'linux')(
  'the parts of a process that is at work are left alone',
  async () => {
    await layOutParts({ pid: process.ppid, startedAt: (await startOf(process.ppid)) ?? null });
    await expect(pull()).rejects.toMatchObject({ reason: 'busy' });
    await expect(removeModel(models, 'tiny')).rejects.toMatchObject({ reason: 'busy' });
  },
);

test.runIf(process.platform === 'linux')(
  'a process that has the number of one that is gone is not taken for it',
  async () => {
    await layOutParts({ pid: process.ppid, startedAt: '1' });
    expect(await pull()).toEqual(WEIGHTS);
  },
);

test('parts that name this very process are those of an earlier one, as after a restart of a container', async () => {
  await layOutParts({ pid: process.pid });
  expect(await pull()).toEqual(WEIGHTS);
});

test('another machine is at work as long as it shows life', async () => {
  await layOutParts({ pid: deadPid(), host: 'elsewhere' });
  await expect(pull()).rejects.toMatchObject({ reason: 'busy' });
  const past = new Date(Date.now() - 120_000);
  await utimes(ownerFile(), past, past);
  expect(await pull()).toEqual(WEIGHTS);
});

test('an owner that was cut off by a crash is none', async () => {
  await layOutParts({ pid: process.ppid });
  await writeFile(ownerFile(), '{"pid":');
  expect(await pull()).toEqual(WEIGHTS);
});

test('what processes left between two steps is removed, and not that of one which is at work', async () => {
  const gone = join(models, `.aside-${deadPid()}-x`);
  const atWork = join(models, `.aside-${process.ppid}-x`);
  await mkdir(gone);
  await mkdir(atWork);
  await pull();
  expect(await readdir(models)).toEqual([`.aside-${process.ppid}-x`, 'tiny']);
});

test('a pull that died in its last step is gone on with, without a byte from the hub', async () => {
  await layOutParts({ pid: deadPid() });
  const part = join(models, '.part-tiny');
  await mkdir(join(part, 'model'));
  await rm(join(part, '0.download'));
  await writeFile(join(part, 'model', 'model.onnx'), WEIGHTS);
  expect(await pull()).toEqual(WEIGHTS);
  expect(hub.requestsFor('model.onnx')).toEqual([]);
});

test('a model that is removed is gone, with what was left of pulls, and frees what it took', async () => {
  await pull();
  const manifest = await readFile(join(models, 'tiny', 'samtal-model.json'));
  expect(await removeModel(models, 'tiny')).toBe(200_000 + manifest.length);
  expect(await findEntry(models, entry)).toBeUndefined();
  await layOutParts({ pid: deadPid() });
  expect(await removeModel(models, 'tiny')).toBeGreaterThan(100_000);
  expect(await removeModel(models, 'tiny')).toBe(0);
  expect(await readdir(models)).toEqual([]);
});

test('a byte that changes in a model is found by reading it, and in its size at once', async () => {
  await pull();
  expect(await verifyModel(models, 'tiny', { signal })).toEqual({ state: 'whole' });
  const changed = Buffer.from(WEIGHTS);
  changed.writeUInt8(changed.readUInt8(5) ^ 1, 5);
  await writeFile(join(models, 'tiny', 'model.onnx'), changed);
  expect(await findEntry(models, entry)).toBeDefined();
  expect(await verifyModel(models, 'tiny', { signal })).toEqual({ state: 'damaged', paths: ['model.onnx'] });
  await rm(join(models, 'tiny', 'model.onnx'));
  expect(await verifyModel(models, 'tiny', { signal })).toEqual({ state: 'damaged', paths: ['model.onnx'] });
  expect(await verifyModel(models, 'other', { signal })).toEqual({ state: 'missing' });
});
