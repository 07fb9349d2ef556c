/** The URL-safe alphabet, and letters beyond Latin-1, of which Node takes the lower byte for a digit. */
const NODE_ALSO_READS = /[-_\u0100-\uffff]/;

/**
 * The bytes that `text` stands for; undefined if it is not base64 of the standard alphabet (RFC 4648 4). Padding
 * may be missing and lines may be broken. They have an `ArrayBuffer` of their own, so that they can be
 * transferred, or share Node's pool with others, which is cheaper for a few that are not kept.
 */
export function decodeBase64(
  text: string,
  { isPooled = false }: { readonly isPooled?: boolean } = {},
): Uint8Array<ArrayBuffer> | undefined {
  const digits = digitsOf(text);
  if (digits === undefined) return undefined;
  const length = Math.floor((digits.length * 3) / 4);
  const bytes = isPooled ? Buffer.allocUnsafe(length) : Buffer.allocUnsafeSlow(length);
  // Node skips what is not a digit, so that the count tells whether everything was.
  if (bytes.write(digits, 'base64') !== length) return undefined;
  return new Uint8Array(bytes.buffer, bytes.byteOffset, length);
}

/** How many bytes `text` would decode to at most, without decoding it. */
export function decodedLength(text: string): number {
  return Math.floor(((digitsOf(text)?.length ?? 0) * 3) / 4);
}

/** Without line breaks and padding; undefined where the digits can not be whole bytes of standard base64. */
function digitsOf(text: string): string | undefined {
  const joined = text.includes('\n') || text.includes('\r') ? text.replaceAll(/[\r\n]/g, '') : text;
  const padding = joined.endsWith('==') ? 2 : joined.endsWith('=') ? 1 : 0;
  const digits = padding === 0 ? joined : joined.slice(0, -padding);
  if (digits.length % 4 === 1 || (padding > 0 && joined.length % 4 !== 0)) return undefined;
  return NODE_ALSO_READS.test(digits) ? undefined : digits;
}
