import {
  AdtsOutputFormat,
  BufferTarget,
  EncodedAudioPacketSource,
  type EncodedPacket,
  type InputAudioTrack,
  Output,
} from 'mediabunny';
import { notValid } from '../audio-format-error.ts';

/** The `packets` of an AAC track in frames that describe themselves (ISO 13818-7 6.2): the plainest stream of AAC. */
export async function toAdts(
  track: InputAudioTrack,
  packets: AsyncIterable<EncodedPacket>,
): Promise<Uint8Array> {
  const decoderConfig = await track.getDecoderConfig();
  if (!decoderConfig) throw notValid('aac', 'it has no decoder configuration');
  const target = new BufferTarget();
  const source = new EncodedAudioPacketSource('aac');
  const output = new Output({ format: new AdtsOutputFormat(), target });
  output.addAudioTrack(source);
  await output.start();
  let startTime: number | undefined;
  for await (const packet of packets) {
    startTime ??= packet.timestamp;
    await source.add(packet.clone({ timestamp: packet.timestamp - startTime }), { decoderConfig });
  }
  if (startTime === undefined) throw notValid('aac', 'it has no audio');
  await output.finalize();
  return new Uint8Array(target.buffer ?? new ArrayBuffer(0));
}
