import type { Home } from '../home/paths.ts';
import type { ModelEntry, ModelRole } from '../models/catalog.ts';
import { findEntry, modelFolder } from '../models/find-model.ts';
import { sizeOf, sumOf } from '../models/model-size.ts';
import { PRESETS } from '../models/presets.ts';
import { bytesBelow } from '../models/remove-model.ts';
import { hasPackage, presetOf } from '../models/wanted.ts';
import { PACKAGES, packageNamed } from '../packages/catalog.ts';

/** A model of the catalogue as the page shows it. Sizes in bytes. */
export interface ListedModel {
  readonly name: string;
  readonly title: string;
  readonly role: ModelRole;
  readonly purpose: string;
  /** BCP 47; none means that it does not go by language. */
  readonly languages: readonly string[];
  readonly license: string;
  readonly source: string;
  readonly quality: number;
  readonly isStreaming: boolean;
  /** `null` where the hub tells it when a pull is planned. */
  readonly downloadBytes: number | null;
  /** What it takes; of one that is not there, at most. */
  readonly diskBytes: number | null;
  readonly memoryBytes: number;
  /** The package that runs it. */
  readonly package: string;
  readonly state: 'whole' | 'damaged' | 'missing';
}

export interface ListedPackage {
  readonly name: string;
  readonly isThere: boolean;
  /** There is none for this machine, so that its models can not run on it. */
  readonly isForeign: boolean;
}

export interface ListedPreset {
  readonly name: string;
  readonly language: string;
  readonly models: readonly string[];
  /** Of all its models, the packages that run them left out; `null` where the hub tells it. */
  readonly downloadBytes: number | null;
}

export async function listModels(
  home: Home,
  catalog: readonly ModelEntry[],
): Promise<readonly ListedModel[]> {
  return await Promise.all(catalog.map(async (entry) => await listModel(home, entry)));
}

export async function listPackages(home: Home, catalog: readonly ModelEntry[]): Promise<ListedPackage[]> {
  const names = new Set(catalog.map((entry) => entry.package));
  const used = PACKAGES.filter(({ name }) => [...names].some((each) => packageNamed(each).name === name));
  return await Promise.all(
    used.map(async (entry) => ({
      name: entry.name,
      isThere: await hasPackage(home, entry),
      isForeign: entry.isForeign,
    })),
  );
}

export function listPresets(): readonly ListedPreset[] {
  return PRESETS.flatMap((name) => {
    const preset = presetOf(name);
    if (!preset) return [];
    const { language, models } = preset;
    const downloadBytes = sumOf(models.map((entry) => sizeOf(entry).downloadBytes)) ?? null;
    return [{ name, language, models: models.map((entry) => entry.name), downloadBytes }];
  });
}

async function listModel(home: Home, entry: ModelEntry): Promise<ListedModel> {
  const { name, title, role, purpose, languages, license, source, quality, isStreaming, memoryBytes } = entry;
  const there = await bytesBelow(modelFolder(home.modelsDirectory, name));
  const isWhole = there > 0 && (await findEntry(home.modelsDirectory, entry)) !== undefined;
  const { downloadBytes = null, diskBytes = null } = sizeOf(entry);
  return {
    ...{ name, title, role, purpose, languages, license, source, quality, isStreaming, memoryBytes },
    package: entry.package,
    downloadBytes,
    diskBytes: there > 0 ? there : diskBytes,
    state: there === 0 ? 'missing' : isWhole ? 'whole' : 'damaged',
  };
}
