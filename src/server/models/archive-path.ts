/** Names that stand for devices on Windows, whatever comes behind the first dot (Naming Files, Win32). */
const RESERVED = /^(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])(\.|$)/i;
/** With the folder of the home in front, it still fits where a path may have 260 characters. */
const LONGEST_PATH = 160;

/**
 * The path of an entry below `folder`, the one at the top of its archive: empty for that folder itself.
 * @throws {Error} for what could be another place on any of our systems; the message says what is wrong.
 */
export function archivePath(path: string, folder: string): string {
  if (path.length > LONGEST_PATH) throw new Error('has a path that is too long');
  if (/[\p{Cc}\\:*?"<>|]/u.test(path)) throw new Error('has a character that a file can not have everywhere');
  if (path.startsWith('/')) throw new Error('has an absolute path');
  const parts = path.replace(/^\.\//, '').replace(/\/$/, '').split('/');
  if (parts.some((part) => part === '..')) throw new Error('leads out of its folder');
  if (parts.some((part) => part === '' || part === '.')) throw new Error('has a path with an empty step');
  if (parts.some((part) => RESERVED.test(part)))
    throw new Error('has a name that Windows keeps for a device');
  if (parts.some((part) => /[. ]$/.test(part))) throw new Error('has a name that Windows would cut short');
  if (parts[0] !== folder) throw new Error(`is not below ${folder}`);
  return parts.slice(1).join('/');
}

/** The same for two paths that are one file where letters of either case are the same. */
export function pathIdentity(path: string): string {
  return path.normalize('NFKC').toLowerCase();
}
