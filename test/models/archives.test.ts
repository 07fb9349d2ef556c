import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { ArchiveTerms, ModelEntry } from '../../src/server/models/catalog.ts';
import { findEntry } from '../../src/server/models/find-model.ts';
import { openHub } from '../../src/server/models/hub.ts';
import { pullModel } from '../../src/server/models/pull-model.ts';
import { unpackArchive } from '../../src/server/models/unpack-archive.ts';
import { bytesOf, entryOf, fileOf } from './entries.ts';
import { FakeHub } from './fake-hub.ts';
import { type TarEntry, tarGzipOf, tarOf } from './tar-file.ts';

/** `tar cj` of a folder `tiny` with a file `tokens.txt`, in which stands `a 1`. */
const BZIPPED = Buffer.from(
  'QlpoOTFBWSZTWaF+9sgAAH37kMmQAAFAAfUEIABiKZ5gBAAACCAAVDKTIaDTRo9QYagxUPUGjTIGmmgfOorKyCBcxJBEOmignX2gghAwqG9PWiiWQJS5GEOc9BpKLcQF5mys6NlWypS1lyfEkgfi7kinChIUL97ZAA==',
  'base64',
);
const MODEL: TarEntry = { path: 'tiny/model.onnx', content: bytesOf(20_000) };
const FOLDER: TarEntry = { path: 'tiny/', type: '5' };

let hub: FakeHub;
let home: string;
let models: string;

beforeEach(async () => {
  hub = await FakeHub.start();
  home = await mkdtemp(join(tmpdir(), 'samtal-archives-'));
  models = join(home, 'models');
});

afterEach(async () => {
  await hub[Symbol.asyncDispose]();
  await rm(home, { recursive: true, force: true });
});

function entryWith(archive: Buffer, terms: Partial<ArchiveTerms> = {}): ModelEntry {
  const archiveTerms = { format: 'tar.gz', folder: 'tiny', unpackedBytes: 100_000, ...terms } as const;
  return entryOf({ ...fileOf('tiny.tar', archive), path: '.', archive: archiveTerms });
}

async function pull(archive: Buffer, terms: Partial<ArchiveTerms> = {}): Promise<string> {
  hub.addFile('acme/tiny', 'tiny.tar', archive);
  await using source = openHub({ SAMTAL_HUB: hub.url }, { retryMs: 1 });
  const { signal } = new AbortController();
  const { directory } = await pullModel(models, entryWith(archive, terms), { hub: source, signal });
  return directory;
}

/** Nothing is there but parts, and nothing lies where an archive has no business. */
async function expectRefused(
  archive: Buffer,
  message: string,
  terms: Partial<ArchiveTerms> = {},
): Promise<void> {
  await expect(pull(archive, terms)).rejects.toMatchObject({
    name: 'ModelError',
    reason: 'unsafe',
    message: expect.stringContaining(message),
  });
  expect((await readdir(models)).filter((name) => !name.startsWith('.'))).toEqual([]);
  expect(await readdir(home)).toEqual(['models']);
  expect(await findEntry(models, entryWith(archive, terms))).toBeUndefined();
}

test('the files of an archive lie in the folder of the model, each with its digest', async () => {
  const directory = await pull(
    tarGzipOf([FOLDER, MODEL, { path: 'tiny/a/b.txt', content: Buffer.from('b') }]),
  );
  expect(await readFile(join(directory, 'model.onnx'))).toEqual(bytesOf(20_000));
  expect(await readFile(join(directory, 'a', 'b.txt'), 'utf8')).toBe('b');
  const { files } = JSON.parse(await readFile(join(directory, 'samtal-model.json'), 'utf8'));
  expect(Object.keys(files)).toEqual(['model.onnx', 'a/b.txt']);
  expect(await readdir(models)).toEqual(['tiny']);
});

