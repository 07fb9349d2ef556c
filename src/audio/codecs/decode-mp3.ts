import { MPEGDecoder } from 'mpg123-decoder';
import { notValid } from '../audio-format-error.ts';
import type { AudioChunk } from '../chunk.ts';
import { mixToMono } from '../mono.ts';
import { type Mp3Frame, mp3Frames } from './mp3-frames.ts';
import { readMp3Info } from './mp3-info.ts';
import { trimEnds } from './trim.ts';

/** Frames that are decoded at once: about half a second. */
const BATCH_FRAMES = 24;

/**
 * The samples of an MP3 file, mixed to mono, at its own rate. Holds about a second of audio at a time.
 * @throws {AudioFormatError}
 */
export async function* decodeMp3(bytes: Uint8Array): AsyncGenerator<AudioChunk, void, void> {
  const [first] = mp3Frames(bytes);
  if (!first) throw notValid('mp3', 'it has no MPEG audio frames');
  const trim = readMp3Info(bytes, first);
  const frames = mp3Frames(bytes).drop(trim ? 1 : 0);
  // The info frame says all that the decoder's own trimming knows, and holds also where that gives up.
  const decoder = new MPEGDecoder({ enableGapless: false });
  await decoder.ready;
  try {
    yield* trimEnds(decodeBatches(decoder, bytes, frames), trim ?? { start: 0, end: 0 });
  } finally {
    decoder.free();
  }
}

function* decodeBatches(
  decoder: MPEGDecoder,
  bytes: Uint8Array,
  frames: Iterable<Mp3Frame>,
): Generator<AudioChunk, void, void> {
  let batch: Mp3Frame[] = [];
  for (const frame of frames) {
    const last = batch.at(-1);
    const isContinued =
      last === undefined || (last.end === frame.start && last.sampleRate === frame.sampleRate);
    if (!isContinued || batch.length === BATCH_FRAMES) {
      yield* decodeBatch(decoder, bytes, batch);
      batch = [];
    }
    batch.push(frame);
  }
  yield* decodeBatch(decoder, bytes, batch);
}

function* decodeBatch(
  decoder: MPEGDecoder,
  bytes: Uint8Array,
  batch: readonly Mp3Frame[],
): Generator<AudioChunk, void, void> {
  const [first] = batch;
  const last = batch.at(-1);
  if (!first || !last) return;
  const decoded = decoder.decode(bytes.subarray(first.start, last.end));
  if (decoded.samplesDecoded === 0) return;
  yield { samples: mixToMono(decoded.channelData, 0, decoded.samplesDecoded), sampleRate: first.sampleRate };
}
