import { endianness } from 'node:os';

const IS_LITTLE_ENDIAN = endianness() === 'LE';

/** 16-bit little-endian PCM (`pcm16` on the wire): always a copy. */
export function toPcmBytes(samples: Int16Array): Uint8Array<ArrayBuffer> {
  const copy = samples.slice();
  const bytes = Buffer.from(copy.buffer);
  if (!IS_LITTLE_ENDIAN) bytes.swap16();
  return new Uint8Array(copy.buffer);
}

/** The samples of 16-bit little-endian PCM, as a copy. An odd last byte is left out. */
export function fromPcmBytes(bytes: Uint8Array): Int16Array<ArrayBuffer> {
  // Not `slice`, which on a Buffer is only a view.
  const copy = new Uint8Array(bytes.subarray(0, bytes.length - (bytes.length % 2)));
  if (!IS_LITTLE_ENDIAN) Buffer.from(copy.buffer).swap16();
  return new Int16Array(copy.buffer);
}

/** The samples of 16-bit little-endian PCM, in place where the machine can read them there: for who copies them. */
export function viewPcmBytes(bytes: Uint8Array): Int16Array {
  if (!IS_LITTLE_ENDIAN || bytes.byteOffset % 2 === 1) return fromPcmBytes(bytes);
  return new Int16Array(bytes.buffer, bytes.byteOffset, bytes.length >> 1);
}
