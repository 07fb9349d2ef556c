import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { PACKAGES, type PackageEntry } from './catalog.ts';
import { findPackage } from './find-package.ts';
import { pullPackage } from './pull-package.ts';

const NOTHING_LISTENS = 'http://127.0.0.1:9/';
const { signal } = new AbortController();

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'samtal-pull-'));
  vi.stubEnv('npm_config_cache', join(folder, 'npm-cache'));
  vi.stubEnv('npm_config_registry', NOTHING_LISTENS);
});

afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(folder, { recursive: true, force: true });
});

/** A package that npm installs from a tarball of this machine, so that no registry is asked. */
async function localPackage(change: Partial<PackageEntry> = {}): Promise<PackageEntry> {
  const source = join(folder, 'source');
  await mkdir(source, { recursive: true });
  const scripts = { postinstall: `echo ran > ${join(folder, 'script-ran')}` };
  await writeFile(join(source, 'package.json'), JSON.stringify({ name: 'tiny', version: '1.0.0', scripts }));
  await writeFile(join(source, 'index.js'), 'export const answer = 42;\n');
  await writeFile(join(source, 'extra.js'), 'nobody needs this\n');
  const { stdout } = spawnSync('npm', ['pack', '--json', '--ignore-scripts'], {
    cwd: source,
    encoding: 'utf8',
  });
  const [{ filename, integrity }] = JSON.parse(stdout);
  const resolved = `file:${join(source, filename)}`;
  const lock = {
    lockfileVersion: 3,
    packages: {
      '': { dependencies: { tiny: '1.0.0' } },
      'node_modules/tiny': { version: '1.0.0', resolved, integrity, hasInstallScript: true },
    },
  };
  const entry = 'node_modules/tiny/index.js';
  return {
    name: 'tiny',
    version: '1.0.0',
    license: 'MIT',
    purpose: 'Is tiny.',
    needs: 'nothing',
    downloadBytes: 1000,
    unpackedBytes: 1000,
    entry,
    files: { [entry]: 26 },
    isForeign: false,
    lock,
    ...change,
  };
}

async function namesIn(directory: string): Promise<readonly string[]> {
  return (await readdir(directory)).toSorted();
}

test('a package is there with the files that are wanted, and no script of it has run', async () => {
  const entry = await localPackage();
  const engines = join(folder, 'engines');
  expect(await findPackage(engines, entry)).toBeUndefined();
  const path = await pullPackage(engines, entry, { signal });
  expect(path).toBe(join(engines, 'tiny@1.0.0/node_modules/tiny/index.js'));
  expect(await findPackage(engines, entry)).toBe(path);
  expect(await readFile(path, 'utf8')).toBe('export const answer = 42;\n');
  expect(await namesIn(dirname(path))).toEqual(['index.js']);
  expect(await namesIn(engines)).toEqual(['tiny@1.0.0']);
  expect(existsSync(join(folder, 'script-ran'))).toBe(false);
});

test('a package that is there is not pulled again, and one with a file cut short is', async () => {
  const entry = await localPackage();
  const engines = join(folder, 'engines');
  const path = await pullPackage(engines, entry, { signal });
  await rm(join(folder, 'source'), { recursive: true });
  expect(await pullPackage(engines, entry, { signal })).toBe(path);
  await writeFile(path, 'export');
  expect(await findPackage(engines, entry)).toBeUndefined();
  await pullPackage(engines, await localPackage(), { signal });
  expect(await readFile(path, 'utf8')).toBe('export const answer = 42;\n');
});

test('two that pull the same at a time both get it', async () => {
  const entry = await localPackage();
  const engines = join(folder, 'engines');
  const pull = async (): Promise<string> => await pullPackage(engines, entry, { signal });
  const [one, other] = await Promise.all([pull(), pull()]);
  expect(one).toBe(other);
  expect(await namesIn(engines)).toEqual(['tiny@1.0.0']);
});

test('bytes other than those that are pinned are refused, and nothing stays', async () => {
  const entry = await localPackage();
  const engines = join(folder, 'engines');
  const text = JSON.stringify(entry.lock).replace(/sha512-..../, 'sha512-AAAA');
  const pulling = pullPackage(engines, { ...entry, lock: JSON.parse(text) }, { signal });
  await expect(pulling).rejects.toMatchObject({ name: 'PackageError', reason: 'wrong-bytes' });
  expect(await namesIn(engines)).toEqual([]);
});

test('a file of another size than the catalogue says is refused', async () => {
  const entry = await localPackage({ files: { 'node_modules/tiny/index.js': 25 } });
  const pulling = pullPackage(join(folder, 'engines'), entry, { signal });
  await expect(pulling).rejects.toThrow('node_modules/tiny/index.js of tiny has 26 bytes, not 25.');
});

test('without a way to the registry it is told what to do, and nothing stays', async () => {
  const [entry] = PACKAGES;
  if (!entry) throw new Error('The catalogue is empty.');
  const engines = join(folder, 'engines');
  const pulling = pullPackage(engines, entry, { signal });
  await expect(pulling).rejects.toMatchObject({
    name: 'PackageError',
    reason: 'offline',
    message: expect.stringContaining('Connect this machine to the registry'),
  });
  expect(await namesIn(engines)).toEqual([]);
});

test('without npm it is told where that comes from', async () => {
  const entry = await localPackage();
  vi.stubEnv('PATH', folder);
  const pulling = pullPackage(join(folder, 'engines'), entry, { signal });
  await expect(pulling).rejects.toMatchObject({ name: 'PackageError', reason: 'no-npm' });
});

test('a disk that is too full is noticed before anything is downloaded', async () => {
  const entry = await localPackage({ unpackedBytes: 2 ** 60 });
  const pulling = pullPackage(join(folder, 'engines'), entry, { signal });
  await expect(pulling).rejects.toMatchObject({ name: 'PackageError', reason: 'no-room' });
});

test('a package that is not made for this machine is refused', async () => {
  const entry = await localPackage({ isForeign: true });
  const pulling = pullPackage(join(folder, 'engines'), entry, { signal });
  await expect(pulling).rejects.toMatchObject({ name: 'PackageError', reason: 'foreign' });
});

test('who stops a pull gets the reason, and nothing stays', async () => {
  const entry = await localPackage();
  const engines = join(folder, 'engines');
  const abort = new AbortController();
  const pulling = pullPackage(engines, entry, { signal: abort.signal });
  abort.abort(new Error('Enough.'));
  await expect(pulling).rejects.toThrow('Enough.');
  expect(await namesIn(engines)).toEqual([]);
});

test('what a pull left whose process is gone is removed, and that of a running one is not', async () => {
  const engines = join(folder, 'engines');
  const { pid: gone } = spawnSync(process.execPath, ['--version']);
  await mkdir(join(engines, `.part-${gone}-abcdef`, 'node_modules'), { recursive: true });
  await mkdir(join(engines, `.part-${process.ppid}-abcdef`), { recursive: true });
  await pullPackage(engines, await localPackage(), { signal });
  expect(await namesIn(engines)).toEqual([`.part-${process.ppid}-abcdef`, 'tiny@1.0.0']);
});

test('each package of the catalogue is pinned by digest with all that it depends on', () => {
  for (const { name, version, lock, files, entry } of PACKAGES) {
    const { packages } = lock as { packages: Record<string, { version?: string; integrity?: string }> };
    expect(packages[`node_modules/${name}`]?.version).toBe(version);
    expect(Object.keys(files)).toContain(entry);
    for (const [path, pinned] of Object.entries(packages))
      if (path !== '') expect(pinned.integrity).toMatch(/^sha512-/);
  }
});
