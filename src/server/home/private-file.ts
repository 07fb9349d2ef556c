import { randomUUID } from 'node:crypto';
import { chmod, mkdir, open, readFile, rename, rm, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { isErrno } from '../../util/errno.ts';

/** Creates the folder and those above it; nobody but the owner may enter it. */
export async function ensurePrivateDirectory(directory: string): Promise<void> {
  await makeDirectory(directory);
  const { mode } = await stat(directory);
  // Windows keeps no such bits; a folder in the user's profile is private there as it is.
  if (process.platform !== 'win32' && (mode & 0o077) !== 0) await chmod(directory, 0o700);
}

/** Node's own `recursive` never ends below a folder that takes no others, such as /proc. */
async function makeDirectory(directory: string): Promise<void> {
  if (await isDirectory(directory)) return;
  if (dirname(directory) !== directory) await makeDirectory(dirname(directory));
  try {
    await mkdir(directory, { mode: 0o700 });
  } catch (error) {
    // Another process may have made it in the meantime.
    if (!isErrno(error, 'EEXIST') || !(await isDirectory(directory))) throw error;
  }
}

async function isDirectory(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isDirectory();
  } catch (error) {
    if (isErrno(error, 'ENOENT')) return false;
    throw error;
  }
}

/**
 * Writes a file that only its owner can read. Readers see the old content or the new one, never a part,
 * also when the machine stops in the middle.
 */
export async function writePrivateFile(path: string, content: string | Uint8Array): Promise<void> {
  await withPrivateDraft(path, content, async (draft) => await rename(draft, path));
}

/**
 * Gives `publish` a finished file beside `path` that only its owner can read, and removes what it leaves
 * of it. Rejects as `publish` does.
 */
export async function withPrivateDraft(
  path: string,
  content: string | Uint8Array,
  publish: (draft: string) => Promise<void>,
): Promise<void> {
  await ensurePrivateDirectory(dirname(path));
  const draft = `${path}.${randomUUID()}.tmp`;
  try {
    const file = await open(draft, 'wx', 0o600);
    try {
      await file.writeFile(content);
      await file.sync();
    } finally {
      await file.close();
    }
    await publish(draft);
  } finally {
    await rm(draft, { force: true });
  }
}

/** The text of a file, or undefined where there is none. */
export async function readIfPresent(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if (isErrno(error, 'ENOENT')) return undefined;
    throw error;
  }
}
