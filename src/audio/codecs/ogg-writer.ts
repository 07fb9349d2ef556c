/** Writes the pages of an Ogg stream that holds one track (RFC 3533). */
export class OggWriter {
  readonly #serial: number;
  #sequence = 0;
  #isBegun = false;

  /** `serial` tells streams apart that are played after each other. */
  constructor(serial: number) {
    this.#serial = serial;
  }

  /**
   * One page of whole packets, together at most 255 segments of 255 bytes. `granule` is the place in time
   * where its last packet ends, as the codec's mapping counts it.
   */
  page(packets: readonly Uint8Array[], granule: number, isLast = false): Uint8Array {
    const lacing = packets.flatMap((packet) => [
      ...Array.from({ length: Math.floor(packet.length / 255) }, () => 255),
      packet.length % 255,
    ]);
    if (lacing.length > 255) throw new RangeError(`${packets.length} packets do not fit in one Ogg page.`);
    const header = Buffer.alloc(27 + lacing.length);
    header.write('OggS', 0, 'latin1');
    header.writeUInt8((this.#isBegun ? 0 : 2) | (isLast ? 4 : 0), 5);
    header.writeBigUInt64LE(BigInt(granule), 6);
    header.writeUInt32LE(this.#serial, 14);
    header.writeUInt32LE(this.#sequence, 18);
    header.writeUInt8(lacing.length, 26);
    header.set(lacing, 27);
    this.#isBegun = true;
    this.#sequence += 1;
    const page = Buffer.concat([header, ...packets]);
    page.writeUInt32LE(checksum(page), 22);
    return page;
  }
}

/** CRC-32 with the polynomial 0x04c11db7, most significant bit first, nothing inverted (RFC 3533, 6). */
function checksum(page: Uint8Array): number {
  let sum = 0;
  for (const byte of page) sum = ((sum << 8) ^ (CHECKSUMS[(sum >>> 24) ^ byte] ?? 0)) >>> 0;
  return sum;
}

const CHECKSUMS = Uint32Array.from({ length: 256 }, (_, byte) => {
  let sum = byte << 24;
  for (let bit = 0; bit < 8; bit += 1) sum = sum < 0 ? (sum << 1) ^ 0x04c11db7 : sum << 1;
  return sum >>> 0;
});
