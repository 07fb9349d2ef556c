import { randomBytes } from 'node:crypto';
// Not the package's native build: the process crashes when a worker thread ends that has loaded it.
import { Encoder } from '@evan/opus/wasm/index.mjs';
import type { AudioChunk } from '../chunk.ts';
import { CountedAudio } from './counted-audio.ts';
import { OggWriter } from './ogg-writer.ts';

const SAMPLE_RATE = 24_000;
/** 20 ms, the length that Opus is tuned for. */
const FRAME_SAMPLES = 480;
/** Frames in a page: a fifth of a second of delay for one header. */
const PAGE_FRAMES = 10;
const BITRATE = 32_000;
/** OPUS_SET_BITRATE and OPUS_GET_LOOKAHEAD of opus_defines.h; the latter is the encoder's delay in samples. */
const SET_BITRATE = 4002;
const GET_LOOKAHEAD = 4027;
/** Granule positions count at 48 kHz, whatever the rate of the audio (RFC 7845, 4). */
const GRANULES_PER_SAMPLE = 2;

/** An Ogg file of Opus, page by page while `audio`, which is at 24 kHz, comes in (RFC 7845). */
export async function* encodeOpus(audio: AsyncIterable<AudioChunk>): AsyncGenerator<Uint8Array, void, void> {
  const encoder = new Encoder({ channels: 1, sample_rate: SAMPLE_RATE, application: 'voip' });
  try {
    encoder.ctl(SET_BITRATE, BITRATE);
    yield* encodePages(encoder, audio);
  } finally {
    encoder.drop();
  }
}

async function* encodePages(
  encoder: Encoder,
  audio: AsyncIterable<AudioChunk>,
): AsyncGenerator<Uint8Array, void, void> {
  const delaySamples = encoder.ctl(GET_LOOKAHEAD);
  const writer = new OggWriter(randomBytes(4).readUInt32LE());
  yield writer.page([opusHead(delaySamples * GRANULES_PER_SAMPLE)], 0);
  yield writer.page([opusTags()], 0);

  const counted = new CountedAudio(audio);
  let frames = 0;
  let packets: Uint8Array[] = [];
  for await (const frame of inFrames(counted, delaySamples)) {
    if (packets.length === PAGE_FRAMES) {
      yield writer.page(packets, frames * FRAME_SAMPLES * GRANULES_PER_SAMPLE);
      packets = [];
    }
    // The encoder gives a view of memory that it writes to again.
    packets.push(new Uint8Array(encoder.encode(frame)));
    frames += 1;
  }
  // The last page ends where the audio did, which tells players to leave out the padding behind it.
  yield writer.page(packets, (counted.samples + delaySamples) * GRANULES_PER_SAMPLE, true);
}

/** Whole frames, the last one filled up with silence, and so many that what the encoder holds back is out. */
async function* inFrames(
  audio: AsyncIterable<AudioChunk>,
  delaySamples: number,
): AsyncGenerator<Int16Array, void, void> {
  let frame = new Int16Array(FRAME_SAMPLES);
  let filled = 0;
  for await (const chunk of audio) {
    for (let start = 0; start < chunk.samples.length; ) {
      const piece = chunk.samples.subarray(start, start + FRAME_SAMPLES - filled);
      frame.set(piece, filled);
      start += piece.length;
      filled += piece.length;
      if (filled === FRAME_SAMPLES) {
        yield frame;
        frame = new Int16Array(FRAME_SAMPLES);
        filled = 0;
      }
    }
  }
  for (let missing = filled + delaySamples; missing > 0; missing -= FRAME_SAMPLES) {
    yield frame;
    frame = new Int16Array(FRAME_SAMPLES);
  }
}

function opusHead(preSkip: number): Uint8Array {
  const head = Buffer.alloc(19);
  head.write('OpusHead', 0, 'latin1');
  head.writeUInt8(1, 8);
  head.writeUInt8(1, 9);
  head.writeUInt16LE(preSkip, 10);
  head.writeUInt32LE(SAMPLE_RATE, 12);
  return head;
}

function opusTags(): Uint8Array {
  const vendor = 'samtal';
  const tags = Buffer.alloc(16 + vendor.length);
  tags.write('OpusTags', 0, 'latin1');
  tags.writeUInt32LE(vendor.length, 8);
  tags.write(vendor, 12, 'latin1');
  return tags;
}
