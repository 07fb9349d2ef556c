import { createReadStream } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { isErrno } from '../../util/errno.ts';
import type { Hub, OpenedFile, OpenOptions } from './hub.ts';
import { HubFault } from './hub-fault.ts';
import { hubPath } from './hub-path.ts';

/** A folder that `samtal pull --to` has filled, on this machine or another. */
export function folderHub(directory: string): Hub {
  const pathOf = (url: string): string => join(directory, hubPath(url));
  return {
    title: directory,
    isPublic: false,
    retryMs: 0,
    open: async (url, options) => await openFile(pathOf(url), options),
    readText: async (url) => await orNone(async () => await readFile(pathOf(url), 'utf8')),
    sizeOf: async (url) => await orNone(async () => (await stat(pathOf(url))).size),
    async [Symbol.asyncDispose]() {},
  };
}

async function openFile(path: string, { offset, signal }: OpenOptions): Promise<OpenedFile> {
  const size = await orNone(async () => (await stat(path)).size);
  if (size === undefined) {
    const remedy = 'fill the folder on a machine with a network by samtal pull --to <folder> <name>';
    throw new HubFault(`${path} is not there; ${remedy}`, { isPassing: false });
  }
  const start = offset <= size ? offset : 0;
  const bytes = createReadStream(path, { start, signal });
  return { offset: start, totalBytes: size, validator: undefined, bytes };
}

async function orNone<T>(read: () => Promise<T>): Promise<T | undefined> {
  try {
    return await read();
  } catch (error) {
    if (isErrno(error, 'ENOENT') || isErrno(error, 'ENOTDIR')) return undefined;
    throw error;
  }
}
