import { randomNumbers } from '../util/random-numbers.ts';

/** Whole numbers from 0 to below `limit`, the same for the same seed. */
export function wholeNumbers(seed: number): (limit: number) => number {
  const random = randomNumbers(seed);
  return (limit) => Math.floor(random() * limit);
}

const MEMORABLE = [0x00, 0xff, 0x7f, 0x80];

/** One way in which files break: cut, changed here and there or in the header, blanked, gapped, doubled. */
export function broken(file: Uint8Array, random: (limit: number) => number): Uint8Array {
  const bytes = new Uint8Array(file);
  const start = random(bytes.length);
  const end = Math.min(bytes.length, start + random(3000));
  switch (random(7)) {
    case 0:
      return bytes.subarray(0, start);
    case 1:
      for (let count = random(200); count >= 0; count -= 1) bytes[random(bytes.length)] = random(256);
      return bytes;
    case 2:
      for (let count = random(8); count >= 0; count -= 1) bytes[random(64)] = random(256);
      return bytes;
    case 3:
      // The sizes and counts of a header at their extremes.
      return bytes.fill(MEMORABLE[random(4)] ?? 0, random(48), 48);
    case 4:
      return bytes.fill(MEMORABLE[random(4)] ?? 0, start, end);
    case 5:
      return Buffer.concat([bytes.subarray(0, start), bytes.subarray(end)]);
    default:
      return Buffer.concat([bytes.subarray(0, start), file, bytes.subarray(start)]);
  }
}
