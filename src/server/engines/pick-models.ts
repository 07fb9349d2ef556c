import { totalmem } from 'node:os';
import type { ModelRole } from '../models/catalog.ts';
import type { InstalledModel } from '../models/find-model.ts';

/** What the system and other programs are left. */
const SHARE_OF_MEMORY = 0.8;

/** Voices this close in quality go together, as different people. */
const ALIKE = 10;

/**
 * The models of a role that are worth running, the best first: for each language the best that knows it, of voices
 * also those of one language that are nearly as good, and nothing that would not fit into the memory of the machine.
 */
export function pickModels(
  role: ModelRole,
  installed: readonly InstalledModel[],
  memoryBytes: number = totalmem(),
): readonly InstalledModel[] {
  const fitting = installed
    .filter(({ entry }) => entry.role === role && entry.memoryBytes <= memoryBytes * SHARE_OF_MEMORY)
    .toSorted((one, other) => other.entry.quality - one.entry.quality);
  const best = new Map<string, number>();
  return fitting.filter(({ entry: { languages, quality } }) => {
    const known = languages.length === 0 ? [ANY_LANGUAGE] : languages;
    const isNeeded = known.some((language) => !best.has(language));
    for (const language of known) if (!best.has(language)) best.set(language, quality);
    if (isNeeded || role !== 'synthesizer') return isNeeded;
    return languages.length === 1 && known.every((language) => (best.get(language) ?? 0) - quality <= ALIKE);
  });
}

const ANY_LANGUAGE = '*';
