import { totalmem } from 'node:os';
import { nearestName } from '../../server/config/nearest-name.ts';
import type { Home } from '../../server/home/paths.ts';
import { MODELS, type ModelEntry, modelNamed } from '../../server/models/catalog.ts';
import { findModel } from '../../server/models/find-model.ts';
import { PRESETS, type Preset, presetNamed } from '../../server/models/presets.ts';
import { PACKAGES, type PackageEntry, packageNamed } from '../../server/packages/catalog.ts';
import { findPackage } from '../../server/packages/find-package.ts';
import { UsageError } from '../cli-error.ts';

/** What a name of the command line stands for, and what comes along with it. */
export interface Wanted {
  /** Those that were asked for, in the order of their names, then the packages that run them. */
  readonly models: readonly ModelEntry[];
  readonly packages: readonly PackageEntry[];
  readonly presets: readonly Preset[];
}

/** @throws {UsageError} for a name that is none of a model, a package or a preset. */
export function wantedBy(command: string, names: readonly string[]): Wanted {
  const models = new Set<ModelEntry>();
  const packages = new Set<PackageEntry>();
  const presets: Preset[] = [];
  for (const name of names) {
    const known = packageOf(name);
    const preset = presetOf(name);
    if (known) packages.add(known);
    else if (preset) presets.push(preset);
    for (const model of preset?.models ?? [modelNamed(name)]) if (model) models.add(model);
    if (!known && !preset && !modelNamed(name)) throw unknownName(command, name);
  }
  for (const model of models) packages.add(packageNamed(model.package));
  return { models: [...models], packages: [...packages], presets };
}

/** What is not there yet. */
export async function missingOf(home: Home, { models, packages, presets }: Wanted): Promise<Wanted> {
  const areThere = await Promise.all(
    models.map(async ({ name }) => await findModel(home.modelsDirectory, name)),
  );
  const have = await Promise.all(packages.map(async (entry) => await hasPackage(home, entry)));
  return {
    models: models.filter((_, index) => areThere[index] === undefined),
    packages: packages.filter((_, index) => !have[index]),
    presets,
  };
}

/** Either of the two that run the Silero detector does for it. */
async function hasPackage({ enginesDirectory }: Home, entry: PackageEntry): Promise<boolean> {
  if ((await findPackage(enginesDirectory, entry)) !== undefined) return true;
  if (entry.name !== 'onnxruntime-web') return false;
  return (await findPackage(enginesDirectory, packageNamed('onnxruntime-node'))) !== undefined;
}

/** A preset, for the user of this process and the memory of this machine. */
export function presetOf(name: string): Preset | undefined {
  const { locale } = Intl.DateTimeFormat().resolvedOptions();
  return presetNamed(name, { locale, totalMemoryBytes: totalmem() });
}

function packageOf(name: string): PackageEntry | undefined {
  return PACKAGES.find((entry) => entry.name === name);
}

function unknownName(command: string, name: string): UsageError {
  const names = [...PACKAGES, ...MODELS].map((known) => known.name);
  const nearest = nearestName(name, [...names, ...PRESETS]);
  const advice = nearest ? `Did you mean samtal ${command} ${nearest}?` : 'samtal pull lists what there is.';
  return new UsageError(`samtal ${command} has no "${name}". ${advice}`);
}
