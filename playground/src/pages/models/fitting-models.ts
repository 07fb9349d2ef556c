import type { Library, Model, ModelRole, Pull } from '../../server/models.ts';

/** The order in which a conversation needs them. */
export const ROLES: readonly ModelRole[] = ['recognizer', 'languageModel', 'synthesizer', 'voiceActivity'];

export interface ModelFilter {
  /** Anywhere in the name, title or purpose, whatever the case. */
  readonly text: string;
  readonly role: ModelRole | 'all';
  /** BCP 47, or `all`; what does not go by language fits each. */
  readonly language: string;
}

/** Those that fit, the best first. */
export function fittingModels(models: readonly Model[], filter: ModelFilter): readonly Model[] {
  const sought = filter.text.trim().toLowerCase();
  return models
    .filter(
      ({ name, title, purpose, role, languages }) =>
        `${name} ${title} ${purpose}`.toLowerCase().includes(sought) &&
        (filter.role === 'all' || filter.role === role) &&
        (filter.language === 'all' || languages.length === 0 || languages.includes(filter.language)),
    )
    .toSorted((one, other) => other.quality - one.quality);
}

/** Every language that some model is for. */
export function languagesOf(models: readonly Model[]): readonly string[] {
  return [...new Set(models.flatMap(({ languages }) => languages))];
}

const SIZES: readonly string[] = ['small', 'balanced', 'best'];

/** What presets go by: the size of the machine and the language. */
export function presetParts({ presets }: Pick<Library, 'presets'>): {
  readonly sizes: readonly string[];
  readonly languages: readonly string[];
} {
  const names = presets.map(({ name }) => name);
  return {
    sizes: names.filter((name) => SIZES.includes(name)),
    languages: names.filter((name) => !SIZES.includes(name)),
  };
}

export function isOpen({ state }: Pull): boolean {
  return state === 'waiting' || state === 'running';
}

/** What is coming or waits to come. */
export function comingNames(pulls: readonly Pull[]): ReadonlySet<string> {
  return new Set(pulls.filter(isOpen).flatMap(({ items }) => items));
}

/** What is shown of pulls: those that go on, and the last one where it failed. */
export function shownPulls(pulls: readonly Pull[]): readonly Pull[] {
  const last = pulls.at(-1);
  return pulls.filter((pull) => isOpen(pull) || (pull === last && pull.state === 'failed'));
}
