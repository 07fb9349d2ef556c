import { type FileHandle, open } from 'node:fs/promises';
import { EngineError } from '../../util/errors.ts';

/** What a model says of itself, in its own words. */
export type OnnxMetadata = Readonly<Record<string, string>>;

// Fields of `ModelProto`, and of `StringStringEntryProto` in it: onnx.proto of the ONNX project.
const GRAPH = 7;
const METADATA = 14;
const KEY = 1;
const VALUE = 2;

// Wire types of https://protobuf.dev/programming-guides/encoding.
const VARINT = 0;
const FIXED_64 = 1;
const BYTES = 2;
const FIXED_32 = 5;

/** The head of a field: at most ten bytes of number and type, and as many of length. */
const HEAD_BYTES = 20;
const LONGEST_ENTRY_BYTES = 2 ** 20;
const MOST_FIELDS = 10_000;

/**
 * Reads what stands beside the graph of an ONNX file, whose weights are passed over.
 * @throws {EngineError} `unavailable` when the file is no ONNX model, or is cut short.
 */
export async function readOnnxMetadata(path: string): Promise<OnnxMetadata> {
  await using file = await open(path);
  const { size } = await file.stat();
  const metadata: Record<string, string> = {};
  let hasGraph = false;
  let at = 0;
  for (let count = 0; at < size; count += 1) {
    const field = readHead(await readAt(file, at, HEAD_BYTES));
    if (!field || count > MOST_FIELDS) throw noModel(path);
    const end = at + field.headBytes + field.bodyBytes;
    if (end > size) throw cutShort(path);
    hasGraph ||= field.number === GRAPH;
    if (field.number === METADATA && field.bodyBytes <= LONGEST_ENTRY_BYTES) {
      const [key, value] = readEntry(await readAt(file, at + field.headBytes, field.bodyBytes));
      if (key !== '') metadata[key] = value;
    }
    at = end;
  }
  if (!hasGraph) throw size === 0 ? cutShort(path) : noModel(path);
  return metadata;
}

/** The parts of a list with commas, as metadata has it. */
export function splitList(list = ''): readonly string[] {
  return list
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');
}

interface FieldHead {
  readonly number: number;
  readonly headBytes: number;
  readonly bodyBytes: number;
}

function readHead(bytes: Uint8Array): FieldHead | undefined {
  const tag = readVarint(bytes, 0);
  if (!tag) return undefined;
  const number = Math.floor(tag.value / 8);
  switch (tag.value % 8) {
    case VARINT: {
      const value = readVarint(bytes, tag.end);
      return value && { number, headBytes: value.end, bodyBytes: 0 };
    }
    case FIXED_64:
      return { number, headBytes: tag.end, bodyBytes: 8 };
    case BYTES: {
      const length = readVarint(bytes, tag.end);
      return length && { number, headBytes: length.end, bodyBytes: length.value };
    }
    case FIXED_32:
      return { number, headBytes: tag.end, bodyBytes: 4 };
    default:
      return undefined;
  }
}

function readEntry(bytes: Uint8Array): readonly [key: string, value: string] {
  const texts = new Map<number, string>();
  for (let at = 0; at < bytes.length; ) {
    const field = readHead(bytes.subarray(at));
    if (!field) break;
    const start = at + field.headBytes;
    at = start + field.bodyBytes;
    texts.set(field.number, new TextDecoder().decode(bytes.subarray(start, at)));
  }
  return [texts.get(KEY) ?? '', texts.get(VALUE) ?? ''];
}

interface Varint {
  readonly value: number;
  /** The offset of what comes after it. */
  readonly end: number;
}

function readVarint(bytes: Uint8Array, start: number): Varint | undefined {
  let value = 0;
  for (let at = start, weight = 1; at < Math.min(bytes.length, start + 10); at += 1, weight *= 128) {
    const byte = bytes[at] ?? 0;
    value += (byte & 0x7f) * weight;
    if (byte < 0x80) return { value, end: at + 1 };
  }
  return undefined;
}

async function readAt(file: FileHandle, position: number, length: number): Promise<Uint8Array> {
  const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, position);
  return buffer.subarray(0, bytesRead);
}

function noModel(path: string): EngineError {
  return new EngineError('sherpa', 'unavailable', `${path} is no ONNX model. Get it again.`);
}

function cutShort(path: string): EngineError {
  return new EngineError('sherpa', 'unavailable', `${path} is cut short. Get it again.`);
}
