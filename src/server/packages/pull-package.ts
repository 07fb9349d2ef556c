import { mkdir, mkdtemp, readdir, rename, rm, stat, statfs, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { isErrno } from '../../util/errno.ts';
import { diskBytes, type PackageEntry } from './catalog.ts';
import { findPackage, packageFolder } from './find-package.ts';
import { PackageError } from './package-error.ts';
import { installLocked } from './run-npm.ts';

export interface PullOptions {
  readonly signal: AbortSignal;
  /** Called twice a second with the bytes that are unpacked. */
  readonly onProgress?: (unpackedBytes: number) => void;
}

const PROGRESS_MS = 500;

/**
 * Gets a package below `directory`, unless it is there, and resolves with the path of the module to import. It is
 * there as a whole or not at all: npm unpacks beside, and the folder is renamed. What an interrupted pull has left
 * is removed by the next; what it had downloaded, npm keeps.
 * @throws {PackageError}; the reason of `signal` when that is aborted.
 */
export async function pullPackage(
  directory: string,
  entry: PackageEntry,
  { signal, onProgress }: PullOptions,
): Promise<string> {
  const found = await findPackage(directory, entry);
  if (found !== undefined) return found;
  if (entry.isForeign) throw foreign(entry);
  await mkdir(directory, { recursive: true });
  await removeLeftovers(directory);
  await refuseWithoutRoom(directory, entry);
  const part = await mkdtemp(join(directory, `.part-${process.pid}-`));
  const timer = onProgress && setInterval(() => void tell(part, onProgress), PROGRESS_MS);
  try {
    await install(part, entry, signal);
    await takeOver(part, entry);
    await settle(join(part, KEPT), directory, entry);
  } finally {
    clearInterval(timer);
    await rm(part, { recursive: true, force: true });
  }
  return join(packageFolder(directory, entry), entry.entry);
}

function foreign({ name }: PackageEntry): PackageError {
  const machine = `${process.platform} on ${process.arch}`;
  return new PackageError('foreign', `There is no ${name} for ${machine}.`);
}

const KEPT = 'kept';

async function install(
  part: string,
  { lock, name, version }: PackageEntry,
  signal: AbortSignal,
): Promise<void> {
  const manifest = { private: true, dependencies: { [name]: version } };
  await writeFile(join(part, 'package.json'), JSON.stringify(manifest));
  await writeFile(join(part, 'package-lock.json'), JSON.stringify(lock));
  await installLocked(part, signal);
}

/** Moves what is kept to a folder of its own. */
async function takeOver(part: string, entry: PackageEntry): Promise<void> {
  for (const [path, bytes] of Object.entries(entry.files)) {
    const { size } = await stat(join(part, path));
    if (size !== bytes) throw wrongSize(entry, path, size);
    const kept = join(part, KEPT, path);
    await mkdir(dirname(kept), { recursive: true });
    await rename(join(part, path), kept);
  }
}

function wrongSize({ name, files }: PackageEntry, path: string, size: number): PackageError {
  const message = `${path} of ${name} has ${size} bytes, not ${files[path]}. Report it to who makes Samtal.`;
  return new PackageError('wrong-bytes', message);
}

async function settle(kept: string, directory: string, entry: PackageEntry): Promise<void> {
  const folder = packageFolder(directory, entry);
  try {
    await rename(kept, folder);
  } catch (error) {
    if (!isErrno(error, 'ENOTEMPTY') && !isErrno(error, 'EEXIST') && !isErrno(error, 'EPERM')) throw error;
    // Another pull was faster, unless what is there is damaged.
    if ((await findPackage(directory, entry)) !== undefined) return;
    await rm(folder, { recursive: true, force: true });
    await rename(kept, folder);
  }
}

/** Of pulls whose process is gone. */
async function removeLeftovers(directory: string): Promise<void> {
  for (const name of await readdir(directory)) {
    const pid = /^\.part-(\d+)-/.exec(name)?.[1];
    if (pid !== undefined && !isRunning(Number(pid)))
      await rm(join(directory, name), { recursive: true, force: true });
  }
}

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return isErrno(error, 'EPERM');
  }
}

async function refuseWithoutRoom(directory: string, entry: PackageEntry): Promise<void> {
  const { bavail, bsize } = await statfs(directory);
  const wanted = entry.unpackedBytes + entry.downloadBytes;
  if (bavail * bsize >= wanted) return;
  throw new PackageError(
    'no-room',
    `${directory} has room for ${toMegabytes(bavail * bsize)}, and ${entry.name} needs ${toMegabytes(wanted)} while it is unpacked, ${toMegabytes(diskBytes(entry))} from then on. Make room, or choose another folder with SAMTAL_HOME.`,
  );
}

/** Such as `14 MB`. */
export function toMegabytes(bytes: number): string {
  return `${Math.ceil(bytes / 1_000_000)} MB`;
}

async function tell(part: string, onProgress: (unpackedBytes: number) => void): Promise<void> {
  try {
    onProgress(await bytesBelow(part));
  } catch {
    // npm moves folders while it works, so that a name that was read may be gone: the next count is as good.
  }
}

async function bytesBelow(folder: string): Promise<number> {
  const found = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = found.filter((each) => each.isFile());
  const sizes = await Promise.all(
    files.map(async (file) => (await stat(join(file.parentPath, file.name))).size),
  );
  return sizes.reduce((total, size) => total + size, 0);
}
