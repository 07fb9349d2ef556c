import { existsSync } from 'node:fs';
import { resolve } from 'node:path';

const shared = resolve(import.meta.dirname, '../../../shared');

/**
 * A folder of the material that stands beside a checkout in development and is no part of the project.
 * `undefined`, with a note of what is left out, where it is not there.
 */
export function sharedFolder(name: string, leavesOut: string): string | undefined {
  const folder = resolve(shared, name);
  if (existsSync(folder)) return folder;
  console.warn(`Left out, as the shared material is not here: ${leavesOut}`);
  return undefined;
}
