import type { AudioChunk } from '../../audio/chunk.ts';
import { fromPcmBytes } from '../../audio/pcm-bytes.ts';

/** The chunks of a body of 16-bit little-endian samples, whose bytes may be cut anywhere. */
export async function* readPcmStream(
  pieces: AsyncIterable<Uint8Array>,
  sampleRate: number,
): AsyncGenerator<AudioChunk, void, void> {
  let rest: Uint8Array = new Uint8Array(0);
  for await (const piece of pieces) {
    const bytes = Buffer.concat([rest, piece]);
    const samples = fromPcmBytes(bytes);
    rest = bytes.subarray(samples.length * 2);
    if (samples.length > 0) yield { samples, sampleRate };
  }
}
