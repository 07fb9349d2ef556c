import { createHash, type Hash } from 'node:crypto';
import { closeSync, fsyncSync, mkdirSync, openSync, writeSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Parser, type ReadEntry } from 'tar';
import { archivePath, pathIdentity } from './archive-path.ts';
import type { FileRecord } from './manifest.ts';
import type { ArchiveJob } from './unpack-archive.ts';

/** An archive has in it what is not unpacked; the message says what, without naming the archive. */
export class UnsafeArchiveError extends Error {
  override readonly name = 'UnsafeArchiveError';
}

/** The data of espeak-ng, the most that any model has, is 400 files. */
const MOST_ENTRIES = 5_000;

interface OpenEntry {
  readonly path: string;
  /** `undefined` for a file that is not kept. */
  readonly file: number | undefined;
  readonly hash: Hash;
  bytes: number;
}

/** Writes plain files and folders from a tar archive to a folder, and refuses the whole for anything else in it. */
export class TarUnpacker {
  readonly #job: ArchiveJob;
  readonly #parser = new Parser({ strict: true, zstd: false, brotli: false });
  /** What is there already, by what a careless system takes for the same name. */
  readonly #taken = new Map<string, 'file' | 'folder'>();
  readonly #files: [string, FileRecord][] = [];
  #entries = 0;
  #bytes = 0;
  #current: OpenEntry | undefined;
  #fault: Error | undefined;

  constructor(job: ArchiveJob) {
    this.#job = job;
    this.#parser.on('entry', (entry: ReadEntry) => this.#guard(() => this.#begin(entry), entry));
    this.#parser.on('ignoredEntry', (entry: ReadEntry) =>
      this.#guard(() => refuse(entry.path, `is of the type ${entry.type}`)),
    );
    this.#parser.on('error', (error: Error) =>
      this.#fail(new UnsafeArchiveError(`is damaged: ${error.message}`)),
    );
  }

  /** Unpacked, so far. */
  get bytes(): number {
    return this.#bytes;
  }

  /** @throws {UnsafeArchiveError}; whatever the disk says. */
  write(bytes: Uint8Array): void {
    this.#parser.write(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength));
    if (this.#fault !== undefined) throw this.#fault;
  }

  /** The kept files by their paths. Throws as `write` does. */
  end(): readonly [string, FileRecord][] {
    this.#parser.end();
    if (this.#fault !== undefined) throw this.#fault;
    if (this.#files.length === 0) throw new UnsafeArchiveError('has nothing in it that is wanted');
    return this.#files;
  }

  /** Call it in any case. */
  close(): void {
    if (this.#current?.file !== undefined) closeSync(this.#current.file);
    this.#current = undefined;
  }

  /** The parser knows nothing of what is thrown by its listeners. */
  #guard(step: () => void, entry?: ReadEntry): void {
    if (this.#fault === undefined) {
      try {
        step();
        return;
      } catch (error) {
        this.#fail(error);
      }
    }
    entry?.resume();
  }

  #fail(error: unknown): void {
    this.#fault ??= error instanceof Error ? error : new Error(String(error));
  }

  #begin(entry: ReadEntry): void {
    this.#entries += 1;
    if (this.#entries > MOST_ENTRIES) throw new UnsafeArchiveError(`has more than ${MOST_ENTRIES} entries`);
    const path = pathOf(entry, this.#job.terms.folder);
    if (entry.type === 'Directory') {
      if (path !== '') this.#take(path, 'folder');
      entry.resume();
      return;
    }
    if (entry.type !== 'File' && entry.type !== 'OldFile') refuse(entry.path, `is of the type ${entry.type}`);
    if (path === '') refuse(entry.path, 'is a file where a folder should be');
    this.#take(path, 'file');
    if (this.#bytes + entry.size > this.#job.terms.unpackedBytes) {
      throw new UnsafeArchiveError(`unpacks to more than ${this.#job.terms.unpackedBytes} bytes`);
    }
    const open = { path, file: this.#open(path), hash: createHash('sha256'), bytes: 0 };
    this.#current = open;
    entry.on('data', (chunk: Buffer) => this.#guard(() => this.#append(open, chunk)));
    entry.on('end', () => this.#guard(() => this.#finish(open)));
  }

  /** Of each name only one, and none that is a file and a folder. */
  #take(path: string, kind: 'file' | 'folder'): void {
    const steps = path.split('/');
    for (let depth = 1; depth < steps.length; depth += 1)
      this.#takeOne(steps.slice(0, depth).join('/'), 'folder');
    this.#takeOne(path, kind);
  }

  #takeOne(path: string, kind: 'file' | 'folder'): void {
    const identity = pathIdentity(path);
    const before = this.#taken.get(identity);
    if (before === 'file' || (before === 'folder' && kind === 'file')) refuse(path, 'is there twice');
    this.#taken.set(identity, kind);
  }

  #open(path: string): number | undefined {
    const { folder, terms } = this.#job;
    const isKept = terms.keep?.some((kept) => path === kept || path.startsWith(`${kept}/`)) ?? true;
    if (!isKept) return undefined;
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    return openSync(join(folder, path), 'wx', 0o644);
  }

  #append(open: OpenEntry, chunk: Buffer): void {
    open.bytes += chunk.length;
    this.#bytes += chunk.length;
    if (open.file === undefined) return;
    open.hash.update(chunk);
    for (let at = 0; at < chunk.length; ) at += writeSync(open.file, chunk, at);
  }

  #finish({ path, file, hash, bytes }: OpenEntry): void {
    if (file === undefined) return;
    this.#current = undefined;
    fsyncSync(file);
    closeSync(file);
    this.#files.push([path, { bytes, sha256: hash.digest('hex') }]);
  }
}

function pathOf(entry: ReadEntry, folder: string): string {
  try {
    return archivePath(entry.path, folder);
  } catch (error) {
    return refuse(entry.path, error instanceof Error ? error.message : String(error));
  }
}

function refuse(path: string, what: string): never {
  throw new UnsafeArchiveError(`has an entry that is not unpacked: "${path}" ${what}`);
}
