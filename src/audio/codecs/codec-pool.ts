import { JobPool } from '../../util/jobs/job-pool.ts';
import { besideModule, threadSpawner } from '../../util/jobs/job-port.ts';
import { AudioFormatError } from '../audio-format-error.ts';
import type { AudioChunk } from '../chunk.ts';
import type { Decoded } from './codec-worker.ts';
import type { DecodeOptions } from './decode.ts';
import type { OutputFormat } from './encode.ts';

/** Encoding lasts as long as the reply is spoken and is mostly waiting, so that one thread carries several. */
const ENCODINGS_PER_WORKER = 8;
/** Audio lies in buffers outside of the heap. */
const HEAP_MIB = 512;

export interface CodecsOptions {
  /** Threads that decode, and as many that encode. */
  readonly workers: number;
  /** Jobs of each kind that may wait; one more is refused. */
  readonly waiting: number;
}

export interface CodecOptions {
  readonly signal: AbortSignal;
}

/** Reads and writes audio files in threads of its own. Everything may be called any number of times at once. */
export interface Codecs extends AsyncDisposable {
  /**
   * The audio in a file: mono, at the file's own rate, as it is decoded. Reading slowly slows the decoder.
   * @throws {AudioFormatError} for what is wrong with the file; `EngineError` `busy` when too many jobs wait
   *   and an `EngineInterruption` when the file brings the decoder down; the signal's reason when aborted.
   */
  decode(bytes: Uint8Array, options: DecodeOptions & CodecOptions): AsyncGenerator<AudioChunk, void, void>;
  /** The bytes of a file at 24 kHz while `audio` comes in, which may be at any rate. */
  encode(
    audio: AsyncIterable<AudioChunk>,
    format: OutputFormat,
    options: CodecOptions,
  ): AsyncGenerator<Uint8Array, void, void>;
  /** The whole file, with a header that knows how long it is. */
  encodeFile(
    audio: AsyncIterable<AudioChunk>,
    format: OutputFormat,
    options: CodecOptions,
  ): Promise<Uint8Array>;
  /** Starts the threads, so that the first job does not wait for one. */
  warm(): Promise<void>;
}

export function createCodecs(options: CodecsOptions): Codecs {
  return new PooledCodecs(options);
}

/** Two pools: a file that brings a decoder down takes no reply with it that is being encoded. */
class PooledCodecs implements Codecs {
  readonly #decoders: JobPool;
  readonly #encoders: JobPool;

  constructor({ workers, waiting }: CodecsOptions) {
    const spawn = threadSpawner(besideModule('codec-worker', import.meta.url), { heapMiB: HEAP_MIB });
    this.#decoders = new JobPool({ name: 'audio decoding', spawn, workers, waiting });
    this.#encoders = new JobPool({
      name: 'audio encoding',
      spawn,
      workers,
      waiting,
      jobsPerWorker: ENCODINGS_PER_WORKER,
    });
  }

  async *decode(
    bytes: Uint8Array,
    { signal, ...options }: DecodeOptions & CodecOptions,
  ): AsyncGenerator<AudioChunk, void, void> {
    // The copy is the thread's to keep; the caller may go on using its own.
    const copy = new Uint8Array(bytes);
    const job = { bytes: copy, options };
    const transfer = [copy.buffer];
    for await (const decoded of this.#decoders.run<Decoded>('decode', job, { signal, transfer })) {
      if (decoded.type === 'audio') yield decoded.chunk;
      else throw new AudioFormatError(decoded.kind, decoded.format, decoded.message);
    }
  }

  encode(
    audio: AsyncIterable<AudioChunk>,
    format: OutputFormat,
    { signal }: CodecOptions,
  ): AsyncGenerator<Uint8Array, void, void> {
    return this.#encoders.run('encode', { format }, { signal, feed: compact(audio) });
  }

  async encodeFile(
    audio: AsyncIterable<AudioChunk>,
    format: OutputFormat,
    { signal }: CodecOptions,
  ): Promise<Uint8Array> {
    const run = this.#encoders.run<Uint8Array>('encodeFile', { format }, { signal, feed: compact(audio) });
    return Buffer.concat(await Array.fromAsync(run));
  }

  async warm(): Promise<void> {
    await Promise.all([this.#decoders.warm(), this.#encoders.warm()]);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all([this.#decoders[Symbol.asyncDispose](), this.#encoders[Symbol.asyncDispose]()]);
  }
}

/** Chunks that own their memory: a view crosses to a thread with all of the buffer it looks at. */
async function* compact(audio: AsyncIterable<AudioChunk>): AsyncGenerator<AudioChunk, void, void> {
  for await (const { samples, sampleRate } of audio) {
    const isView = samples.byteLength !== samples.buffer.byteLength;
    yield { samples: isView ? new Int16Array(samples) : samples, sampleRate };
  }
}
