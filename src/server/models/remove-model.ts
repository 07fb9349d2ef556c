import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { isErrno } from '../../util/errno.ts';
import { modelFolder } from './find-model.ts';
import { ModelError } from './model-error.ts';
import { partFolder } from './part-folder.ts';
import { dropDeadClaim } from './pull-claim.ts';
import { removeWhole } from './remove-whole.ts';

/**
 * Removes a model, and what an interrupted pull of it has left; resolves with the bytes that are free again, which
 * are 0 when nothing was there.
 * @throws {ModelError} `busy` while it is being pulled.
 */
export async function removeModel(modelsDirectory: string, name: string): Promise<number> {
  if (!(await dropDeadClaim(modelsDirectory, name))) {
    throw new ModelError('busy', `${name} is being pulled. Stop that, or wait until it is done.`);
  }
  let freed = 0;
  for (const folder of [modelFolder(modelsDirectory, name), partFolder(modelsDirectory, name)]) {
    freed += await bytesBelow(folder);
    await removeWhole(modelsDirectory, folder);
  }
  return freed;
}

/** Of all files in a folder; 0 when it is not there. */
export async function bytesBelow(folder: string): Promise<number> {
  try {
    const found = await readdir(folder, { recursive: true, withFileTypes: true });
    const files = found.filter((each) => each.isFile());
    const sizes = await Promise.all(
      files.map(async (file) => (await stat(join(file.parentPath, file.name))).size),
    );
    return sizes.reduce((total, size) => total + size, 0);
  } catch (error) {
    if (isErrno(error, 'ENOENT')) return 0;
    throw error;
  }
}
