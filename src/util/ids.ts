import { randomFillSync } from 'node:crypto';

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';

/** A call to the system's random source costs more than an id: one fills many. Each byte is used once. */
const pool = new Uint8Array(4096);
let used = pool.length;

/** `length` characters of 0-9A-Za-z from the system's secure random source. */
export function randomText(length: number): string {
  let text = '';
  while (text.length < length) {
    const byte = nextByte();
    // 248 = 4 × 62: what lies above would make the first letters likelier than the rest.
    if (byte < 248) text += ALPHABET[byte % 62];
  }
  return text;
}

/** An id as the services make them: `chatcmpl-…` is written `newId('chatcmpl-', 29)`. */
export function newId(prefix: string, length = 21): string {
  return prefix + randomText(length);
}

function nextByte(): number {
  if (used === pool.length) {
    randomFillSync(pool);
    used = 0;
  }
  const byte = pool[used] ?? 0;
  // A secret is made of these: what has been handed out is not kept.
  pool[used] = 0;
  used += 1;
  return byte;
}
