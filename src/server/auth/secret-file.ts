import { type FileHandle, link, open } from 'node:fs/promises';
import { isErrno } from '../../util/errno.ts';
import { withPrivateDraft } from '../home/private-file.ts';

const MAX_BYTES = 64 * 1024;
const OTHERS = 0o077;

/**
 * The content of a file that only its owner may read, made from `create` when there is none. Of several
 * processes that start at once, one writes and all return what it wrote.
 * @throws {Error} when others may read the file and that can not be mended.
 */
export async function readOrCreateSecretFile(path: string, create: () => Promise<string>): Promise<string> {
  const existing = await readSecretFile(path);
  if (existing !== undefined) return existing;
  await publish(path, await create());
  const published = await readSecretFile(path);
  if (published === undefined)
    throw new Error(`${path} was removed while the server started. Start it again.`);
  return published;
}

async function readSecretFile(path: string): Promise<string | undefined> {
  const file = await openUnlessMissing(path);
  if (!file) return undefined;
  try {
    const { size } = await file.stat();
    if (size > MAX_BYTES) throw new Error(`${path} holds ${size} bytes, which is no secret of this server.`);
    await closeToOthers(file, path);
    return await file.readFile('utf8');
  } finally {
    await file.close();
  }
}

async function openUnlessMissing(path: string): Promise<FileHandle | undefined> {
  try {
    return await open(path, 'r');
  } catch (error) {
    if (isErrno(error, 'ENOENT')) return undefined;
    throw error;
  }
}

/** Some file systems, such as shares of other machines, take a mode and do not keep it. */
async function closeToOthers(file: FileHandle, path: string): Promise<void> {
  if (process.platform === 'win32' || !(await isOpenToOthers(file))) return;
  try {
    await file.chmod(0o600);
  } catch (error) {
    if (!isErrno(error, 'EPERM')) throw error;
  }
  if (!(await isOpenToOthers(file))) return;
  throw new Error(
    `Other users of this machine may read the secret in ${path}. ` +
      'Run `chmod 600` on it, or set SAMTAL_HOME to a folder on a file system that keeps permissions.',
  );
}

async function isOpenToOthers(file: FileHandle): Promise<boolean> {
  return ((await file.stat()).mode & OTHERS) !== 0;
}

/** A link to a finished file appears whole or not at all, and fails when somebody else was first. */
async function publish(path: string, content: string): Promise<void> {
  try {
    await withPrivateDraft(path, content, async (draft) => await link(draft, path));
  } catch (error) {
    if (!isErrno(error, 'EEXIST')) throw error;
  }
}
