/** @throws {DOMException} `InvalidCharacterError` for what is no base64 */
export function fromBase64(base64: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
}

/** Reads a whole file, off the page's own thread. */
export async function toBase64(file: Blob): Promise<string> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const reader = new FileReader();
  reader.onload = () => resolve();
  reader.onerror = () => reject(reader.error ?? new Error('The file can not be read.'));
  reader.readAsDataURL(file);
  await promise;
  const url = typeof reader.result === 'string' ? reader.result : '';
  return url.slice(url.indexOf(',') + 1);
}
