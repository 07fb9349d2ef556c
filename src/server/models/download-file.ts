import { open, readFile, rename, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { basename } from 'node:path/posix';
import { setTimeout } from 'node:timers/promises';
import { z } from 'zod';
import { isErrno } from '../../util/errno.ts';
import type { Figures } from './figures.ts';
import { FileDigest } from './file-digest.ts';
import type { Hub, OpenedFile } from './hub.ts';
import { HubFault } from './hub-fault.ts';
import { ModelError } from './model-error.ts';

export interface DownloadOptions {
  readonly hub: Hub;
  readonly signal: AbortSignal;
  /** Called with the bytes that are there, whenever some have come. */
  readonly onProgress?: (bytes: number) => void;
}

/** What is to be downloaded, and to where. */
export interface Download {
  readonly url: string;
  readonly figures: Figures;
  /** Grows while it comes, and is gone on with by the next that downloads the same. */
  readonly path: string;
}

/** Tries in a row that bring less than `ENOUGH_BYTES`. */
const MOST_TRIES = 5;
const ENOUGH_BYTES = 1_000_000;

/**
 * Downloads a file to the end, from where an earlier try has left it, and checks its size and its digest.
 * @returns SHA-256 of the whole.
 * @throws {ModelError} with what came kept, unless that is `wrong-bytes`; what the disk says; the reason of `signal`.
 */
export async function downloadFile(download: Download, options: DownloadOptions): Promise<string> {
  const { retryMs } = options.hub;
  let fruitless = 0;
  for (;;) {
    const before = await bytesAt(download.path);
    try {
      return await tryDownload(download, options);
    } catch (error) {
      options.signal.throwIfAborted();
      if (!(error instanceof HubFault)) throw error;
      if (error.isOfRange) await rm(download.path, { force: true });
      const gained = (await bytesAt(download.path)) - before;
      fruitless = gained >= ENOUGH_BYTES ? 1 : fruitless + 1;
      if (!error.isPassing || fruitless >= MOST_TRIES) throw unreachable(error, download);
      await setTimeout(error.retryAfterMs ?? retryMs * 2 ** (fruitless - 1), undefined, {
        signal: options.signal,
      });
    }
  }
}

function unreachable(fault: HubFault, { url }: Download): ModelError {
  const remedy = 'What has come is kept: pull again to go on from there.';
  // What went wrong names an address, which a redirect may have led to.
  const told = `${basename(url)} could not be downloaded: ${fault.message}.`;
  return fault.isPassing
    ? new ModelError(
        'offline',
        `${told} ${remedy} Behind a proxy, set HTTPS_PROXY; for a mirror or a folder, SAMTAL_HUB.`,
        fault,
      )
    : new ModelError('refused', told, fault);
}

async function tryDownload(download: Download, options: DownloadOptions): Promise<string> {
  const { figures, path } = download;
  const start = await resumable(download);
  const digest = new FileDigest(figures);
  if (start > 0) await digest.updateFrom(path, options.signal);
  const resumed = start < figures.bytes ? await receive(download, { ...options, start, digest }) : digest;
  const { sha256, isExpected } = resumed.end();
  if (isExpected) return sha256;
  await rm(path, { force: true });
  // What was there before may be what is wrong: the whole is fetched once more, and then nothing was there.
  if (start > 0) throw new HubFault('what was there before does not fit to it', { isPassing: true });
  throw new ModelError(
    'wrong-bytes',
    `${download.url} has the SHA-256 ${sha256}, which is not what ${figures.from} says (${figures.digest.algorithm} ${figures.digest.value}). Nothing of it is kept. ${figures.remedy}`,
  );
}

interface ReceiveOptions extends DownloadOptions {
  readonly start: number;
  /** Of what is there up to `start`. */
  readonly digest: FileDigest;
}

/** The digest of the whole: another one when the hub begins from the beginning. */
async function receive(
  download: Download,
  { hub, signal, start, digest, onProgress }: ReceiveOptions,
): Promise<FileDigest> {
  const { url, figures, path } = download;
  const validator = (await readNote(path))?.validator;
  const opened = await hub.open(url, { offset: start, validator, signal });
  refuseOtherSize(opened, download);
  if (opened.offset === 0) await truncateIfPresent(path);
  await writeNote(path, { url, digest: figures.digest.value, validator: opened.validator ?? null });
  const whole = opened.offset === start ? digest : new FileDigest(figures);
  const file = await open(path, 'a');
  let bytes = opened.offset;
  try {
    for await (const chunk of opened.bytes) {
      signal.throwIfAborted();
      bytes += chunk.byteLength;
      if (bytes > figures.bytes) throw tooLong(download);
      whole.update(chunk);
      await file.writeFile(chunk);
      onProgress?.(bytes);
    }
    await file.sync();
  } finally {
    await file.close();
  }
  if (bytes < figures.bytes) {
    throw new HubFault(`${url} ended after ${bytes} of ${figures.bytes} bytes`, { isPassing: true });
  }
  return whole;
}

function refuseOtherSize({ totalBytes }: OpenedFile, { url, figures }: Download): void {
  if (totalBytes === undefined || totalBytes === figures.bytes) return;
  const message = `${url} has ${totalBytes} bytes, and ${figures.from} says ${figures.bytes}. Nothing of it is taken. ${figures.remedy}`;
  throw new ModelError('wrong-bytes', message);
}

function tooLong({ url, figures }: Download): HubFault {
  return new HubFault(`${url} sends more than the ${figures.bytes} bytes that it has`, { isPassing: false });
}

/** Whole or not at all: without its note, what has come is lost. */
async function writeNote(path: string, note: z.infer<typeof noteSchema>): Promise<void> {
  const draft = `${notePath(path)}.new`;
  await writeFile(draft, JSON.stringify(note));
  await rename(draft, notePath(path));
}

const noteSchema = z.object({ url: z.string(), digest: z.string(), validator: z.string().nullable() });

/** The bytes that can be gone on from; what is of another file, or more than there should be, is removed. */
async function resumable({ url, figures, path }: Download): Promise<number> {
  const bytes = await bytesAt(path);
  const note = await readNote(path);
  if (note?.url === url && note.digest === figures.digest.value && bytes <= figures.bytes) return bytes;
  await rm(path, { force: true });
  return 0;
}

async function readNote(
  path: string,
): Promise<{ url: string; digest: string; validator: string | undefined } | undefined> {
  try {
    const note = noteSchema.safeParse(JSON.parse(await readFile(notePath(path), 'utf8'))).data;
    return note && { ...note, validator: note.validator ?? undefined };
  } catch (error) {
    // A note that is none was not written by us.
    if (error instanceof SyntaxError || isErrno(error, 'ENOENT')) return undefined;
    throw error;
  }
}

function notePath(path: string): string {
  return `${path}.json`;
}

async function truncateIfPresent(path: string): Promise<void> {
  try {
    await truncate(path);
  } catch (error) {
    if (!isErrno(error, 'ENOENT')) throw error;
  }
}

export async function bytesAt(path: string): Promise<number> {
  try {
    return (await stat(path)).size;
  } catch (error) {
    if (isErrno(error, 'ENOENT')) return 0;
    throw error;
  }
}
