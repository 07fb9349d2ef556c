import type { Engines } from './engines/engines.ts';

export interface EngineRole {
  /** What the engine does for the server. */
  readonly role: 'Hears' | 'Thinks' | 'Speaks' | 'Detects';
  /** Its name and languages, such as `pocketsphinx (English)`. */
  readonly engine: string;
}

/** Beyond this many languages a reader wants their number. */
const LANGUAGES_NAMED = 3;

/** Which engines answer where a deployment names no others. */
export function describeEngines(
  engines: Pick<Engines, 'recognizer' | 'languageModel' | 'synthesizer' | 'voiceActivity'>,
): readonly EngineRole[] {
  return [
    { role: 'Hears', engine: describeEngine(engines.recognizer()) },
    { role: 'Thinks', engine: engines.languageModel()?.name ?? 'nothing' },
    { role: 'Speaks', engine: describeEngine(engines.synthesizer()) },
    { role: 'Detects', engine: engines.voiceActivity.name },
  ];
}

const ROLES = { hears: 'recognizer', thinks: 'languageModel', speaks: 'synthesizer' } as const;

/** What answers where a deployment names no engine, and why that. */
export function describeDefaults(
  engines: Pick<Engines, 'recognizer' | 'languageModel' | 'synthesizer' | 'reason'>,
): Readonly<Record<keyof typeof ROLES, { readonly engine: string; readonly because: string } | null>> {
  const describe = (part: keyof typeof ROLES) => {
    const role = ROLES[part];
    const [engine, because] = [engines[role](), engines.reason(role)];
    return engine && because !== undefined ? { engine: engine.name, because } : null;
  };
  return { hears: describe('hears'), thinks: describe('thinks'), speaks: describe('speaks') };
}

/** Such as `pocketsphinx (English)`, or `nothing`. */
export function describeEngine(
  engine: { readonly name: string; readonly languages: readonly string[] } | undefined,
): string {
  if (!engine) return 'nothing';
  const languages = describeLanguages(engine.languages);
  return languages === undefined ? engine.name : `${engine.name} (${languages})`;
}

/** Undefined for an engine that does not say. */
function describeLanguages(languages: readonly string[]): string | undefined {
  if (languages.length === 0) return undefined;
  if (languages.length > LANGUAGES_NAMED) return `${languages.length} languages`;
  const names = new Intl.DisplayNames('en', { type: 'language' });
  return languages.map((language) => names.of(language) ?? language).join(', ');
}
