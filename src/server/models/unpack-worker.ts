import { createReadStream } from 'node:fs';
import { createGunzip } from 'node:zlib';
import { type JobContext, serveJobs } from '../../util/jobs/serve-jobs.ts';
import { bunzip2 } from './bzip2/bunzip2.ts';
import { isFullDisk } from './room.ts';
import { TarUnpacker, UnsafeArchiveError } from './tar-unpacker.ts';
import type { ArchiveJob, Unpacked } from './unpack-archive.ts';

serveJobs({ unpack });

const TELL_BYTES = 4_000_000;

async function* unpack(job: ArchiveJob, { signal }: JobContext): AsyncGenerator<Unpacked> {
  const unpacker = new TarUnpacker(job);
  try {
    let told = 0;
    for await (const piece of unpacked(job, signal)) {
      unpacker.write(piece);
      if (unpacker.bytes - told < TELL_BYTES) continue;
      told = unpacker.bytes;
      yield { type: 'progress', bytes: told };
    }
    yield { type: 'files', files: unpacker.end() };
  } catch (error) {
    signal.throwIfAborted();
    yield toFault(error);
  } finally {
    unpacker.close();
  }
}

function unpacked({ path, terms }: ArchiveJob, signal: AbortSignal): AsyncIterable<Uint8Array> {
  const packed = createReadStream(path, { signal, highWaterMark: 1_000_000 });
  return terms.format === 'tar.bz2' ? bunzip2(packed) : gunzip(packed);
}

async function* gunzip(packed: ReturnType<typeof createReadStream>): AsyncGenerator<Uint8Array> {
  const gunzipped = packed.pipe(createGunzip());
  packed.once('error', (error) => gunzipped.destroy(error));
  yield* gunzipped;
}

function toFault(error: unknown): Unpacked {
  if (isFullDisk(error)) return { type: 'fault', reason: 'no-room', message: String(error) };
  if (error instanceof UnsafeArchiveError) return { type: 'fault', reason: 'unsafe', message: error.message };
  // What the disk can not do is no fault of the archive, which stays.
  if (error instanceof Error && 'syscall' in error) throw error;
  const message = error instanceof Error ? error.message : String(error);
  return { type: 'fault', reason: 'unsafe', message: `can not be unpacked: ${message}` };
}
