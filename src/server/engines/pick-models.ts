import { totalmem } from 'node:os';
import type { ModelRole } from '../models/catalog.ts';
import type { InstalledModel } from '../models/find-model.ts';

/** What the system and other programs are left. */
const SHARE_OF_MEMORY = 0.8;

/**
 * The models of a role that are worth running, the best first: for each language the best that knows it, and nothing
 * that would not fit into the memory of the machine.
 */
export function pickModels(
  role: ModelRole,
  installed: readonly InstalledModel[],
  memoryBytes: number = totalmem(),
): readonly InstalledModel[] {
  const fitting = installed
    .filter(({ entry }) => entry.role === role && entry.memoryBytes <= memoryBytes * SHARE_OF_MEMORY)
    .toSorted((one, other) => other.entry.quality - one.entry.quality);
  const covered = new Set<string>();
  return fitting.filter(({ entry }) => {
    const languages = entry.languages.length === 0 ? [ANY_LANGUAGE] : entry.languages;
    const isNeeded = languages.some((language) => !covered.has(language));
    for (const language of languages) covered.add(language);
    return isNeeded;
  });
}

const ANY_LANGUAGE = '*';
