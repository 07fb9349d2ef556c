import { ApiError, EngineError } from '../../util/errors.ts';
import { excerpt } from '../../util/excerpt.ts';
import type { DeploymentAnswers } from '../../wire/management/deployment-object.ts';
import type { DeploymentSettings, EngineNames } from '../../wire/management/deployment-settings.ts';
import { VOICES } from '../../wire/voices.ts';
import { EVERY_ROLE, rolesOf } from '../compose.ts';
import { CATALOG_ENGINES, ENGINE_ROLES, type EngineRole, ROLE_NOUNS } from '../config/index.ts';
import { nearestName } from '../config/nearest-name.ts';
import type { Engines } from '../engines/engines.ts';
import { purposeOf } from '../standard-deployments.ts';

const ENGINES = 'properties.samtal.engines';

/**
 * Makes ready what `names` name.
 * @throws {ApiError} for a name that is no such engine of this server, or one that can not run on this machine.
 */
export async function startEngines(names: EngineNames, engines: Engines): Promise<void> {
  for (const role of EVERY_ROLE) {
    const name = names[role];
    if (name === undefined) continue;
    refuseUnknown(role, name, engines);
    try {
      await engines.start(name);
    } catch (error) {
      if (!(error instanceof EngineError)) throw error;
      const message = `The engine '${name}' can not work on this machine. ${error.message}`;
      throw new ApiError('unsupported-value', message, { param: `${ENGINES}.${role}`, cause: error });
    }
  }
}

function refuseUnknown(role: EngineRole, name: string, { configs }: Engines): void {
  const types: readonly string[] = ENGINE_ROLES[role];
  const fitting = Object.entries(configs).flatMap(([known, { type }]) => (types.includes(type) ? known : []));
  if (fitting.includes(name)) return;
  // Opening it tells how to get it.
  if (Object.hasOwn(CATALOG_ENGINES, name) && types.includes(CATALOG_ENGINES[name]?.type ?? '')) return;
  const nearest = nearestName(name, fitting);
  const advice = nearest === undefined ? '' : `Did you mean '${nearest}'? `;
  throw new ApiError(
    'invalid-value',
    `'${excerpt(name)}' is no ${ROLE_NOUNS[role]} of this server. ${advice}There are: ${quoted(fitting)}.`,
    { param: `${ENGINES}.${role}` },
  );
}

/** Models of the services that nothing here could stand for. */
const NOT_SPOKEN = /^(text-embedding|dall-e|gpt-image|sora)/;

/**
 * @throws {ApiError} for settings that contradict each other, which `answers` is what would become of.
 */
export function refuseImpossible(
  { properties: { model, samtal } }: DeploymentSettings,
  answers: DeploymentAnswers,
): void {
  if (NOT_SPOKEN.test(model.name)) {
    throw new ApiError(
      'unsupported-value',
      `Samtal has nothing that could stand for the model '${model.name}': it hears, thinks and speaks.`,
      { param: 'properties.model.name' },
    );
  }
  refuseIdle(model.name, samtal.engines);
  refuseTwoMinds(samtal.engines);
  refuseVoices(samtal, answers);
}

/** An engine that the model has no use for would be ignored in silence. */
function refuseIdle(model: string, names: EngineNames): void {
  const purpose = purposeOf(model);
  for (const part of ['hears', 'thinks', 'speaks'] as const) {
    const role = rolesOf(part, names).find((one) => names[one] !== undefined);
    if (purpose[part] || role === undefined) continue;
    const only = purpose.hears ? 'transcribes' : 'speaks';
    throw new ApiError(
      'unsupported-value',
      `A deployment of the model '${model}' only ${only} and has no use for a ${ROLE_NOUNS[role]}. Leave '${names[role]}' out, or give the deployment a model for conversation, such as gpt-4o-audio-preview.`,
      { param: `${ENGINES}.${role}` },
    );
  }
}

function refuseTwoMinds({ languageModel, speechModel }: EngineNames): void {
  if (languageModel === undefined || speechModel === undefined) return;
  throw new ApiError(
    'unsupported-value',
    `A deployment thinks with a language model or with a speech model, not with both. Leave '${languageModel}' or '${speechModel}' out.`,
    { param: `${ENGINES}.speechModel` },
  );
}

function refuseVoices(
  { defaults: { voice }, voices: own = {} }: DeploymentSettings['properties']['samtal'],
  { speaks }: DeploymentAnswers,
): void {
  const known: readonly string[] = [...new Set([...VOICES, ...(speaks?.voices ?? [])])];
  const refuse = (wrong: string, param: string): never => {
    const message = `There is no voice '${excerpt(wrong)}'. There are: ${quoted(known)}.`;
    throw new ApiError('invalid-value', message, { param: `properties.samtal.${param}` });
  };
  if (voice !== undefined && !known.includes(voice)) refuse(voice, 'defaults.voice');
  // The own ones are among those that the deployment answers to, and none of them can stand for another.
  const spoken = known.filter((name) => !Object.hasOwn(own, name));
  for (const [name, meant] of Object.entries(own))
    if (!spoken.includes(meant)) refuse(meant, `voices.${name}`);
}

function quoted(names: readonly string[]): string {
  return names.length === 0 ? 'none' : names.map((name) => `'${name}'`).join(', ');
}