test('an archive of bzip2 is unpacked', async () => {
  const directory = await pull(BZIPPED, { format: 'tar.bz2' });
  expect(await readFile(join(directory, 'tokens.txt'), 'utf8')).toBe('a 1\n');
});

test('files that are not wanted are left out', async () => {
  const extra = { path: 'tiny/test_wavs/0.wav', content: bytesOf(5_000) };
  const directory = await pull(tarGzipOf([extra, MODEL]), { keep: ['model.onnx'] });
  expect(await readdir(directory)).toEqual(['model.onnx', 'samtal-model.json']);
});

test.each([
  ['a path that leads out', '../escaped.txt', 'leads out of its folder'],
  ['a path that leads out on a detour', 'tiny/../../escaped.txt', 'leads out of its folder'],
  ['an absolute path', '/tmp/escaped.txt', 'has an absolute path'],
  ['a path of Windows', 'C:\\escaped.txt', 'has a character that a file can not have everywhere'],
  ['a path with a backslash', 'tiny\\..\\escaped.txt', 'has a character'],
  ['a stream of a file', 'tiny/model.onnx:hidden', 'has a character'],
  ['a control character', 'tiny/mo\u0007del.onnx', 'has a character'],
  ['a name of a device', 'tiny/aux.onnx', 'a name that Windows keeps for a device'],
  ['a name of a port', 'tiny/COM1', 'a name that Windows keeps for a device'],
  ['a name that ends with a dot', 'tiny/model.onnx.', 'a name that Windows would cut short'],
  ['an empty step', 'tiny//model.onnx', 'has a path with an empty step'],
  ['another folder at the top', 'other/model.onnx', 'is not below tiny'],
  ['a file at the top', 'model.onnx', 'is not below tiny'],
  ['a file in place of the folder', 'tiny', 'is a file where a folder should be'],
])('%s is refused', async (_what, path, message) => {
  await expectRefused(tarGzipOf([MODEL, { path, content: Buffer.from('bad') }]), message);
  expect(existsSync('/tmp/escaped.txt')).toBe(false);
});

test.each([
  ['a symbolic link', { type: '2', target: '/etc' }],
  ['a symbolic link to within', { type: '2', target: 'model.onnx' }],
  ['a hard link', { type: '1', target: 'tiny/model.onnx' }],
  ['a character device', { type: '3' }],
  ['a block device', { type: '4' }],
  ['a named pipe', { type: '6' }],
  ['an entry of a kind that nobody knows', { type: 'Z' }],
])('%s is refused', async (_what, entry) => {
  await expectRefused(tarGzipOf([MODEL, { path: 'tiny/linked', ...entry }]), 'is of the type');
});

test('a file behind a link is not written through it', async () => {
  const link = { path: 'tiny/out', type: '2', target: home };
  await expectRefused(tarGzipOf([link, { path: 'tiny/out/escaped.txt' }]), 'is of the type SymbolicLink');
});

test.each([
  ['a file that is there twice', 'tiny/model.onnx'],
  ['a file that differs in case alone', 'tiny/MODEL.onnx'],
  ['a folder that has the name of a file', 'tiny/model.onnx/inner'],
  ['a name that is the same once it is composed', 'tiny/mode\uFF4C.onnx'],
])('%s is refused', async (_what, path) => {
  await expectRefused(tarGzipOf([MODEL, { path, content: Buffer.from('bad') }]), 'is there twice');
});

test('a file that has the name of a folder is refused', async () => {
  const inner = { path: 'tiny/data/inner', content: Buffer.from('x') };
  await expectRefused(
    tarGzipOf([inner, { path: 'tiny/data', content: Buffer.from('bad') }]),
    'is there twice',
  );
});

test('more than the catalogue states is refused before it is written', async () => {
  const archive = tarGzipOf([{ path: 'tiny/model.onnx', content: Buffer.alloc(5_000_000) }]);
  expect(archive.length).toBeLessThan(10_000);
  await expectRefused(archive, 'unpacks to more than 100000 bytes');
});

