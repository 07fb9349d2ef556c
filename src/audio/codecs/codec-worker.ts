import { Logging, LogLevel } from 'mediabunny';
import { type JobContext, serveJobs, Transferred } from '../../util/jobs/serve-jobs.ts';
import { AudioFormatError, type AudioFormatErrorKind } from '../audio-format-error.ts';
import type { AudioChunk } from '../chunk.ts';
import { type DecodeOptions, decodeAudio } from './decode.ts';
import { encodeAudio, encodeAudioFile, type OutputFormat } from './encode.ts';

export interface DecodeJob {
  readonly bytes: Uint8Array;
  readonly options: DecodeOptions;
}

export interface EncodeJob {
  readonly format: OutputFormat;
}

/** What a decoding job yields: an error crosses as a value, since of a thrown one only the message would. */
export type Decoded =
  | { readonly type: 'audio'; readonly chunk: AudioChunk }
  | {
      readonly type: 'error';
      readonly kind: AudioFormatErrorKind;
      readonly format: string | undefined;
      readonly message: string;
    };

// The decoders print every broken frame; what is wrong with a file is told to the one who sent it.
console.error = () => {};
Logging.level = LogLevel.Silent;

serveJobs({ decode, encode, encodeFile });

async function* decode(job: DecodeJob): AsyncGenerator<Transferred | Decoded> {
  try {
    for await (const { samples, sampleRate } of decodeAudio(job.bytes, job.options)) {
      const own = ownSamples(samples);
      yield new Transferred({ type: 'audio', chunk: { samples: own, sampleRate } }, [own.buffer]);
    }
  } catch (error) {
    if (!(error instanceof AudioFormatError)) throw error;
    const { kind, format, message } = error;
    yield { type: 'error', kind, format, message };
  }
}

async function* encode(job: EncodeJob, context: JobContext): AsyncGenerator<Transferred> {
  for await (const bytes of encodeAudio(audioOf(context), job.format)) yield transferred(bytes);
}

async function* encodeFile(job: EncodeJob, context: JobContext): AsyncGenerator<Transferred> {
  yield transferred(await encodeAudioFile(audioOf(context), job.format));
}

function audioOf(context: JobContext): AsyncIterable<AudioChunk> {
  // The pool feeds audio chunks; the channel between them is not typed.
  return context.feed as AsyncIterable<AudioChunk>;
}

function transferred(bytes: Uint8Array): Transferred {
  // Bytes in a shared or larger buffer are copied out: the whole buffer would move with them.
  const own = bytes.byteLength === bytes.buffer.byteLength ? bytes : new Uint8Array(bytes);
  return new Transferred(own, [own.buffer as ArrayBuffer]);
}

function ownSamples(samples: Int16Array): Int16Array<ArrayBuffer> {
  return samples.byteLength === samples.buffer.byteLength
    ? (samples as Int16Array<ArrayBuffer>)
    : new Int16Array(samples);
}
