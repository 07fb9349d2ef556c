import { FLACDecoder } from '@wasm-audio-decoders/flac';
import { EncodedPacketSink, type InputAudioTrack } from 'mediabunny';
import { notValid } from '../audio-format-error.ts';
import type { AudioChunk } from '../chunk.ts';
import { mixToMono } from '../mono.ts';
import { bytesOf } from './bytes-of.ts';

/** The samples of a FLAC track, mixed to mono, at its own rate, a frame (at most 65 535 samples) at a time. */
export async function* decodeFlac(track: InputAudioTrack): AsyncGenerator<AudioChunk, void, void> {
  const config = await track.getDecoderConfig();
  if (!config) throw notValid('flac', 'it has no stream information');
  const decoder = new FLACDecoder();
  await decoder.ready;
  try {
    await decoder.decodeFrames([lastBlock(bytesOf(config.description))]);
    for await (const packet of new EncodedPacketSink(track).packets()) {
      const { channelData, samplesDecoded } = await decoder.decodeFrames([packet.data]);
      if (samplesDecoded > 0)
        yield { samples: mixToMono(channelData, 0, samplesDecoded), sampleRate: config.sampleRate };
    }
  } finally {
    decoder.free();
  }
}

/** `fLaC` and its STREAMINFO, marked as the last block before the frames (RFC 9639 8.1). */
function lastBlock(description: Uint8Array): Uint8Array {
  const block = new Uint8Array(description);
  block[4] = (block[4] ?? 0) | 0x80;
  return block;
}
