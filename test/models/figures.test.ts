import { createHash } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { ModelEntry, ModelFile } from '../../src/server/models/catalog.ts';
import { fillFolder } from '../../src/server/models/fill-folder.ts';
import { openHub } from '../../src/server/models/hub.ts';
import { pullModel } from '../../src/server/models/pull-model.ts';
import { bytesOf, entryOf, fileOf } from './entries.ts';
import { FakeHub, sha256 } from './fake-hub.ts';

const WEIGHTS = bytesOf(50_000);
const TREE = '/huggingface.co/api/models/acme/tiny/tree/main';
const ASSET = 'https://github.com/acme/tiny/releases/download/v1/model.onnx';
const RELEASE = '/api.github.com/repos/acme/tiny/releases/tags/v1';
const { signal } = new AbortController();

let hub: FakeHub;
let home: string;
let models: string;

beforeEach(async () => {
  hub = await FakeHub.start();
  hub.addFile('acme/tiny', 'model.onnx', WEIGHTS);
  home = await mkdtemp(join(tmpdir(), 'samtal-figures-'));
  models = join(home, 'models');
});

afterEach(async () => {
  await hub[Symbol.asyncDispose]();
  await rm(home, { recursive: true, force: true });
});

function unpinned(change: Partial<ModelFile> = {}): ModelEntry {
  return entryOf({
    ...fileOf('model.onnx', WEIGHTS),
    bytes: null,
    sha256: null,
    figuresFrom: null,
    ...change,
  });
}

async function pull(entry: ModelEntry, from = hub.url): Promise<Buffer> {
  await using source = openHub({ SAMTAL_HUB: from }, { retryMs: 1 });
  const { directory } = await pullModel(models, entry, { hub: source, signal });
  return await readFile(join(directory, 'model.onnx'));
}

function tellTree(bytes: Buffer): void {
  const lfs = { oid: sha256(bytes), size: bytes.length };
  hub.addJson(TREE, [{ type: 'file', path: 'model.onnx', size: bytes.length, oid: 'a'.repeat(40), lfs }]);
}

/** A release of GitHub with one asset, of which the API tells this. */
function tellRelease(asset: object): void {
  hub.files.set('/github.com/acme/tiny/releases/download/v1/model.onnx', { bytes: WEIGHTS });
  hub.addJson(RELEASE, { assets: [{ name: 'model.onnx', size: WEIGHTS.length, ...asset }] });
}

test('what nobody pins is checked against the digest that Hugging Face tells, and locked', async () => {
  tellTree(WEIGHTS);
  expect(await pull(unpinned())).toEqual(WEIGHTS);
  const lock = JSON.parse(await readFile(join(models, '.locked', 'tiny.json'), 'utf8'));
  expect(Object.values(lock)).toEqual([{ bytes: 50_000, sha256: sha256(WEIGHTS) }]);
});

test('a small file of a repository is checked by its name in git', async () => {
  const oid = createHash('sha1').update(`blob ${WEIGHTS.length}\0`).update(WEIGHTS).digest('hex');
  hub.addJson(TREE, [{ type: 'file', path: 'model.onnx', size: WEIGHTS.length, oid }]);
  expect(await pull(unpinned())).toEqual(WEIGHTS);
  hub.addJson(TREE, [{ type: 'file', path: 'model.onnx', size: WEIGHTS.length, oid: 'b'.repeat(40) }]);
  await rm(models, { recursive: true });
  await expect(pull(unpinned())).rejects.toMatchObject({ reason: 'wrong-bytes' });
});

test('a file in a folder of a repository is asked for in that folder', async () => {
  const url = 'https://huggingface.co/acme/tiny/resolve/main/onnx/model.onnx';
  hub.addFile('acme/tiny', 'onnx/model.onnx', WEIGHTS);
  const lfs = { oid: sha256(WEIGHTS), size: WEIGHTS.length };
  hub.addJson(`${TREE}/onnx`, [
    { type: 'file', path: 'onnx/model.onnx', size: 130, oid: 'a'.repeat(40), lfs },
  ]);
  expect(await pull(unpinned({ url }))).toEqual(WEIGHTS);
});

test('what the hub sends has to be what the hub told', async () => {
  tellTree(bytesOf(50_000, 7));
  await expect(pull(unpinned())).rejects.toMatchObject({
    reason: 'wrong-bytes',
    message: expect.stringContaining('which is not what the hub says'),
  });
  expect((await readdir(models)).filter((name) => !name.startsWith('.'))).toEqual([]);
});

test('what was locked stays locked when the model is removed and the hub tells something else', async () => {
  tellTree(WEIGHTS);
  await pull(unpinned());
  await rm(join(models, 'tiny'), { recursive: true });
  const others = bytesOf(50_000, 7);
  hub.addFile('acme/tiny', 'model.onnx', others);
  tellTree(others);
  await expect(pull(unpinned())).rejects.toMatchObject({
    reason: 'wrong-bytes',
    message: expect.stringMatching(
      /which is not what the first pull on this machine says.*delete .*\.locked.tiny\.json\.$/,
    ),
  });
});

