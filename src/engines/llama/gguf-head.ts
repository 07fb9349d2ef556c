/** What of a GGUF file's head tells whether it can chat. */
export interface GgufHead {
  readonly architecture: string;
  /** How the vectors of an embedding model are made of those of its tokens; of no other model. */
  readonly hasPooling: boolean;
  readonly vocabularySize: number;
}

const MAGIC = 'GGUF';
const VERSIONS: readonly number[] = [2, 3];
const MOST_DIMENSIONS = 4;
const STRING = 8;
const ARRAY = 9;
/** By the number of the type: uint8, int8, uint16, int16, uint32, int32, float32, bool; then uint64, int64, float64. */
const SIZES: readonly (number | undefined)[] = [1, 1, 2, 2, 4, 4, 4, 1, undefined, undefined, 8, 8, 8];

/** Whether bytes begin as those of a GGUF file do. */
export function isGguf(bytes: Buffer): boolean {
  return bytes.toString('latin1', 0, MAGIC.length) === MAGIC;
}

/**
 * Reads the head of a GGUF file, little endian, every length of which has to be within `bytes` (ggml's docs/gguf.md).
 * @throws {RangeError} where one is not, or where a type is unknown.
 */
export function readGgufHead(bytes: Buffer): GgufHead {
  const reader = new GgufReader(bytes);
  reader.skip(MAGIC.length);
  const version = reader.uint32();
  if (!VERSIONS.includes(version)) throw new RangeError(`The version of the file is ${version}.`);
  const tensors = reader.count();
  const fields = reader.count();
  let [architecture, hasPooling, vocabularySize] = ['', false, 0];
  for (let field = 0; field < fields; field += 1) {
    const key = reader.string();
    const value = reader.value();
    if (key === 'general.architecture') architecture = String(value);
    if (key === 'tokenizer.ggml.tokens') vocabularySize = Number(value);
    hasPooling ||= key.endsWith('.pooling_type');
  }
  for (let tensor = 0; tensor < tensors; tensor += 1) reader.tensor();
  return { architecture, hasPooling, vocabularySize };
}

class GgufReader {
  readonly #bytes: Buffer;
  #at = 0;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  skip(length: number): void {
    if (length > this.#bytes.length - this.#at) throw new RangeError(`Nothing is at ${this.#at + length}.`);
    this.#at += length;
  }

  uint32(): number {
    const value = this.#bytes.readUInt32LE(this.#at);
    this.#at += 4;
    return value;
  }

  /** A number of things, each of which takes a byte at least. */
  count(): number {
    const value = this.#bytes.readBigUInt64LE(this.#at);
    this.#at += 8;
    if (value > BigInt(this.#bytes.length - this.#at)) throw new RangeError(`There are no ${value} items.`);
    return Number(value);
  }

  string(): string {
    const length = this.count();
    this.skip(length);
    return this.#bytes.toString('utf8', this.#at - length, this.#at);
  }

  /** A string as it is, and how many items a list has. */
  value(type: number = this.uint32()): string | number | undefined {
    if (type === STRING) return this.string();
    if (type !== ARRAY) {
      this.skip(sizeOf(type));
      return undefined;
    }
    const itemType = this.uint32();
    const items = this.count();
    if (itemType === STRING || itemType === ARRAY)
      for (let item = 0; item < items; item += 1) this.value(itemType);
    else this.skip(items * sizeOf(itemType));
    return items;
  }

  tensor(): void {
    this.string();
    const dimensions = this.uint32();
    if (dimensions > MOST_DIMENSIONS) throw new RangeError(`A tensor has ${dimensions} dimensions.`);
    this.skip(dimensions * 8 + 4 + 8);
  }
}

function sizeOf(type: number): number {
  const size = SIZES[type];
  if (size === undefined) throw new RangeError(`There is no type ${type}.`);
  return size;
}
