import { randomUUID } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm, rmdir, stat, utimes, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { isErrno } from '../../util/errno.ts';
import { isProcessAlive } from '../home/running.ts';
import { ModelError } from './model-error.ts';
import { asidePath } from './remove-whole.ts';

/** Only who holds it works on a model's parts. */
export interface PullClaim {
  readonly release: () => Promise<void>;
}

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
 * Claims what belongs to the pull of a model, in this process and among all that share the folder: a folder with one
 * file, whose name no other claim has. So nobody can take the claim of another for one that was found dead before.
 * @throws {ModelError} `busy` while a process that is alive holds it; what the disk says.
 */
export async function claimPull(modelsDirectory: string, name: string): Promise<PullClaim> {
  const folder = claimFolder(modelsDirectory, name);
  const file = `owner-${randomUUID()}.json`;
  const isFree = await dropDeadClaim(modelsDirectory, name);
  if (!isFree || !(await create(folder, { file, draft: asidePath(modelsDirectory) }))) {
    throw new ModelError('busy', `${name} is being pulled already. Wait until that is done.`);
  }
  const path = join(folder, file);
  const timer = setInterval(() => void touch(path), SIGN_OF_LIFE_MS).unref();
  return {
    release: async () => {
      clearInterval(timer);
      await drop(folder, path);
    },
  };
}

/** Removes the claim that a dead process has left; false where the process that holds it is alive. */
export async function dropDeadClaim(modelsDirectory: string, name: string): Promise<boolean> {
  const folder = claimFolder(modelsDirectory, name);
  for (const file of await filesIn(folder)) {
    const path = join(folder, file);
    if (await isAlive(path)) return false;
    await drop(folder, path);
  }
  return true;
}

function claimFolder(modelsDirectory: string, name: string): string {
  return join(modelsDirectory, `.claim-${name}`);
}

/** The folder appears with its file in it, which two can not both bring about. False where one is there. */
async function create(
  folder: string,
  { file, draft }: { readonly file: string; readonly draft: string },
): Promise<boolean> {
  await mkdir(draft);
  try {
    const startedAt = await startOf(process.pid);
    const owner = { pid: process.pid, startedAt, host: hostname(), instance: INSTANCE };
    await writeFile(join(draft, file), JSON.stringify(owner));
    await rename(draft, folder);
    return true;
  } catch (error) {
    await rm(draft, { recursive: true, force: true });
    if (isInTheWay(error)) return false;
    throw error;
  }
}

/** What is in the folder now, if that is another claim, stays. */
async function drop(folder: string, path: string): Promise<void> {
  await rm(path, { force: true });
  try {
    await rmdir(folder);
  } catch (error) {
    if (!isErrno(error, 'ENOENT') && !isInTheWay(error)) throw error;
  }
}

/** What systems say of a folder that is not empty. */
function isInTheWay(error: unknown): boolean {
  return ['ENOTEMPTY', 'EEXIST', 'EPERM', 'EACCES'].some((code) => isErrno(error, code));
}

async function filesIn(folder: string): Promise<readonly string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    if (isErrno(error, 'ENOENT')) return [];
    throw error;
  }
}

async function isAlive(path: string): Promise<boolean> {
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
    // It has been given back, or been taken by somebody who held us for dead: the work tells.
  }
}
