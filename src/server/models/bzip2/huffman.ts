import type { BitReader } from './bit-reader.ts';
import { Bzip2Error } from './bzip2-error.ts';

const LONGEST = 20;
/** Codes up to this length, which nearly all are, take one look in a table. */
const QUICK = 10;

/** A canonical Huffman code, as bzip2 writes it: the lengths alone say which symbol has which bits. */
export class HuffmanCode {
  /** By the next bits: the symbol times 32, and the length of its code. */
  readonly #quick = new Uint16Array(1 << QUICK);
  /** By length: the first code that is longer, at `LONGEST` bits, and what is subtracted from a code for its place. */
  readonly #limits = new Int32Array(LONGEST + 2);
  readonly #offsets = new Int32Array(LONGEST + 2);
  readonly #symbols: Uint16Array;

  constructor(lengths: Uint8Array) {
    this.#symbols = new Uint16Array(lengths.length);
    let code = 0;
    let place = 0;
    for (let length = 1; length <= LONGEST; length += 1) {
      this.#offsets[length] = code - place;
      for (let symbol = 0; symbol < lengths.length; symbol += 1) {
        if (lengths[symbol] !== length) continue;
        this.#symbols[place++] = symbol;
        if (length <= QUICK) this.#fill(code, length, symbol);
        code += 1;
      }
      if (code > 1 << length) throw new Bzip2Error('a table of codes is not one');
      this.#limits[length] = code << (LONGEST - length);
      code <<= 1;
    }
  }

  #fill(code: number, length: number, symbol: number): void {
    const spare = QUICK - length;
    this.#quick.fill(symbol * 32 + length, code << spare, (code + 1) << spare);
  }

  read(bits: BitReader): number {
    const next = bits.peek(LONGEST);
    const quick = this.#quick[next >> (LONGEST - QUICK)] ?? 0;
    if (quick !== 0) {
      bits.skip(quick & 31);
      return quick >> 5;
    }
    return this.#readLong(bits, next);
  }

  #readLong(bits: BitReader, next: number): number {
    for (let length = QUICK + 1; length <= LONGEST; length += 1) {
      if (next >= (this.#limits[length] ?? 0)) continue;
      bits.skip(length);
      return this.#symbols[(next >> (LONGEST - length)) - (this.#offsets[length] ?? 0)] ?? 0;
    }
    throw new Bzip2Error('a code stands for nothing');
  }
}