test('a lock that is damaged is told, and nothing is trusted instead', async () => {
  tellTree(WEIGHTS);
  await pull(unpinned());
  await rm(join(models, 'tiny'), { recursive: true });
  await writeFile(join(models, '.locked', 'tiny.json'), '{"https');
  await expect(pull(unpinned())).rejects.toThrow('Delete it to trust what the hub says now');
});

test('an asset of a release is checked against the digest that GitHub tells', async () => {
  tellRelease({ digest: `sha256:${sha256(WEIGHTS)}` });
  expect(await pull(unpinned({ url: ASSET }))).toEqual(WEIGHTS);
});

test.each([
  ['the name first', `other.onnx ${'0'.repeat(64)}\nmodel.onnx ${sha256(WEIGHTS)}\n`],
  ['the digest first', `${'0'.repeat(64)}  other.onnx\n${sha256(WEIGHTS)}  model.onnx\n`],
])('an older asset is checked against the list of its release, %s', async (_order, list) => {
  tellRelease({ digest: null });
  hub.files.set('/github.com/acme/tiny/releases/download/v1/checksum.txt', { bytes: Buffer.from(list) });
  expect(await pull(unpinned({ url: ASSET }))).toEqual(WEIGHTS);
});

test('where GitHub has been asked too often, the list of the release does', async () => {
  tellRelease({ digest: `sha256:${'0'.repeat(64)}` });
  const list = Buffer.from(`model.onnx ${sha256(WEIGHTS)}\n`);
  hub.files.set('/github.com/acme/tiny/releases/download/v1/checksum.txt', { bytes: list });
  hub.always(RELEASE, (response) => void response.writeHead(403).end());
  expect(await pull(unpinned({ url: ASSET }))).toEqual(WEIGHTS);
});

test('an asset of which nobody tells a digest is refused before it is downloaded', async () => {
  tellRelease({ digest: null });
  await expect(pull(unpinned({ url: ASSET }))).rejects.toThrow('tells no size and digest');
  expect(hub.requestsFor('v1/model.onnx')).toEqual([]);
});

test('a hub that answers with something else than it should is told', async () => {
  hub.addJson(TREE, { error: 'unknown' });
  await expect(pull(unpinned())).rejects.toThrow('answers with something else than it should');
  hub.files.set(TREE, { bytes: Buffer.from('<html>') });
  await expect(pull(unpinned())).rejects.toMatchObject({ reason: 'refused' });
});

test('a hub that fails while it is asked for digests is asked again', async () => {
  tellTree(WEIGHTS);
  hub.once(TREE, (response) => void response.writeHead(503).end());
  expect(await pull(unpinned())).toEqual(WEIGHTS);
});

test('a pinned digest goes before what the hub tells', async () => {
  tellTree(bytesOf(50_000, 7));
  expect(await pull(unpinned({ sha256: sha256(WEIGHTS) }))).toEqual(WEIGHTS);
});

test('a folder that was filled is a hub, of what was pinned and of what was not', async () => {
  tellTree(WEIGHTS);
  const folder = join(home, 'stick');
  const tokens = bytesOf(100, 3);
  hub.addFile('acme/tiny', 'tokens.txt', tokens);
  const { files } = unpinned();
  const entry = entryOf(...files, fileOf('tokens.txt', tokens));
  await using source = openHub({ SAMTAL_HUB: hub.url }, { retryMs: 1 });
  await fillFolder(folder, entry, { hub: source, signal });
  expect(await readdir(folder)).toEqual(['huggingface.co', 'samtal']);
  await hub[Symbol.asyncDispose]();
  expect(await pull(entry, folder)).toEqual(WEIGHTS);
  await rm(models, { recursive: true });
  expect(await pull(entry, pathToFileURL(folder).href)).toEqual(WEIGHTS);
  hub = await FakeHub.start();
});

test('a folder that was filled is a hub behind any web server', async () => {
  tellTree(WEIGHTS);
  const folder = join(home, 'stick');
  await using source = openHub({ SAMTAL_HUB: hub.url }, { retryMs: 1 });
  await fillFolder(folder, unpinned(), { hub: source, signal });
  await using web = await FakeHub.start();
  for (const file of await readdir(folder, { recursive: true, withFileTypes: true })) {
    if (!file.isFile()) continue;
    const path = join(file.parentPath, file.name);
    web.files.set(path.slice(folder.length), { bytes: await readFile(path) });
  }
  expect(await pull(unpinned(), web.url)).toEqual(WEIGHTS);
});

test('a folder without the model says how it comes there', async () => {
  await expect(pull(entryOf(fileOf('model.onnx', WEIGHTS)), home)).rejects.toThrow(
    'samtal pull --to <folder>',
  );
});

test('a folder with other bytes than are pinned is refused', async () => {
  const folder = join(home, 'stick');
  await using source = openHub({ SAMTAL_HUB: hub.url }, { retryMs: 1 });
  const entry = entryOf(fileOf('model.onnx', WEIGHTS));
  await fillFolder(folder, entry, { hub: source, signal });
  const path = join(folder, 'huggingface.co/acme/tiny/resolve/main/model.onnx');
  await writeFile(path, bytesOf(50_000, 7));
  await expect(pull(entry, folder)).rejects.toMatchObject({ reason: 'wrong-bytes' });
  expect((await readdir(models)).filter((name) => !name.startsWith('.'))).toEqual([]);
});
