import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { isModelPath } from '../config/index.ts';
import { nearestName } from '../config/nearest-name.ts';
import type { Home } from '../home/paths.ts';
import { MODELS, modelNamed } from '../models/catalog.ts';
import { findModel } from '../models/find-model.ts';
import { type PackageName, packageNamed } from '../packages/catalog.ts';
import { findPackage } from '../packages/find-package.ts';
import { MissingEngine } from './missing.ts';

/**
 * The module that runs the engine `name`.
 * @throws {MissingEngine} unless its package has been pulled.
 */
export async function requirePackage(name: string, packageName: PackageName, home: Home): Promise<string> {
  const entry = packageNamed(packageName);
  const found = await findPackage(home.enginesDirectory, entry);
  if (found !== undefined) return found;
  throw new MissingEngine(name, {
    reason: `What runs ${name} is not there: ${packageName}.`,
    remedy: entry.isForeign
      ? `There is no ${packageName} for this machine.`
      : `Get it: samtal pull ${packageName}`,
  });
}

/**
 * The folder of the model of the engine `name`: pulled by its name, or a path.
 * @throws {MissingEngine} when there is none.
 */
export async function requireModelFolder(name: string, model: string, home: Home): Promise<string> {
  if (isModelPath(model)) return requirePath(name, model);
  const found = await findModel(home.modelsDirectory, model);
  if (found) return found.directory;
  throw notPulled(name, model);
}

/**
 * The one file of that extension that is the model of the engine `name`.
 * @throws {MissingEngine} when there is none.
 */
export async function requireModelFile(
  name: string,
  model: string,
  { home, extension }: { readonly home: Home; readonly extension: string },
): Promise<string> {
  if (isModelPath(model)) return requirePath(name, model);
  const found = await findModel(home.modelsDirectory, model);
  const file = found?.entry.files.find(({ path }) => path.endsWith(extension));
  if (found && file) return join(found.directory, file.path);
  throw notPulled(name, model);
}

function requirePath(name: string, path: string): string {
  if (existsSync(path)) return path;
  const reason = `The model of ${name} is not there: ${path}.`;
  throw new MissingEngine(name, { reason, remedy: 'Put it there, or name another in samtal.config.json.' });
}

function notPulled(name: string, model: string): MissingEngine {
  if (modelNamed(model))
    return new MissingEngine(name, {
      reason: `The model ${model} is not there as a whole.`,
      remedy: `Get it: samtal pull ${model}`,
    });
  const nearest = nearestName(
    model,
    MODELS.map((entry) => entry.name),
  );
  return new MissingEngine(name, {
    reason: `There is no model "${model}" in the catalogue.`,
    remedy: nearest
      ? `Did you mean "${nearest}"? A path has a separator in it, such as ./${model}.`
      : `A path has a separator in it, such as ./${model}; samtal pull lists what can be had.`,
  });
}
