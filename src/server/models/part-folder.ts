import { randomUUID } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { isErrno } from '../../util/errno.ts';
import { isProcessAlive } from '../home/running.ts';
import { ModelError } from './model-error.ts';

/** Where a model is put together; nobody else works in it until it is given back. */
export interface PartFolder {
  readonly directory: string;
  /** Gives it back; what is in it stays for the next. */
  release(): Promise<void>;
}

const OWNER_FILE = 'owner.json';
const SIGN_OF_LIFE_MS = 15_000;
/** The process of another machine, or container, can only be judged by its signs of life. */
const LEAVES_TRACES_MS = 60_000;
const INSTANCE = randomUUID();

const ownerSchema = z.object({
  pid: z.number(),
  /** Tells a process from a later one with the same number; Linux only. */
  startedAt: z.string().nullable(),
  host: z.string(),
  instance: z.string(),
});

/**
 * Takes the folder for the parts of a model, with what an earlier pull has left in it.
 * @throws {ModelError} `busy` while somebody else has it.
 */
export async function takePartFolder(modelsDirectory: string, name: string): Promise<PartFolder> {
  const directory = partFolder(modelsDirectory, name);
  await mkdir(modelsDirectory, { recursive: true });
  await removeLeftovers(modelsDirectory);
  if (!(await create(modelsDirectory, directory))) await takeOver(modelsDirectory, directory, name);
  const owner = join(directory, OWNER_FILE);
  const timer = setInterval(() => void touch(owner), SIGN_OF_LIFE_MS).unref();
  return {
    directory,
    async release() {
      clearInterval(timer);
      await rm(owner, { force: true });
    },
  };
}

export function partFolder(modelsDirectory: string, name: string): string {
  return join(modelsDirectory, `.part-${name}`);
}

/** Where the file of a model is that comes at this place in the catalogue. */
export function downloadPath({ directory }: PartFolder, index: number): string {
  return join(directory, `${index}.download`);
}

/** A folder appears with its owner in it, which two can not both bring about. */
async function create(modelsDirectory: string, directory: string): Promise<boolean> {
  const draft = await asidePath(modelsDirectory);
  await mkdir(draft);
  await writeOwner(draft);
  try {
    await rename(draft, directory);
    return true;
  } catch (error) {
    await rm(draft, { recursive: true, force: true });
    if (isTaken(error)) return false;
    throw error;
  }
}

/** The folder is moved away, which only one of several succeeds with, and comes back with another owner. */
async function takeOver(modelsDirectory: string, directory: string, name: string): Promise<void> {
  if (await isOwned(directory)) throw busy(name);
  const aside = await asidePath(modelsDirectory);
  try {
    await rename(directory, aside);
    await writeOwner(aside);
    await rename(aside, directory);
  } catch (error) {
    if (isErrno(error, 'ENOENT') || isTaken(error)) throw busy(name);
    throw error;
  }
}

function isTaken(error: unknown): boolean {
  return ['ENOTEMPTY', 'EEXIST', 'EPERM', 'EACCES'].some((code) => isErrno(error, code));
}

function busy(name: string): ModelError {
  return new ModelError('busy', `${name} is being pulled already. Wait until that is done.`);
}

/** Names the process, so that what it leaves behind is known for a leftover once it is gone. */
async function asidePath(modelsDirectory: string): Promise<string> {
  return join(modelsDirectory, `.aside-${process.pid}-${randomUUID()}`);
}

/** Moves a folder out of sight in one step, and then removes it. */
export async function removeWhole(modelsDirectory: string, directory: string): Promise<void> {
  const aside = await asidePath(modelsDirectory);
  try {
    await rename(directory, aside);
  } catch (error) {
    if (isErrno(error, 'ENOENT')) return;
    throw error;
  }
  await rm(aside, { recursive: true, force: true });
}

/** Of processes that died between two steps. */
async function removeLeftovers(modelsDirectory: string): Promise<void> {
  for (const name of await readdir(modelsDirectory)) {
    const pid = /^\.aside-(\d+)-/.exec(name)?.[1];
    if (pid !== undefined && !isProcessAlive(Number(pid))) {
      await rm(join(modelsDirectory, name), { recursive: true, force: true });
    }
  }
}

async function writeOwner(directory: string): Promise<void> {
  const owner = {
    pid: process.pid,
    startedAt: await startOf(process.pid),
    host: hostname(),
    instance: INSTANCE,
  };
  const path = join(directory, OWNER_FILE);
  await writeFile(`${path}.new`, JSON.stringify(owner));
  await rename(`${path}.new`, path);
}

/** Whether a folder has an owner who is still at work; it has none when its last one has given it back. */
export async function isOwned(directory: string): Promise<boolean> {
  const path = join(directory, OWNER_FILE);
  try {
    const owner = ownerSchema.safeParse(JSON.parse(await readFile(path, 'utf8'))).data;
    if (!owner) return false;
    if (owner.host !== hostname()) return Date.now() - (await stat(path)).mtimeMs < LEAVES_TRACES_MS;
    if (owner.pid === process.pid) return owner.instance === INSTANCE;
    return isProcessAlive(owner.pid) && owner.startedAt === (await startOf(owner.pid));
  } catch (error) {
    if (error instanceof SyntaxError || isErrno(error, 'ENOENT')) return false;
    throw error;
  }
}

/** proc(5): the 22nd field, counted after the name, which may hold anything. */
async function startOf(pid: number): Promise<string | null> {
  try {
    const text = await readFile(`/proc/${pid}/stat`, 'utf8');
    return text.slice(text.lastIndexOf(')') + 2).split(' ')[19] ?? null;
  } catch {
    return null;
  }
}

async function touch(path: string): Promise<void> {
  const now = new Date();
  try {
    await utimes(path, now, now);
  } catch {
    // The folder has been given back, or has been taken by somebody who held us for dead: the work tells.
  }
}
