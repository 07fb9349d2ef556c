import { randomUUID } from 'node:crypto';
import { chmod, link, mkdir, open, rm } from 'node:fs/promises';
import { dirname } from 'node:path';

const MAX_BYTES = 64 * 1024;
const OTHERS = 0o077;

/**
 * The content of a file that only its owner may read, made from `create` when there is none. Of several
 * processes that start at once, one writes and all return what it wrote.
 * @throws {Error} when others may read the file and that can not be mended.
 */
export async function readOrCreatePrivateFile(path: string, create: () => Promise<string>): Promise<string> {
  const existing = await readPrivateFile(path);
  if (existing !== undefined) return existing;
  await publish(path, await create());
  const published = await readPrivateFile(path);
  if (published === undefined)
    throw new Error(`${path} was removed while the server started. Start it again.`);
  return published;
}

async function readPrivateFile(path: string): Promise<string | undefined> {
  const file = await open(path, 'r').catch(unlessCode('ENOENT'));
  if (!file) return undefined;
  try {
    const { mode, size } = await file.stat();
    if (size > MAX_BYTES) throw new Error(`${path} holds ${size} bytes, which is no secret of this server.`);
    if (process.platform !== 'win32' && (mode & OTHERS) !== 0) await makePrivate(path);
    return await file.readFile('utf8');
  } finally {
    await file.close();
  }
}

async function makePrivate(path: string): Promise<void> {
  await chmod(path, 0o600).catch(unlessCode('EPERM'));
  const file = await open(path, 'r');
  try {
    if (((await file.stat()).mode & OTHERS) === 0) return;
  } finally {
    await file.close();
  }
  throw new Error(
    `Other users of this machine may read the secret in ${path}. ` +
      'Run `chmod 600` on it, or put the home folder on a file system that keeps permissions.',
  );
}

/** A link to a finished file appears whole or not at all, and fails when somebody else was first. */
async function publish(path: string, content: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  const draft = `${path}.${randomUUID()}`;
  try {
    const file = await open(draft, 'wx', 0o600);
    try {
      await file.writeFile(content);
      await file.sync();
    } finally {
      await file.close();
    }
    await link(draft, path).catch(unlessCode('EEXIST'));
  } finally {
    await rm(draft, { force: true });
  }
}

function unlessCode(code: string): (error: unknown) => undefined {
  return (error) => {
    if (error instanceof Error && 'code' in error && error.code === code) return undefined;
    throw error;
  };
}
