import { BitReader } from './bit-reader.ts';
import { readBlock, type SortedBlock } from './bzip2-block.ts';
import { Bzip2Error } from './bzip2-error.ts';

/** A block takes no more: 900,000 symbols of 20 bits, and its tables. */
const LARGEST_BLOCK = 2_400_000;
const PIECE = 65_536;
/** pi, and the square root of it: how a block begins, and how a stream ends. */
const BLOCK = [0x314159, 0x265359] as const;
const END = [0x177245, 0x385090] as const;

/**
 * Unpacks what `bzip2` has packed, in pieces of up to 64 KiB. The packed bytes are read ahead by a few megabytes.
 * @throws {Bzip2Error} for bytes that are damaged, cut off, or followed by others.
 */
export async function* bunzip2(packed: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array, void, void> {
  const source = new Refilled(packed);
  let links: Uint32Array | undefined;
  do {
    const header = new BitReader(await source.ahead(4));
    if (header.read(24) !== 0x425a68) throw new Bzip2Error('it does not begin like one');
    const level = header.read(8) - 0x30;
    if (level < 1 || level > 9) throw new Bzip2Error('it has no block size');
    source.consume(4, 0);
    if (!links || links.length < level * 100_000) links = new Uint32Array(level * 100_000);
    yield* unpackStream(source, links.subarray(0, level * 100_000));
  } while ((await source.ahead(1)).length > 0);
}

async function* unpackStream(source: Refilled, links: Uint32Array): AsyncGenerator<Uint8Array, void, void> {
  let combined = 0;
  for (;;) {
    const bits = new BitReader(await source.ahead(LARGEST_BLOCK));
    bits.read(source.spentBits);
    const signature = [bits.read(24), bits.read(24)];
    const checksum = ((bits.read(16) << 16) | bits.read(16)) >>> 0;
    if (signature.join() === END.join()) {
      if (bits.isPastEnd || checksum !== combined >>> 0) throw new Bzip2Error('its checksum is another');
      bits.skipToByte();
      source.consume(bits.bytesRead, 0);
      return;
    }
    if (signature.join() !== BLOCK.join()) throw new Bzip2Error('a block does not begin like one');
    const crc = yield* unsorted(readBlock(bits, links));
    if (bits.isPastEnd || crc !== checksum) throw new Bzip2Error('the checksum of a block is another');
    combined = ((combined << 1) | (combined >>> 31)) ^ crc;
    source.consume(bits.bytesRead, bits.spentBits);
  }
}

/** The bytes of a block in their order, and without the runs that were packed first; returns their checksum. */
function* unsorted({ links, length, first }: SortedBlock): Generator<Uint8Array, number, void> {
  let piece = new Uint8Array(PIECE);
  let filled = 0;
  let crc = 0xffffffff;
  let place = first;
  let previous = -1;
  let repeated = 0;
  for (let index = 0; index < length; index += 1) {
    const entry = links[place] ?? 0;
    const byte = entry & 255;
    place = entry >>> 8;
    // Four of the same are followed by how many more there are.
    const times = repeated === 4 ? byte : 1;
    const value = repeated === 4 ? previous : byte;
    repeated = repeated === 4 ? 0 : byte === previous ? repeated + 1 : 1;
    previous = repeated === 0 ? -1 : byte;
    for (let time = 0; time < times; time += 1) {
      piece[filled++] = value;
      crc = (crc << 8) ^ (CRC[(crc >>> 24) ^ value] ?? 0);
      if (filled < PIECE) continue;
      yield piece;
      piece = new Uint8Array(PIECE);
      filled = 0;
    }
  }
  if (filled > 0) yield piece.subarray(0, filled);
  return ~crc >>> 0;
}

/** CRC-32 with the highest bit first. */
const CRC = Int32Array.from({ length: 256 }, (_, byte) => {
  let value = byte << 24;
  for (let bit = 0; bit < 8; bit += 1) value = value < 0 ? (value << 1) ^ 0x04c11db7 : value << 1;
  return value;
});

/** Bytes that are read ahead, and given up as they are consumed. */
class Refilled {
  readonly #chunks: AsyncIterator<Uint8Array>;
  #bytes: Uint8Array = new Uint8Array(0);
  #hasEnded = false;
  #spentBits = 0;

  constructor(chunks: AsyncIterable<Uint8Array>) {
    this.#chunks = chunks[Symbol.asyncIterator]();
  }

  /** How many bits of the first byte are spent. */
  get spentBits(): number {
    return this.#spentBits;
  }

  /** At least so many bytes, unless there are fewer. */
  async ahead(count: number): Promise<Uint8Array> {
    if (this.#bytes.length >= count || this.#hasEnded) return this.#bytes;
    const pieces = [this.#bytes];
    let total = this.#bytes.length;
    while (total < count * 2) {
      const next = await this.#chunks.next();
      if (next.done) {
        this.#hasEnded = true;
        break;
      }
      pieces.push(next.value);
      total += next.value.length;
    }
    this.#bytes = Buffer.concat(pieces);
    return this.#bytes;
  }

  consume(bytes: number, spentBits: number): void {
    this.#bytes = this.#bytes.subarray(bytes);
    this.#spentBits = spentBits;
  }
}
