import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { isErrno } from '../../util/errno.ts';

/** Where `npm run build` puts the page: beside `src` in a clone, beside `dist` in the package. */
export const BUILT_PAGE = resolve(import.meta.dirname, '../../../playground/dist');

export function isPageBuilt(directory = BUILT_PAGE): boolean {
  return existsSync(join(directory, 'index.html'));
}

/** The page with `nonce` where its styles look for it; `undefined` when it has not been built. */
export async function readBuiltPage(nonce: string, directory = BUILT_PAGE): Promise<string | undefined> {
  try {
    const page = await readFile(join(directory, 'index.html'), 'utf8');
    return page.replaceAll('{{nonce}}', nonce);
  } catch (error) {
    if (isErrno(error, 'ENOENT')) return undefined;
    throw error;
  }
}
