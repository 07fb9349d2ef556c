import type { BitReader } from './bit-reader.ts';
import { Bzip2Error } from './bzip2-error.ts';
import { HuffmanCode } from './huffman.ts';

/** Symbols that are read with one code before the next is chosen. */
const GROUP = 50;

/** The bytes of a block as they were sorted, each with where the next is: `(next << 8) | byte`. */
export interface SortedBlock {
  readonly links: Uint32Array;
  readonly length: number;
  /** Where the first byte is. */
  readonly first: number;
}

/** Reads one block behind its signature and its checksum into `links`, which has room for the largest. */
export function readBlock(bits: BitReader, links: Uint32Array): SortedBlock {
  if (bits.read(1) !== 0) throw new Bzip2Error('a block is of the kind that no program writes any more');
  const origin = bits.read(24);
  const bytes = readAlphabet(bits);
  const codes = readCodes(bits, bytes.length + 2);
  const counts = new Int32Array(256);
  const length = readSymbols(bits, { bytes, codes, links, counts });
  if (origin >= length) throw new Bzip2Error('a block begins outside of itself');
  link(links, length, counts);
  return { links, length, first: (links[origin] ?? 0) >>> 8 };
}

/** The bytes that the block has in it at all. */
function readAlphabet(bits: BitReader): Uint8Array {
  const rows = bits.read(16);
  const bytes: number[] = [];
  for (let row = 0; row < 16; row += 1) {
    if (!(rows & (0x8000 >> row))) continue;
    const columns = bits.read(16);
    for (let column = 0; column < 16; column += 1) {
      if (columns & (0x8000 >> column)) bytes.push(row * 16 + column);
    }
  }
  if (bytes.length === 0) throw new Bzip2Error('a block has no bytes');
  return Uint8Array.from(bytes);
}

interface Codes {
  readonly tables: readonly HuffmanCode[];
  /** The table for each group of symbols. */
  readonly selectors: Uint8Array;
}

function readCodes(bits: BitReader, symbols: number): Codes {
  const count = bits.read(3);
  const groups = bits.read(15);
  if (count < 2 || count > 6 || groups === 0) throw new Bzip2Error('a block has no codes');
  const recent = Array.from({ length: count }, (_, index) => index);
  const selectors = new Uint8Array(groups);
  for (let group = 0; group < groups; group += 1) {
    let place = 0;
    while (bits.read(1)) place += 1;
    if (place >= count) throw new Bzip2Error('a group has no code');
    recent.unshift(...recent.splice(place, 1));
    selectors[group] = recent[0] ?? 0;
  }
  return {
    selectors,
    tables: Array.from({ length: count }, () => new HuffmanCode(readLengths(bits, symbols))),
  };
}

function readLengths(bits: BitReader, symbols: number): Uint8Array {
  const lengths = new Uint8Array(symbols);
  let length = bits.read(5);
  for (let symbol = 0; symbol < symbols; symbol += 1) {
    while (bits.read(1)) length += bits.read(1) ? -1 : 1;
    if (length < 1 || length > 20) throw new Bzip2Error('a code has no length');
    lengths[symbol] = length;
  }
  return lengths;
}

interface Symbols {
  readonly bytes: Uint8Array;
  readonly codes: Codes;
  readonly links: Uint32Array;
  /** How often each byte is there; filled here. */
  readonly counts: Int32Array;
}

/** Undoes the codes, the runs of zeros and the moving to the front; returns the length of the block. */
function readSymbols(bits: BitReader, { bytes, codes, links, counts }: Symbols): number {
  const recent = bytes.slice();
  const end = bytes.length + 1;
  let length = 0;
  let run = 0;
  let weight = 1;
  for (let read = 0; ; read += 1) {
    const table = codes.tables[codes.selectors[Math.floor(read / GROUP)] ?? -1];
    if (!table || bits.isPastEnd) throw new Bzip2Error('a block ends too early');
    const symbol = table.read(bits);
    if (symbol <= 1) {
      run += weight << symbol;
      weight <<= 1;
      if (run > links.length) throw new Bzip2Error('a block is too long');
      continue;
    }
    if (run > 0) {
      length = repeat(recent[0] ?? 0, run, { links, counts, length });
      run = 0;
      weight = 1;
    }
    if (symbol === end) return length;
    length = repeat(toFront(recent, symbol - 1), 1, { links, counts, length });
  }
}

interface Written {
  readonly links: Uint32Array;
  readonly counts: Int32Array;
  readonly length: number;
}

function repeat(byte: number, times: number, { links, counts, length }: Written): number {
  if (length + times > links.length) throw new Bzip2Error('a block is too long');
  links.fill(byte, length, length + times);
  counts[byte] = (counts[byte] ?? 0) + times;
  return length + times;
}

function toFront(recent: Uint8Array, place: number): number {
  const byte = recent[place] ?? 0;
  recent.copyWithin(1, 0, place);
  recent[0] = byte;
  return byte;
}

/** Undoes the sorting (Burrows and Wheeler): the n-th of a byte in order is followed by the n-th as it stands. */
function link(links: Uint32Array, length: number, counts: Int32Array): void {
  const places = new Int32Array(256);
  for (let byte = 1; byte < 256; byte += 1) {
    places[byte] = (places[byte - 1] ?? 0) + (counts[byte - 1] ?? 0);
  }
  for (let index = 0; index < length; index += 1) {
    const byte = (links[index] ?? 0) & 255;
    const place = places[byte] ?? 0;
    places[byte] = place + 1;
    links[place] = ((links[place] ?? 0) & 255) | (index << 8);
  }
}
