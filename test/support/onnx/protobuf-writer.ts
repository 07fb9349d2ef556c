/** One field of a message of protocol buffers: https://protobuf.dev/programming-guides/encoding. */
export type Field = Uint8Array;

const VARINT = 0;
const BYTES = 2;

/** An integer that is not negative. */
export function integerField(number: number, value: number | bigint): Field {
  return concat([varint((number << 3) | VARINT), varint(value)]);
}

export function bytesField(number: number, bytes: Uint8Array): Field {
  return concat([varint((number << 3) | BYTES), varint(bytes.length), bytes]);
}

export function textField(number: number, text: string): Field {
  return bytesField(number, new TextEncoder().encode(text));
}

export function messageField(number: number, fields: readonly Field[]): Field {
  return bytesField(number, concat(fields));
}

export function concat(parts: readonly Uint8Array[]): Uint8Array {
  return new Uint8Array(Buffer.concat(parts));
}

function varint(value: number | bigint): Uint8Array {
  const bytes: number[] = [];
  let rest = BigInt(value);
  for (; rest > 0x7fn; rest >>= 7n) bytes.push(Number(rest & 0x7fn) | 0x80);
  return Uint8Array.from([...bytes, Number(rest)]);
}
