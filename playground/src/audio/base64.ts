/** @throws {DOMException} `InvalidCharacterError` for what is no base64 */
export function fromBase64(base64: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
}

/** Bytes that go through one call; engines bound how many arguments it may have. */
const PIECE = 8_192;

export function toBase64(bytes: Uint8Array): string {
  let binary = '';
  for (let at = 0; at < bytes.length; at += PIECE) {
    binary += String.fromCharCode(...bytes.subarray(at, at + PIECE));
  }
  return btoa(binary);
}

/** Reads a whole file, off the page's own thread. */
export async function readBase64(file: Blob): Promise<string> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const reader = new FileReader();
  reader.onload = () => resolve();
  reader.onerror = () => reject(reader.error ?? new Error('The file can not be read.'));
  reader.readAsDataURL(file);
  await promise;
  const url = typeof reader.result === 'string' ? reader.result : '';
  return url.slice(url.indexOf(',') + 1);
}
