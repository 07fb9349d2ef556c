import { randomUUID } from 'node:crypto';
import { readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { isErrno } from '../../util/errno.ts';
import { isProcessAlive } from '../home/running.ts';

/** Moves a folder out of sight in one step, and then removes it. */
export async function removeWhole(modelsDirectory: string, directory: string): Promise<void> {
  const aside = asidePath(modelsDirectory);
  try {
    await rename(directory, aside);
  } catch (error) {
    if (isErrno(error, 'ENOENT')) return;
    throw error;
  }
  await rm(aside, { recursive: true, force: true });
}

/** A place out of sight. It names the process, so that what that leaves there is known for a leftover once it is gone. */
export function asidePath(modelsDirectory: string): string {
  return join(modelsDirectory, `.aside-${process.pid}-${randomUUID()}`);
}

/** Removes what processes that died have left out of sight. */
export async function removeLeftovers(modelsDirectory: string): Promise<void> {
  for (const name of await readdir(modelsDirectory)) {
    const pid = /^\.aside-(\d+)-/.exec(name)?.[1];
    if (pid !== undefined && !isProcessAlive(Number(pid))) {
      await rm(join(modelsDirectory, name), { recursive: true, force: true });
    }
  }
}
