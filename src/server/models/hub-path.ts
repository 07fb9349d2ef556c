/**
 * Where a file that is known by a public address lies below a mirror or a folder: its host and its path, such as
 * `huggingface.co/rhasspy/piper-voices/resolve/main/voices.json`.
 */
export function hubPath(url: string): string {
  const { host, pathname } = new URL(url);
  return `${host}${decodeURIComponent(pathname)}`;
}
