import { AudioFormatError, notValid } from '../audio-format-error.ts';
import type { AudioChunk } from '../chunk.ts';
import { readWav } from '../wav-reader.ts';
import { decodeContainer } from './decode-container.ts';
import { decodeMp3 } from './decode-mp3.ts';
import { type SniffedFormat, sniffAudio } from './sniff.ts';

export interface DecodeOptions {
  /** What the sender says it is: content of another format is then refused. Without it, content decides. */
  readonly format?: InputFormat | undefined;
  /** Audio that goes on longer is refused as `too-long`. */
  readonly maxSeconds: number;
}

/** Formats as clients name them: chat takes `wav` and `mp3`, transcription all of them by a file's name. */
export type InputFormat =
  | 'wav'
  | 'mp3'
  | 'flac'
  | 'ogg'
  | 'opus'
  | 'webm'
  | 'mp4'
  | 'm4a'
  | 'aac'
  | 'mpeg'
  | 'mpga';

const CONTENTS: Readonly<Record<InputFormat, readonly SniffedFormat[]>> = {
  wav: ['wav'],
  mp3: ['mp3'],
  flac: ['flac'],
  ogg: ['ogg'],
  opus: ['ogg'],
  webm: ['webm'],
  mp4: ['mp4'],
  m4a: ['mp4', 'aac'],
  aac: ['aac'],
  mpeg: ['mp3', 'mpeg-ts', 'aac', 'mp4'],
  mpga: ['mp3'],
};

/** Samples per second that engines are ready for. */
const LOWEST_RATE = 1_000;
const HIGHEST_RATE = 384_000;
/** What a sum of many fractions may be off by. */
const ROUNDING_SECONDS = 0.001;

/**
 * The audio in a file, mixed to mono, at the file's own rate. Keeps about a second of decoded audio at a
 * time beside `bytes`; FLAC, and AAC and MP3 inside another container, are copied once before they are decoded.
 * Takes processor time: call it where that holds nobody up.
 * @throws {AudioFormatError} and nothing else; it may come after some of the audio.
 */
export async function* decodeAudio(
  bytes: Uint8Array,
  options: DecodeOptions,
): AsyncGenerator<AudioChunk, void, void> {
  const format = identify(bytes, options.format);
  try {
    yield* checked(decodeAs(bytes, format, options.maxSeconds), { ...options, format });
  } catch (error) {
    if (error instanceof AudioFormatError) throw error;
    // Whatever else a demuxer or decoder throws, it throws because of these bytes.
    throw notValid(options.format ?? format, 'it is damaged', error);
  }
}

function identify(bytes: Uint8Array, named: InputFormat | undefined): SniffedFormat {
  if (bytes.length === 0) throw new AudioFormatError('empty', named, 'The audio is empty.');
  const found = sniffAudio(bytes);
  if (named && (!found || !CONTENTS[named].includes(found)))
    throw notValid(named, found ? `it holds ${found}` : undefined);
  if (found) return found;
  const message = 'The audio is of no known format. Send wav, mp3, flac, ogg, webm or m4a.';
  throw new AudioFormatError('invalid', undefined, message);
}

function decodeAs(
  bytes: Uint8Array,
  format: SniffedFormat,
  maxSeconds: number,
): Iterable<AudioChunk> | AsyncIterable<AudioChunk> {
  if (format === 'wav') return readWav(bytes);
  if (format === 'mp3') return decodeMp3(bytes);
  return decodeContainer(bytes, { format, maxSeconds });
}

async function* checked(
  chunks: Iterable<AudioChunk> | AsyncIterable<AudioChunk>,
  options: { readonly format: string; readonly maxSeconds: number },
): AsyncGenerator<AudioChunk, void, void> {
  const { format, maxSeconds } = options;
  let seconds = 0;
  for await (const chunk of chunks) {
    const { samples, sampleRate } = chunk;
    if (sampleRate < LOWEST_RATE || sampleRate > HIGHEST_RATE)
      throw notValid(format, `it claims ${sampleRate} samples per second`);
    if (samples.length === 0) continue;
    seconds += samples.length / sampleRate;
    if (seconds - maxSeconds > ROUNDING_SECONDS) {
      const message = `The audio is longer than the ${maxSeconds} seconds that are accepted.`;
      throw new AudioFormatError('too-long', format, message);
    }
    yield chunk;
  }
  if (seconds === 0) throw new AudioFormatError('empty', format, 'The audio holds no sound.');
}
