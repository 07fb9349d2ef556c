import { rm } from 'node:fs/promises';
import { findHome, type Home } from '../../server/home/paths.ts';
import { ModelError } from '../../server/models/model-error.ts';
import { bytesBelow, removeModel } from '../../server/models/remove-model.ts';
import { PACKAGES } from '../../server/packages/catalog.ts';
import { packageFolder } from '../../server/packages/find-package.ts';
import { toMegabytes } from '../../server/packages/pull-package.ts';
import { CliError, UsageError } from '../cli-error.ts';
import { defineCommand } from '../command.ts';
import { wantedBy } from '../models/wanted.ts';

/** `samtal remove name…`, of a model or a package. */
export const remove = defineCommand({
  name: 'remove',
  argument: { name: 'name', description: 'The models and packages to remove.', isRepeated: true },
  options: {},
  run: async ({ all = [] }) => {
    if (all.length === 0)
      throw new UsageError('samtal remove needs a name: samtal models lists what is there');
    if (wantedBy('remove', all).presets.length > 0) {
      throw new UsageError('samtal remove takes models and packages one by one, as a preset may share them');
    }
    const home = findHome(process.env);
    let total = 0;
    for (const name of all) total += await removeOne(home, name);
    if (total === 0) throw new CliError(`nothing was removed: ${all.join(', ')} is not there`);
  },
});

async function removeOne(home: Home, name: string): Promise<number> {
  const freed = await free(home, name);
  console.error(
    freed === 0 ? `${name} is not there.` : `${name} is removed: ${toMegabytes(freed)} are free again.`,
  );
  return freed;
}

async function free(home: Home, name: string): Promise<number> {
  const entry = PACKAGES.find((known) => known.name === name);
  if (entry) {
    const folder = packageFolder(home.enginesDirectory, entry);
    const freed = await bytesBelow(folder);
    await rm(folder, { recursive: true, force: true });
    return freed;
  }
  try {
    return await removeModel(home.modelsDirectory, name);
  } catch (error) {
    if (error instanceof ModelError) throw new CliError(error.message, { cause: error });
    throw error;
  }
}
