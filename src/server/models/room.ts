import { statfs } from 'node:fs/promises';
import { isErrno } from '../../util/errno.ts';
import { toMegabytes } from '../packages/pull-package.ts';
import { ModelError } from './model-error.ts';

/** @throws {ModelError} `no-room` when the disk of a folder has less left. */
export async function refuseWithoutRoom(directory: string, bytes: number): Promise<void> {
  const { bavail, bsize } = await statfs(directory);
  if (bavail * bsize >= bytes) return;
  const room = `${toMegabytes(bavail * bsize)} free, and ${toMegabytes(bytes)} are needed`;
  throw new ModelError(
    'no-room',
    `${directory} has ${room}. Make room, or choose another folder with SAMTAL_HOME.`,
  );
}

/**
 * Throws what was thrown, or what to do when that says that there is no room left for what comes to `directory`.
 * @throws {ModelError} `no-room`.
 */
export function throwExplained(directory: string, error: unknown): never {
  if (!isFullDisk(error)) throw error;
  const message = `There is no room left in ${directory}. Make some, and pull again to go on from there.`;
  throw new ModelError('no-room', message, error);
}

/** What the system says when a disk, or the share of it that is ours, is full. */
export function isFullDisk(error: unknown): boolean {
  return isErrno(error, 'ENOSPC') || isErrno(error, 'EDQUOT');
}
