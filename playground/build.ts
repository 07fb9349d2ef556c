import { existsSync } from 'node:fs';
import { readdir, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { build } from 'vite';

const here = import.meta.dirname;
const built = join(here, 'dist');
/** All that the page is made from; its packages change with the lockfile. */
const SOURCES = [
  'src',
  'public',
  'index.html',
  'vite.config.ts',
  'compress-assets.ts',
  '../package-lock.json',
];

/**
 * Builds the page when it is missing or older than what it is made from. The old page stays in its place until
 * the new one is whole. Resolves with whether there was something to do.
 */
export async function buildIfStale(): Promise<boolean> {
  if (!(await isStale())) return false;
  const fresh = join(here, '.cache', `dist-${process.pid}`);
  try {
    await buildForUse(fresh);
    // Whoever built at the same time may have been first, and be looking at its page already.
    if (await isStale()) await replace(built, fresh);
  } finally {
    await rm(fresh, { recursive: true, force: true });
  }
  return true;
}

/** Vite asks the environment what to build for, and that of a test runner would say: for developing React. */
async function buildForUse(outDir: string): Promise<void> {
  const before = process.env['NODE_ENV'];
  process.env['NODE_ENV'] = 'production';
  try {
    await build({ root: here, logLevel: 'error', build: { outDir } });
  } finally {
    if (before === undefined) delete process.env['NODE_ENV'];
    else process.env['NODE_ENV'] = before;
  }
}

/** Another process may put its own page there between the two steps. */
async function replace(old: string, fresh: string, attempts = 5): Promise<void> {
  await rm(old, { recursive: true, force: true });
  try {
    await rename(fresh, old);
  } catch (error) {
    if (attempts <= 1) throw error;
    await replace(old, fresh, attempts - 1);
  }
}

async function isStale(): Promise<boolean> {
  const page = join(built, 'index.html');
  if (!existsSync(page)) return true;
  const builtMs = (await stat(page)).mtimeMs;
  for (const source of SOURCES) if ((await changedMs(join(here, source))) > builtMs) return true;
  return false;
}

/** When the file, or anything in the folder, was last changed: a folder is, when something in it goes. */
async function changedMs(path: string): Promise<number> {
  const found = await stat(path);
  if (!found.isDirectory()) return found.mtimeMs;
  const names = await readdir(path);
  const changes = await Promise.all(names.map(async (name) => await changedMs(join(path, name))));
  return Math.max(found.mtimeMs, ...changes);
}
