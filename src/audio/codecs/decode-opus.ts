import { type EncodedPacket, EncodedPacketSink, type InputAudioTrack } from 'mediabunny';
import { OpusDecoder } from 'opus-decoder';
import { AudioFormatError, notValid } from '../audio-format-error.ts';
import type { AudioChunk } from '../chunk.ts';
import { mixToMono } from '../mono.ts';
import { bytesOf } from './bytes-of.ts';
import { trimEnds } from './trim.ts';

const SAMPLE_RATE = 48_000;
/** Opus in Ogg and WebM knows layouts of up to 8 loudspeakers (RFC 7845 5.1.1.2). */
const MOST_CHANNELS = 8;

/** The samples of an Opus track at 48 kHz, mixed to mono, a packet at a time. */
export async function* decodeOpus(
  track: InputAudioTrack,
  format: string,
): AsyncGenerator<AudioChunk, void, void> {
  const config = await track.getDecoderConfig();
  const head = opusHead(config?.description, format);
  const decoder = new OpusDecoder(head.layout);
  await decoder.ready;
  try {
    const packets = new EncodedPacketSink(track).packets();
    if (format === 'ogg') yield* decodeExactly(decoder, packets);
    else yield* trimEnds(decodeWhole(decoder, packets), { start: head.preSkip, end: 0 });
  } finally {
    decoder.free();
  }
}

/** Ogg says of every packet how much of it is heard: the end of the first ones, the start of the last. */
async function* decodeExactly(
  decoder: OpusDecoder,
  packets: AsyncIterable<EncodedPacket>,
): AsyncGenerator<AudioChunk, void, void> {
  let isStarted = false;
  for await (const packet of packets) {
    const { channelData, samplesDecoded } = decoder.decodeFrame(packet.data);
    const heard = Math.min(samplesDecoded, Math.round(packet.duration * SAMPLE_RATE));
    const start: number = isStarted ? 0 : samplesDecoded - heard;
    isStarted ||= start === 0;
    if (heard > 0) yield { samples: mixToMono(channelData, start, start + heard), sampleRate: SAMPLE_RATE };
  }
}

async function* decodeWhole(
  decoder: OpusDecoder,
  packets: AsyncIterable<EncodedPacket>,
): AsyncGenerator<AudioChunk, void, void> {
  for await (const packet of packets) {
    const { channelData, samplesDecoded } = decoder.decodeFrame(packet.data);
    if (samplesDecoded > 0)
      yield { samples: mixToMono(channelData, 0, samplesDecoded), sampleRate: SAMPLE_RATE };
  }
}

interface OpusHead {
  /** Samples at 48 kHz that come before the audio begins. */
  readonly preSkip: number;
  readonly layout: OpusLayout;
}

interface OpusLayout {
  readonly channels: number;
  readonly streamCount?: number;
  readonly coupledStreamCount?: number;
  readonly channelMappingTable?: number[];
}

/** RFC 7845 5.1. */
function opusHead(description: ArrayBufferLike | ArrayBufferView | undefined, format: string): OpusHead {
  const head = bytesOf(description);
  const [channels = 0, low = 0, high = 0] = head.subarray(9);
  const family = head[18] ?? 0;
  if (head.length < 19 || channels === 0) throw notValid(format, 'it has no Opus header');
  if (family > 1 || channels > MOST_CHANNELS)
    throw new AudioFormatError('unsupported', format, `Opus with ${channels} channels is not supported.`);
  const preSkip = low | (high << 8);
  if (family === 0) return { preSkip, layout: { channels } };
  const [streamCount = 0, coupledStreamCount = 0, ...channelMappingTable] = head.subarray(19, 21 + channels);
  return { preSkip, layout: { channels, streamCount, coupledStreamCount, channelMappingTable } };
}
