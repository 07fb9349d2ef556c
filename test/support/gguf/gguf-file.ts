/** A value of a GGUF file's metadata, with the type that it is written as. */
export type GgufValue =
  | { readonly type: 'uint32' | 'int32' | 'float32'; readonly value: number }
  | { readonly type: 'bool'; readonly value: boolean }
  | { readonly type: 'string'; readonly value: string }
  | { readonly type: 'strings'; readonly value: readonly string[] }
  | { readonly type: 'int32s'; readonly value: readonly number[] };

/** Rows of 32-bit floats; `shape` as ggml counts it, the length of a row first. */
export interface GgufTensor {
  readonly name: string;
  readonly shape: readonly number[];
  readonly data: Float32Array;
}

const MAGIC = 'GGUF';
const VERSION = 3;
const ALIGNMENT = 32;
const FLOAT32_TENSOR = 0;
const TYPES = { uint32: 4, int32: 5, float32: 6, bool: 7, string: 8, array: 9 } as const;

/** A GGUF file, version 3, little endian (ggml's docs/gguf.md). */
export function toGguf(
  metadata: Readonly<Record<string, GgufValue>>,
  tensors: readonly GgufTensor[],
): Uint8Array<ArrayBuffer> {
  const values = Object.entries(metadata).map(([key, value]) => Buffer.concat([string(key), typed(value)]));
  let offset = 0;
  const infos = tensors.map(({ name, shape, data }) => {
    const place = uint64(offset);
    offset = align(offset + data.byteLength);
    const sizes = shape.map((size) => uint64(size));
    return Buffer.concat([string(name), uint32(shape.length), ...sizes, uint32(FLOAT32_TENSOR), place]);
  });
  const counts = [uint64(tensors.length), uint64(values.length)];
  const head = Buffer.concat([Buffer.from(MAGIC), uint32(VERSION), ...counts, ...values, ...infos]);
  return new Uint8Array(Buffer.concat([padded(head), ...tensors.map(({ data }) => padded(bytesOf(data)))]));
}

function typed(field: GgufValue): Buffer {
  switch (field.type) {
    case 'uint32':
      return Buffer.concat([uint32(TYPES.uint32), uint32(field.value)]);
    case 'int32':
      return Buffer.concat([uint32(TYPES.int32), int32(field.value)]);
    case 'float32':
      return Buffer.concat([uint32(TYPES.float32), bytesOf(Float32Array.of(field.value))]);
    case 'bool':
      return Buffer.concat([uint32(TYPES.bool), Buffer.of(field.value ? 1 : 0)]);
    case 'string':
      return Buffer.concat([uint32(TYPES.string), string(field.value)]);
    case 'strings':
      return array(TYPES.string, field.value.map(string));
    case 'int32s':
      return array(TYPES.int32, field.value.map(int32));
  }
}

function array(type: number, items: readonly Buffer[]): Buffer {
  return Buffer.concat([uint32(TYPES.array), uint32(type), uint64(items.length), ...items]);
}

function string(value: string): Buffer {
  const bytes = Buffer.from(value);
  return Buffer.concat([uint64(bytes.length), bytes]);
}

function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}

function int32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32LE(value);
  return bytes;
}

function uint64(value: number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64LE(BigInt(value));
  return bytes;
}

function bytesOf(data: Float32Array): Buffer {
  return Buffer.from(data.buffer, data.byteOffset, data.byteLength);
}

function padded(bytes: Buffer): Buffer {
  return Buffer.concat([bytes, Buffer.alloc(align(bytes.length) - bytes.length)]);
}

function align(offset: number): number {
  return Math.ceil(offset / ALIGNMENT) * ALIGNMENT;
}
