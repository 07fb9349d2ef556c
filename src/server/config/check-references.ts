import { CATALOG_ENGINES } from './catalog-engines.ts';
import { listNames } from './describe-issue.ts';
import {
  BUILT_IN_DETECTORS,
  BUILT_IN_ENGINES,
  ENGINE_ROLES,
  type EngineConfig,
  type EngineRole,
  ROLE_NOUNS,
} from './engine-schema.ts';
import { nearestName } from './nearest-name.ts';
import type { Config } from './schema.ts';

const ROLES: readonly EngineRole[] = [
  'languageModel',
  'recognizer',
  'synthesizer',
  'speechModel',
  'realtime',
];

/** What is wrong with the engines that deployments name: they do not exist, or can not do that work. */
export function checkReferences(config: Config): string[] {
  const engines = { ...BUILT_IN_ENGINES, ...CATALOG_ENGINES, ...config.engines };
  return [...checkDetector(config), ...checkDeployments(config, engines)];
}

function checkDetector({ voiceActivity, engines }: Config): string[] {
  if (voiceActivity === undefined) return [];
  const own = Object.keys(engines).filter((name) => engines[name]?.type === 'silero');
  const known = [...new Set([...BUILT_IN_DETECTORS, ...own])];
  if (known.includes(voiceActivity)) return [];
  const nearest = nearestName(voiceActivity, known);
  const advice = nearest ? `did you mean "${nearest}"?` : `expected ${listNames(known)}`;
  return [`voiceActivity: "${voiceActivity}" is no detector of speech; ${advice}`];
}

function checkDeployments(config: Config, engines: Readonly<Record<string, EngineConfig>>): string[] {
  return Object.entries(config.deployments).flatMap(([name, deployment]) => {
    const faults = ROLES.flatMap((role) => {
      const fault = checkReference(role, deployment[role], engines);
      return fault === undefined ? [] : [`deployments.${name}.${role}: ${fault}`];
    });
    if (deployment.languageModel === undefined || deployment.speechModel === undefined) return faults;
    return [...faults, `deployments.${name}: languageModel and speechModel both think; name one of them`];
  });
}

function checkReference(
  role: EngineRole,
  name: string | undefined,
  engines: Readonly<Record<string, EngineConfig>>,
): string | undefined {
  if (name === undefined) return undefined;
  const fitting = Object.keys(engines).filter((engine) => canBe(role, engines[engine]));
  // The catalogue is long, and `samtal pull` lists it.
  const listed = fitting.filter((engine) => !Object.hasOwn(CATALOG_ENGINES, engine));
  const advice = `expected ${listed.length === 0 ? 'an engine of "engines"' : listNames(listed)}`;
  if (!Object.hasOwn(engines, name)) {
    const nearest = nearestName(name, fitting);
    return `there is no engine "${name}"; ${nearest ? `did you mean "${nearest}"?` : advice}`;
  }
  if (canBe(role, engines[name])) return undefined;
  return `the engine "${name}" is of type "${engines[name]?.type}", which is no ${ROLE_NOUNS[role]}; ${advice}`;
}

function canBe(role: EngineRole, engine: EngineConfig | undefined): boolean {
  const types: readonly string[] = ENGINE_ROLES[role];
  return engine !== undefined && types.includes(engine.type);
}
