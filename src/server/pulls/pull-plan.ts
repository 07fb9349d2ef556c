import { statfs } from 'node:fs/promises';
import { availableParallelism, totalmem } from 'node:os';
import type { Home } from '../home/paths.ts';
import type { ModelEntry } from '../models/catalog.ts';
import { openHub } from '../models/hub.ts';
import { sizeOf } from '../models/model-size.ts';
import { settleFigures } from '../models/settle-figures.ts';
import type { Wanted } from '../models/wanted.ts';
import { diskBytes, type PackageEntry } from '../packages/catalog.ts';

/** What a pull brings and takes, told before anybody decides on it. Sizes in bytes. */
export interface PullPlan {
  readonly items: readonly PlannedItem[];
  readonly downloadBytes: number;
  /** At most. */
  readonly diskBytes: number;
  /** When all of it runs at once. */
  readonly memoryBytes: number;
}

export interface PlannedItem {
  readonly name: string;
  readonly kind: 'model' | 'package';
  readonly title: string;
  readonly license: string;
  readonly downloadBytes: number;
  readonly diskBytes: number;
}

export interface Machine {
  readonly cores: number;
  readonly memoryBytes: number;
  /** What is free on the disk that models come to. */
  readonly freeBytes: number;
}

export async function measureMachine({ directory }: Home): Promise<Machine> {
  const { bavail, bsize } = await statfs(directory);
  return { cores: availableParallelism(), memoryBytes: totalmem(), freeBytes: bavail * bsize };
}

/**
 * Sizes that the catalogue does not have, the hub is asked for.
 * @throws {ModelError} when it does not tell them.
 */
export async function planPull(
  home: Home,
  { models, packages }: Pick<Wanted, 'models' | 'packages'>,
  signal: AbortSignal,
): Promise<PullPlan> {
  const items = [...(await planModels(home, models, signal)), ...packages.map(planPackage)];
  return {
    items,
    downloadBytes: total(items, 'downloadBytes'),
    diskBytes: total(items, 'diskBytes'),
    memoryBytes: models.reduce((sum, { memoryBytes }) => sum + memoryBytes, 0),
  };
}

async function planModels(
  { modelsDirectory }: Home,
  models: readonly ModelEntry[],
  signal: AbortSignal,
): Promise<readonly PlannedItem[]> {
  await using hub = openHub(process.env);
  const items: PlannedItem[] = [];
  for (const entry of models) {
    const wanted = await settleFigures(modelsDirectory, entry, { hub, signal });
    const files = wanted.map(({ file, figures }) => ({ ...file, bytes: figures.bytes }));
    const { downloadBytes = 0, diskBytes: onDisk = 0 } = sizeOf({ ...entry, files });
    const { name, title, license } = entry;
    items.push({ kind: 'model', name, title, license, downloadBytes, diskBytes: onDisk });
  }
  return items;
}

function planPackage(entry: PackageEntry): PlannedItem {
  const { name, version, license, downloadBytes } = entry;
  return {
    kind: 'package',
    name,
    title: `${name} ${version}`,
    license,
    downloadBytes,
    diskBytes: diskBytes(entry),
  };
}

function total(items: readonly PlannedItem[], field: 'downloadBytes' | 'diskBytes'): number {
  return items.reduce((sum, item) => sum + item[field], 0);
}
