import {
  ALL_FORMATS,
  BufferSource,
  type EncodedPacket,
  EncodedPacketSink,
  Input,
  type InputAudioTrack,
} from 'mediabunny';
import { AudioFormatError, notValid } from '../audio-format-error.ts';
import type { AudioChunk } from '../chunk.ts';
import { toAdts } from './adts.ts';
import { decodeFlac } from './decode-flac.ts';
import { decodeMp3 } from './decode-mp3.ts';
import { decodeOpus } from './decode-opus.ts';
import { decodeWithFfmpeg } from './ffmpeg.ts';
import { type Trim, trimEnds } from './trim.ts';

export type ContainerFormat = 'flac' | 'ogg' | 'webm' | 'mp4' | 'aac' | 'mpeg-ts';

export interface ContainerOptions {
  readonly format: ContainerFormat;
  /** What lies further in the file than this is not looked at where the track is read before it is decoded. */
  readonly maxSeconds: number;
}

/**
 * The first audio track of a file, mixed to mono. Opus comes at 48 kHz, all else at its own rate.
 * @throws {AudioFormatError}
 */
export async function* decodeContainer(
  bytes: Uint8Array,
  options: ContainerOptions,
): AsyncGenerator<AudioChunk, void, void> {
  const { format } = options;
  const source = new BufferSource(format === 'flac' ? padded(bytes) : bytes);
  using input = new Input({ source, formats: ALL_FORMATS });
  const track = await input.getPrimaryAudioTrack();
  if (!track) throw notValid(format, 'it has no audio track');
  yield* decodeTrack(track, bytes, options);
}

/** The FLAC demuxer looks for a header behind each frame, and leaves out a short last one without this room. */
function padded(bytes: Uint8Array): Uint8Array {
  return Buffer.concat([bytes, Buffer.alloc(32)]);
}

async function* decodeTrack(
  track: InputAudioTrack,
  bytes: Uint8Array,
  options: ContainerOptions,
): AsyncGenerator<AudioChunk, void, void> {
  const { format, maxSeconds } = options;
  const codec = await track.getCodec();
  switch (codec) {
    case 'opus':
      return yield* decodeOpus(track, format);
    case 'flac':
      return yield* decodeFlac(track);
    case 'mp3': {
      const packets = await Array.fromAsync(packetsUpTo(track, maxSeconds), (packet) => packet.data);
      return yield* trimEnds(decodeMp3(Buffer.concat(packets)), await runUp(track));
    }
    case 'aac':
      return yield* decodeAac(track, bytes, options);
    case 'vorbis':
      return yield* decodeVorbis(track, bytes, format);
    default:
      throw new AudioFormatError(
        'unsupported',
        format,
        `The codec ${codec ?? 'of this file'} is not supported. Send wav, mp3, flac or Opus.`,
      );
  }
}

async function* decodeAac(
  track: InputAudioTrack,
  bytes: Uint8Array,
  { format, maxSeconds }: ContainerOptions,
): AsyncGenerator<AudioChunk, void, void> {
  const sampleRate = await track.getSampleRate();
  const adts = format === 'aac' ? bytes : await toAdts(track, packetsUpTo(track, maxSeconds));
  const decoded = decodeWithFfmpeg(adts, { format, codec: 'AAC', demuxer: 'aac', sampleRate });
  yield* trimEnds(decoded, await runUp(track));
}

async function* decodeVorbis(
  track: InputAudioTrack,
  bytes: Uint8Array,
  format: ContainerFormat,
): AsyncGenerator<AudioChunk, void, void> {
  const demuxer = format === 'ogg' ? 'ogg' : 'matroska';
  const sampleRate = await track.getSampleRate();
  yield* decodeWithFfmpeg(bytes, { format, codec: 'Vorbis', demuxer, sampleRate });
}

/** The packets of the first `seconds` and the one after, so that too much audio is seen to be too much. */
async function* packetsUpTo(
  track: InputAudioTrack,
  seconds: number,
): AsyncGenerator<EncodedPacket, void, void> {
  for await (const packet of new EncodedPacketSink(track).packets()) {
    yield packet;
    if (packet.timestamp > seconds) return;
  }
}

/** What lies before time zero is there for the decoder to warm up. */
async function runUp(track: InputAudioTrack): Promise<Trim> {
  const first = await track.getFirstTimestamp();
  return { start: Math.max(0, Math.round(-first * (await track.getSampleRate()))), end: 0 };
}
