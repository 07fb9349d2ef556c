import type { Home } from '../../server/home/paths.ts';
import { MODELS } from '../../server/models/catalog.ts';
import { findModel } from '../../server/models/find-model.ts';
import { sizeOf } from '../../server/models/model-size.ts';
import { PRESETS } from '../../server/models/presets.ts';
import { presetOf } from '../../server/models/wanted.ts';
import { PACKAGES } from '../../server/packages/catalog.ts';
import { findPackage } from '../../server/packages/find-package.ts';
import { toMegabytes } from '../../server/packages/pull-package.ts';
import { describeModel, describePackage } from './statement.ts';

/** Every package, model and preset that can be had, with what it takes and whether it is there. */
export async function listAll(home: Home): Promise<string> {
  const packages = PACKAGES.map(async (entry) => {
    const told = describePackage(entry, home.enginesDirectory);
    if (entry.isForeign) return told;
    return `${told}\n${tellState(entry.name, (await findPackage(home.enginesDirectory, entry)) !== undefined)}`;
  });
  const models = MODELS.map(async (entry) => {
    const isThere = (await findModel(home.modelsDirectory, entry.name)) !== undefined;
    return `${describeModel(entry)}\n${tellState(entry.name, isThere)}`;
  });
  const presets = `Presets, which are several at once:\n${PRESETS.map(tellPreset).join('\n')}`;
  return [...(await Promise.all([...packages, ...models])), presets].join('\n\n');
}

function tellState(name: string, isThere: boolean): string {
  return isThere ? 'It is there.' : `Get it: samtal pull ${name}`;
}

function tellPreset(name: string): string {
  const models = presetOf(name)?.models ?? [];
  const known = models.reduce((total, entry) => total + (sizeOf(entry).downloadBytes ?? 0), 0);
  const isWhole = models.every((entry) => sizeOf(entry).downloadBytes !== undefined);
  const size = `${toMegabytes(known)}${isWhole ? '' : ' and what the hub tells'}`;
  return `  samtal pull ${name.padEnd(9)} ${size}: ${models.map((entry) => entry.name).join(', ')}`;
}
