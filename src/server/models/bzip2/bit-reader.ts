/** Reads bits, the highest of each byte first. What is asked for past the end is zeros, and `isPastEnd` tells. */
export class BitReader {
  readonly #bytes: Uint8Array;
  #next = 0;
  #held = 0;
  #count = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  /** Bytes of which no bit is left. */
  get bytesRead(): number {
    return this.#next - ((this.#count + 7) >> 3);
  }

  /** Bits that are read of the byte after those. */
  get spentBits(): number {
    return -this.#count & 7;
  }

  get isPastEnd(): boolean {
    return this.#next - (this.#count >> 3) > this.#bytes.length;
  }

  /** The next bits, up to 24, which stay to be read. */
  peek(bits: number): number {
    while (this.#count < bits) {
      this.#held = (this.#held << 8) | (this.#bytes[this.#next++] ?? 0);
      this.#count += 8;
    }
    return (this.#held >>> (this.#count - bits)) & ((1 << bits) - 1);
  }

  /** Up to what was peeked at. */
  skip(bits: number): void {
    this.#count -= bits;
  }

  /** Up to 24 bits. */
  read(bits: number): number {
    const value = this.peek(bits);
    this.#count -= bits;
    return value;
  }

  skipToByte(): void {
    this.#count -= this.#count & 7;
  }
}
