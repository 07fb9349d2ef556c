/** The few parts of ASN.1's distinguished encoding (ITU-T X.690) that a certificate is made of. */

export function encode(tag: number, ...contents: readonly Uint8Array[]): Buffer {
  const content = Buffer.concat(contents);
  return Buffer.concat([Buffer.from([tag]), encodeLength(content.length), content]);
}

function encodeLength(length: number): Buffer {
  if (length < 0x80) return Buffer.from([length]);
  const bytes = minimalBytes(length);
  return Buffer.from([0x80 | bytes.length, ...bytes]);
}

function minimalBytes(value: number): number[] {
  return value < 0x100 ? [value] : [...minimalBytes(Math.floor(value / 0x100)), value % 0x100];
}

export const sequence = (...contents: readonly Uint8Array[]): Buffer => encode(0x30, ...contents);
export const set = (...contents: readonly Uint8Array[]): Buffer => encode(0x31, ...contents);
export const octetString = (...contents: readonly Uint8Array[]): Buffer => encode(0x04, ...contents);
export const utf8String = (text: string): Buffer => encode(0x0c, Buffer.from(text));
export const boolean = (value: boolean): Buffer => encode(0x01, Buffer.from([value ? 0xff : 0]));

/** `bytes` is a positive number, the most significant byte first. */
export function integer(bytes: Uint8Array): Buffer {
  const first = bytes.findIndex((byte) => byte !== 0);
  const digits = first === -1 ? Buffer.from([0]) : bytes.subarray(first);
  const isNegative = (digits[0] ?? 0) >= 0x80;
  return encode(0x02, ...(isNegative ? [Buffer.from([0])] : []), digits);
}

export function bitString(bytes: Uint8Array, unusedBits = 0): Buffer {
  return encode(0x03, Buffer.from([unusedBits]), bytes);
}

/** `2.5.29.17`: the first two numbers share a byte, the others are in base 128. */
export function objectIdentifier(dotted: string): Buffer {
  const [first = 0, second = 0, ...rest] = dotted.split('.').map(Number);
  return encode(0x06, Buffer.from([first * 40 + second, ...rest.flatMap(base128)]));
}

function base128(value: number): number[] {
  const digits = [value & 0x7f];
  for (let rest = value >> 7; rest > 0; rest >>= 7) digits.unshift((rest & 0x7f) | 0x80);
  return digits;
}

/** RFC 5280 4.1.2.5: two digits of the year until 2049, four from then on. */
export function time(date: Date): Buffer {
  const digits = date.toISOString().replace(/\.\d+|[-:T]/g, '');
  return date.getUTCFullYear() < 2050
    ? encode(0x17, Buffer.from(digits.slice(2)))
    : encode(0x18, Buffer.from(digits));
}

/** A context-specific tag: of a single value, or of one that is made of others. */
export const tagged = (number: number, value: Uint8Array): Buffer => encode(0x80 | number, value);
export const taggedAll = (number: number, ...contents: readonly Uint8Array[]): Buffer =>
  encode(0xa0 | number, ...contents);
