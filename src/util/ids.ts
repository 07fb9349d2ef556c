import { randomBytes } from 'node:crypto';

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';

/** `length` characters of 0-9A-Za-z from the system's secure random source. */
export function randomText(length: number): string {
  let text = '';
  while (text.length < length) {
    for (const byte of randomBytes(length)) {
      // 248 = 4 × 62: what lies above would make the first letters likelier than the rest.
      if (byte < 248 && text.length < length) text += ALPHABET[byte % 62];
    }
  }
  return text;
}

/** An id as the services make them: `chatcmpl-…` is written `newId('chatcmpl-', 29)`. */
export function newId(prefix: string, length = 21): string {
  return prefix + randomText(length);
}
