import type { Engines } from '../engines/engines.ts';
import { type Missing, toNotice } from '../engines/missing.ts';
import type { RoleUse } from './model-routes.ts';

type Used = Pick<Engines, 'recognizer' | 'languageModel' | 'synthesizer' | 'voiceActivity' | 'missing'>;

/** What answers where a deployment names nothing, and what would do better. */
export function roleUses(engines: Used): readonly RoleUse[] {
  const use = (role: 'recognizer' | 'languageModel' | 'synthesizer'): RoleUse => ({
    role,
    engine: engines[role]()?.name ?? null,
    why: toWhy(engines.missing(role)),
  });
  return [
    use('recognizer'),
    use('languageModel'),
    use('synthesizer'),
    { role: 'voiceActivity', engine: engines.voiceActivity.name, why: null },
  ];
}

function toWhy(missing: Missing | undefined): string | null {
  return missing ? toNotice(missing) : null;
}
