/** Bytes of the header that `wavHeader` makes. */
export const WAV_HEADER_BYTES = 44;

const STREAMED = 0xffffffff;

/**
 * The header of a mono file of 16-bit PCM. Without `samples` its sizes are 0xFFFFFFFF, as streaming writers
 * leave them, and readers go on to the end of the stream.
 */
export function wavHeader(sampleRate: number, samples?: number): Uint8Array {
  const dataBytes = samples === undefined ? STREAMED : samples * 2;
  const riffBytes = samples === undefined ? STREAMED : dataBytes + WAV_HEADER_BYTES - 8;
  const header = Buffer.alloc(WAV_HEADER_BYTES);
  header.write('RIFF', 0, 'latin1');
  header.writeUInt32LE(riffBytes, 4);
  header.write('WAVEfmt ', 8, 'latin1');
  header.writeUInt32LE(16, 16);
  header.writeUInt16LE(1, 20);
  header.writeUInt16LE(1, 22);
  header.writeUInt32LE(sampleRate, 24);
  header.writeUInt32LE(sampleRate * 2, 28);
  header.writeUInt16LE(2, 32);
  header.writeUInt16LE(16, 34);
  header.write('data', 36, 'latin1');
  header.writeUInt32LE(dataBytes, 40);
  return header;
}
