import type { Engines } from '../engines/engines.ts';
import { type Missing, toNotice } from '../engines/missing.ts';
import type { RoleUse } from './model-routes.ts';

type Used = Pick<
  Engines,
  'recognizer' | 'languageModel' | 'synthesizer' | 'voiceActivity' | 'missing' | 'reason'
>;

/** What answers where a deployment names nothing, why it does, and what would do better. */
export function roleUses(engines: Used): readonly RoleUse[] {
  const use = (role: 'recognizer' | 'languageModel' | 'synthesizer'): RoleUse => ({
    role,
    engine: engines[role]()?.name ?? null,
    why: whyOf(engines.reason(role), engines.missing(role)),
  });
  return [
    use('recognizer'),
    use('languageModel'),
    use('synthesizer'),
    { role: 'voiceActivity', engine: engines.voiceActivity.name, why: null },
  ];
}

function whyOf(reason: string | undefined, missing: Missing | undefined): string | null {
  if (missing) return toNotice(missing);
  return reason === undefined ? null : toSentence(reason);
}

/** Reasons are told as ends of sentences. */
function toSentence(reason: string): string {
  return `${reason.charAt(0).toUpperCase()}${reason.slice(1)}.`;
}
