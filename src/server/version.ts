import { readFileSync } from 'node:fs';

// Read rather than imported: the manifest stands outside the sources, and at the same distance from the build.
const manifest: unknown = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'));

/** The package's version, as in `package.json`. */
export const VERSION = toVersion(manifest);

function toVersion(value: unknown): string {
  if (typeof value === 'object' && value && 'version' in value) return String(value.version);
  throw new Error('package.json names no version.');
}
