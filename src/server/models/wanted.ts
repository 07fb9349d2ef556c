import { totalmem } from 'node:os';
import { nearestName } from '../config/nearest-name.ts';
import type { Home } from '../home/paths.ts';
import { PACKAGES, type PackageEntry, packageNamed } from '../packages/catalog.ts';
import { findPackage } from '../packages/find-package.ts';
import { MODELS, type ModelEntry } from './catalog.ts';
import { findEntry } from './find-model.ts';
import { PRESETS, type Preset, presetNamed } from './presets.ts';

/** What names stand for, and what comes along with it. */
export interface Wanted {
  /** Those that were asked for, in the order of their names, then the packages that run them. */
  readonly models: readonly ModelEntry[];
  readonly packages: readonly PackageEntry[];
  readonly presets: readonly Preset[];
}

/** A name that is none of a model, a package or a preset. */
export interface UnknownName {
  readonly unknown: string;
  /** The one that may have been meant. */
  readonly nearest: string | undefined;
}

/** What is meant by names of models, packages and presets, which are one namespace. */
export function findWanted(
  names: readonly string[],
  catalog: readonly ModelEntry[] = MODELS,
): Wanted | UnknownName {
  const models = new Set<ModelEntry>();
  const packages = new Set<PackageEntry>();
  const presets: Preset[] = [];
  for (const name of names) {
    const model = catalog.find((entry) => entry.name === name);
    const packageEntry = PACKAGES.find((entry) => entry.name === name);
    const preset = presetOf(name);
    if (packageEntry) {
      packages.add(packageEntry);
    } else if (preset) {
      presets.push(preset);
      for (const each of preset.models) models.add(each);
    } else if (model) {
      models.add(model);
    } else {
      return unknownName(name, catalog);
    }
  }
  for (const model of models) packages.add(packageNamed(model.package));
  return { models: [...models], packages: [...packages], presets };
}

/** What is not there yet. */
export async function missingOf(home: Home, { models, packages, presets }: Wanted): Promise<Wanted> {
  const areThere = await Promise.all(
    models.map(async (entry) => await findEntry(home.modelsDirectory, entry)),
  );
  const have = await Promise.all(packages.map(async (entry) => await hasPackage(home, entry)));
  return {
    models: models.filter((_, index) => areThere[index] === undefined),
    packages: packages.filter((_, index) => !have[index]),
    presets,
  };
}

/** A preset, for the user of this process and the memory of this machine. */
export function presetOf(name: string): Preset | undefined {
  const { locale } = Intl.DateTimeFormat().resolvedOptions();
  return presetNamed(name, { locale, totalMemoryBytes: totalmem() });
}

/** Either of the two that run the Silero detector does for it. */
export async function hasPackage({ enginesDirectory }: Home, entry: PackageEntry): Promise<boolean> {
  if ((await findPackage(enginesDirectory, entry)) !== undefined) return true;
  if (entry.name !== 'onnxruntime-web') return false;
  return (await findPackage(enginesDirectory, packageNamed('onnxruntime-node'))) !== undefined;
}

function unknownName(unknown: string, catalog: readonly ModelEntry[]): UnknownName {
  const names = [...PACKAGES, ...catalog].map((known) => known.name);
  return { unknown, nearest: nearestName(unknown, [...names, ...PRESETS]) };
}