test('files that are too much together are refused', async () => {
  const many = Array.from({ length: 6 }, (_, index) => ({
    path: `tiny/${index}`,
    content: Buffer.alloc(20_000),
  }));
  await expectRefused(tarGzipOf(many), 'unpacks to more than 100000 bytes');
});

test('too many entries are refused', async () => {
  const many = Array.from({ length: 5_001 }, (_, index) => ({ path: `tiny/${index}` }));
  await expectRefused(tarGzipOf(many), 'has more than 5000 entries');
});

test('a file that says it is longer than what is left is refused', async () => {
  const lying = { path: 'tiny/model.onnx', content: Buffer.from('short'), statedBytes: 50_000 };
  await expectRefused(tarGzipOf([lying]), 'is damaged');
});

test('an archive that is cut off is refused', async () => {
  const whole = tarOf([FOLDER, MODEL]);
  await expectRefused(gzipSync(whole.subarray(0, 10_000)), 'is damaged');
});

test('a gzip file that is cut off is refused', async () => {
  const whole = tarGzipOf([FOLDER, MODEL]);
  await expectRefused(whole.subarray(0, whole.length - 100), 'can not be unpacked');
});

test('a bzip2 file that is cut off is refused', async () => {
  const cut = BZIPPED.subarray(0, BZIPPED.length - 20);
  await expectRefused(cut, 'The bzip2 file is damaged', { format: 'tar.bz2' });
});

test('a bzip2 file with one other bit is refused', async () => {
  const flipped = Buffer.from(BZIPPED);
  flipped.writeUInt8(flipped.readUInt8(60) ^ 1, 60);
  await expectRefused(flipped, 'damaged', { format: 'tar.bz2' });
});

test('rubbish behind a bzip2 file is refused', async () => {
  await expectRefused(Buffer.concat([BZIPPED, Buffer.from('rubbish')]), 'does not begin like one', {
    format: 'tar.bz2',
  });
});

test('what is no archive at all is refused', async () => {
  await expectRefused(gzipSync(bytesOf(5_000)), 'is damaged');
  await expectRefused(Buffer.from('<html></html>'), 'can not be unpacked');
});

test('an archive without any file is refused', async () => {
  await expectRefused(tarGzipOf([FOLDER]), 'has nothing in it that is wanted');
});

test('an archive with a header that was changed is refused', async () => {
  const changed = gunzipSync(tarGzipOf([FOLDER, MODEL]));
  changed.writeUInt8(changed.readUInt8(600) ^ 1, 512);
  await expectRefused(gzipSync(changed), 'is damaged');
});

test('of an archive that was refused nothing is kept, and what lies where parts were does not get into a model', async () => {
  const bad = tarGzipOf([MODEL, { path: 'tiny/linked', type: '2', target: '/etc' }]);
  await expectRefused(bad, 'is of the type');
  expect(await readdir(models)).toEqual([]);
  await mkdir(join(models, '.part-tiny', 'model'), { recursive: true });
  await writeFile(join(models, '.part-tiny', 'model', 'stray.txt'), 'stray');
  const directory = await pull(tarGzipOf([MODEL]));
  expect(await readdir(directory)).toEqual(['model.onnx', 'samtal-model.json']);
});

test('what the disk can not do is not told as a fault of the archive', async () => {
  const [path, folder] = [join(home, 'tiny.tar'), join(home, 'a file')];
  await writeFile(path, tarGzipOf([MODEL]));
  await writeFile(folder, '');
  const terms = { format: 'tar.gz', folder: 'tiny', unpackedBytes: 100_000 } as const;
  const { signal } = new AbortController();
  await expect(unpackArchive({ path, folder, terms }, { signal })).rejects.toMatchObject({
    reason: 'failed',
    message: expect.stringContaining('EEXIST'),
  });
});
