import { ENGINE_ROLES, type EngineConfig, type EngineRole } from '../config/index.ts';
import type { Missing } from './missing.ts';
import type { OpenedEngine } from './opened-engine.ts';

/** An engine that deployments can name, and what it can do. */
export interface KnownEngine {
  readonly name: string;
  readonly type: EngineConfig['type'];
  readonly roles: readonly EngineRole[];
  /** BCP 47; empty for an engine that does not say, or takes any. */
  readonly languages: readonly string[];
  readonly voices: readonly string[];
  /** What it does in deployments that do not name another. */
  readonly isDefaultFor: readonly EngineRole[];
  /** Why it can not be used on this machine; null when it can. */
  readonly missing: Missing | null;
}

const ROLES = [
  'languageModel',
  'recognizer',
  'synthesizer',
  'speechModel',
  'realtime',
] as const satisfies readonly EngineRole[];

export function describeKnown(known: {
  readonly name: string;
  readonly type: EngineConfig['type'];
  readonly missing: Missing | undefined;
  readonly engine: OpenedEngine | undefined;
  readonly defaults: Readonly<Record<EngineRole, OpenedEngine>>;
}): KnownEngine {
  const { name, type, missing, engine, defaults } = known;
  const { recognizer, synthesizer } = engine ?? {};
  const types: Readonly<Record<EngineRole, readonly string[]>> = ENGINE_ROLES;
  return {
    name,
    type,
    roles: ROLES.filter((role) => types[role].includes(type)),
    languages: recognizer?.languages ?? synthesizer?.languages ?? [],
    voices: synthesizer?.voices ?? [],
    isDefaultFor: ROLES.filter((role) => engine?.[role] && engine[role] === defaults[role][role]),
    missing: missing ?? null,
  };
}
