import { MODELS, type ModelEntry, type ModelRole, modelNamed } from './catalog.ts';

/** What a conversation needs, chosen to go together on a machine. */
export interface Preset {
  readonly name: string;
  readonly models: readonly ModelEntry[];
  readonly language: string;
  /** What the models may take together when they run. */
  readonly budgetBytes: number;
}

/** The part of a machine's memory that models may take: the system, the browser and the server want the rest. */
const SHARE = 0.6;

/** The machines that the presets are made for, by their memory. */
const SIZES = { small: 4_000_000_000, balanced: 8_000_000_000, best: 16_000_000_000 } as const;

const ROLES: readonly ModelRole[] = ['voiceActivity', 'recognizer', 'synthesizer', 'languageModel'];

/** Those that are listed; a size and a language go together as well, such as `small-sv`. */
export const PRESETS: readonly string[] = [...Object.keys(SIZES), ...presetLanguages()];

interface PresetOptions {
  /** BCP 47 of the user, for a preset that names none. */
  readonly locale: string;
  /** Of this machine, for a preset that names no size. */
  readonly totalMemoryBytes: number;
}

/** `undefined` for a name that is no preset. */
export function presetNamed(name: string, { locale, totalMemoryBytes }: PresetOptions): Preset | undefined {
  const [, size, language] = /^(small|balanced|best)?-?([a-z]{2,3})?$/.exec(name) ?? [];
  if (name !== [size, language].filter((part) => part !== undefined).join('-') || name === '')
    return undefined;
  const languages = presetLanguages();
  if (language !== undefined && !languages.includes(language)) return undefined;
  const own = new Intl.Locale(locale).language;
  const spoken = language ?? (languages.includes(own) ? own : 'en');
  const memoryBytes = size === undefined ? totalMemoryBytes : SIZES[size as keyof typeof SIZES];
  const budgetBytes = Math.floor(memoryBytes * SHARE);
  return {
    name,
    language: spoken,
    budgetBytes,
    models: chooseModels(MODELS, { language: spoken, budgetBytes }),
  };
}

export interface Choice {
  readonly language: string;
  readonly budgetBytes: number;
}

/**
 * One model for each role that speaks the language, as good together as fits: the sum of their qualities decides,
 * and of equals what takes less. A role for which nothing is there, or nothing fits, is left out.
 */
export function chooseModels(
  models: readonly ModelEntry[],
  { language, budgetBytes }: Choice,
): readonly ModelEntry[] {
  const fitting = ROLES.map((role) => candidates(models, role, language));
  return fitting
    .reduce<readonly Combination[]>(
      (combinations, entries) => combinations.flatMap((each) => extend(each, entries, budgetBytes)),
      [{ entries: [], quality: 0, memoryBytes: 0 }],
    )
    .reduce((best, each) => (isBetter(each, best) ? each : best)).entries;
}

interface Combination {
  readonly entries: readonly ModelEntry[];
  readonly quality: number;
  readonly memoryBytes: number;
}

function candidates(models: readonly ModelEntry[], role: ModelRole, language: string): readonly ModelEntry[] {
  return models.filter(
    (entry) => entry.role === role && (entry.languages.length === 0 || entry.languages.includes(language)),
  );
}

/** Without a model for the role, and with each that fits. */
function extend(
  combination: Combination,
  entries: readonly ModelEntry[],
  budgetBytes: number,
): Combination[] {
  const extended = entries.map((entry) => ({
    entries: [...combination.entries, entry],
    quality: combination.quality + entry.quality,
    memoryBytes: combination.memoryBytes + entry.memoryBytes,
  }));
  return [combination, ...extended.filter(({ memoryBytes }) => memoryBytes <= budgetBytes)];
}

function isBetter(one: Combination, other: Combination): boolean {
  if (one.quality !== other.quality) return one.quality > other.quality;
  return one.memoryBytes < other.memoryBytes;
}

/** What is heard by the recognizer of most European languages. */
function presetLanguages(): readonly string[] {
  return modelNamed('parakeet-tdt-0.6b-v3')?.languages.toSorted() ?? [];
}
