import { spawnSync } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import type { ModelEntry } from '../../src/server/models/catalog.ts';
import { openHub } from '../../src/server/models/hub.ts';
import { type PullProgress, pullModel } from '../../src/server/models/pull-model.ts';
import { bytesOf, entryOf, fileOf } from './entries.ts';
import { FakeHub } from './fake-hub.ts';
import { tarGzipOf } from './tar-file.ts';

const DISK_BYTES = 8_000_000;
const WEIGHTS = bytesOf(3_000_000);

const disk = await mkdtemp(join(tmpdir(), 'samtal-disk-'));
/** A disk of its own takes rights that tests do not have everywhere. */
const isMounted =
  process.platform === 'linux' &&
  spawnSync('mount', ['-t', 'tmpfs', '-o', `size=${DISK_BYTES}`, 'samtal-test', disk]).status === 0;
if (!isMounted) {
  console.info('Left out, as no small disk can be mounted here: what happens when a disk is full.');
  await rm(disk, { recursive: true });
}

let hub: FakeHub;

beforeAll(async () => {
  hub = await FakeHub.start();
  hub.addFile('acme/tiny', 'model.onnx', WEIGHTS);
});

beforeEach(() => {
  hub.pace = undefined;
});

afterEach(async () => {
  for (const name of await readdir(disk)) await rm(join(disk, name), { recursive: true });
});

afterAll(async () => {
  await hub[Symbol.asyncDispose]();
  if (isMounted) spawnSync('umount', [disk]);
  await rm(disk, { recursive: true, force: true });
});

async function pull(entry: ModelEntry, onProgress?: (progress: PullProgress) => void): Promise<string> {
  await using source = openHub({ SAMTAL_HUB: hub.url }, { retryMs: 1 });
  const { signal } = new AbortController();
  const options = { hub: source, signal, ...(onProgress && { onProgress }) };
  const { directory } = await pullModel(join(disk, 'models'), entry, options);
  return directory;
}

/** Takes all the room that is left. */
async function fillDisk(): Promise<void> {
  try {
    await writeFile(join(disk, 'ballast'), Buffer.alloc(DISK_BYTES));
  } catch {
    // It is full, as it should be.
  }
}

test.runIf(isMounted)('a disk that is too small is noticed before anything is downloaded', async () => {
  const entry = entryOf({ ...fileOf('model.onnx', WEIGHTS), bytes: 9_000_000 });
  await expect(pull(entry)).rejects.toMatchObject({
    reason: 'no-room',
    message: expect.stringContaining('8 MB free, and 9 MB are needed'),
  });
  expect(hub.requestsFor('model.onnx')).toEqual([]);
});

test.runIf(isMounted)('a disk on which there is no room at all is told', async () => {
  await fillDisk();
  await expect(pull(entryOf(fileOf('model.onnx', WEIGHTS)))).rejects.toMatchObject({ reason: 'no-room' });
});

test.runIf(isMounted)(
  'a disk that fills up during a download is told, and the next pull goes on',
  async () => {
    const entry = entryOf(fileOf('model.onnx', WEIGHTS));
    hub.pace = { pieceBytes: 100_000, pauseMs: 1 };
    let filling: Promise<void> | undefined;
    const pulling = pull(entry, () => {
      filling ??= fillDisk();
    });
    await expect(pulling).rejects.toMatchObject({
      reason: 'no-room',
      message: expect.stringContaining('Make some, and pull again to go on from there'),
    });
    await filling;
    expect((await readdir(join(disk, 'models'))).filter((name) => !name.startsWith('.'))).toEqual([]);
    await rm(join(disk, 'ballast'));
    expect(await readFile(join(await pull(entry), 'model.onnx'))).toEqual(WEIGHTS);
    expect(hub.requestsFor('model.onnx').at(-1)?.headers.range).toMatch(/^bytes=[1-9]/);
  },
);

test.runIf(isMounted)(
  'a disk that fills up while an archive is unpacked is told, and nothing is installed',
  async () => {
    const archive = tarGzipOf([{ path: 'tiny/model.onnx', content: Buffer.alloc(4_000_000) }]);
    hub.addFile('acme/tiny', 'tiny.tar.gz', archive);
    const terms = { format: 'tar.gz', folder: 'tiny', unpackedBytes: 5_000_000 } as const;
    const entry = entryOf({ ...fileOf('tiny.tar.gz', archive), path: '.', archive: terms });
    let filling: Promise<void> | undefined;
    const pulling = pull(entry, ({ bytes, totalBytes }) => {
      if (bytes === totalBytes) filling ??= fillDisk();
    });
    await expect(pulling).rejects.toMatchObject({ reason: 'no-room' });
    await filling;
    expect((await readdir(join(disk, 'models'))).filter((name) => !name.startsWith('.'))).toEqual([]);
    await rm(join(disk, 'ballast'));
    expect(await readdir(await pull(entry))).toEqual(['model.onnx', 'samtal-model.json']);
  },
);
