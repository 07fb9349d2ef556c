import { ALL_FORMATS, BufferSource, EncodedPacketSink, Input, type InputAudioTrack } from 'mediabunny';
import { AudioFormatError, notValid } from '../audio-format-error.ts';
import type { AudioChunk } from '../chunk.ts';
import { toAdts } from './adts.ts';
import { decodeFlac } from './decode-flac.ts';
import { decodeMp3 } from './decode-mp3.ts';
import { decodeOpus } from './decode-opus.ts';
import { decodeWithFfmpeg } from './ffmpeg.ts';
import { trimEnds } from './trim.ts';

export type ContainerFormat = 'flac' | 'ogg' | 'webm' | 'mp4' | 'aac' | 'mpeg-ts';

/**
 * The first audio track of a file, mixed to mono. Opus comes at 48 kHz, all else at its own rate.
 * @throws {AudioFormatError}
 */
export async function* decodeContainer(
  bytes: Uint8Array,
  format: ContainerFormat,
): AsyncGenerator<AudioChunk, void, void> {
  using input = new Input({
    source: new BufferSource(format === 'flac' ? padded(bytes) : bytes),
    formats: ALL_FORMATS,
  });
  const track = await input.getPrimaryAudioTrack();
  if (!track) throw notValid(format, 'it has no audio track');
  yield* decodeTrack(track, bytes, format);
}

/** The FLAC demuxer looks for a header behind each frame, and leaves out a short last one without this room. */
function padded(bytes: Uint8Array): Uint8Array {
  return Buffer.concat([bytes, Buffer.alloc(32)]);
}

async function* decodeTrack(
  track: InputAudioTrack,
  bytes: Uint8Array,
  format: ContainerFormat,
): AsyncGenerator<AudioChunk, void, void> {
  const codec = await track.getCodec();
  switch (codec) {
    case 'opus':
      return yield* decodeOpus(track, format);
    case 'flac':
      return yield* decodeFlac(track);
    case 'mp3':
      return yield* trimEnds(decodeMp3(await packetBytes(track)), await priming(track));
    case 'aac':
      return yield* decodeAac(track, format);
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
  format: ContainerFormat,
): AsyncGenerator<AudioChunk, void, void> {
  const sampleRate = await track.getSampleRate();
  const adts = await toAdts(track);
  const decoded = decodeWithFfmpeg(adts, { format, codec: 'AAC', demuxer: 'aac', sampleRate });
  yield* trimEnds(decoded, await priming(track));
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

/** What lies before time zero is the encoder's run-up. */
async function priming(track: InputAudioTrack): Promise<{ readonly start: number; readonly end: number }> {
  const first = await track.getFirstTimestamp();
  return { start: Math.max(0, Math.round(-first * (await track.getSampleRate()))), end: 0 };
}

async function packetBytes(track: InputAudioTrack): Promise<Uint8Array> {
  const packets: Uint8Array[] = [];
  for await (const packet of new EncodedPacketSink(track).packets()) packets.push(packet.data);
  return Buffer.concat(packets);
}
