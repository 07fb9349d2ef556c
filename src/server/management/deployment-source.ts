import type { DeploymentOrigin, ResourceHistory } from '../../wire/management/deployment-object.ts';
import type { DeploymentSettings } from '../../wire/management/deployment-settings.ts';
import type { DeploymentPlan } from '../compose.ts';
import type { Config, DeploymentConfig } from '../config/index.ts';
import { CONVERSATION, type Purpose, purposeOf, STANDARD_DEPLOYMENTS } from '../standard-deployments.ts';
import type { StoredDeployment } from '../store/deployment-store.ts';

/** What a deployment is made of, wherever that is written. */
export interface DeploymentSource {
  readonly name: string;
  readonly origin: DeploymentOrigin;
  /** Another one with each change. */
  readonly revision: string;
  readonly settings: DeploymentSettings;
  readonly purpose: Purpose;
  readonly history: ResourceHistory;
}

export interface Layers {
  readonly config: Config;
  /** What was done while a server ran, by name. */
  readonly stored: ReadonlyMap<string, StoredDeployment>;
  /** When the account began, which is when the standard deployments did. */
  readonly accountCreatedAt: number;
  /** When the configuration was read. */
  readonly startedAt: number;
}

/**
 * Every deployment: those of the box as they are now, those of the configuration, which take the place of others of
 * their names, and those that were created, in the order of their creation.
 */
export function deploymentSources(layers: Layers): readonly DeploymentSource[] {
  const { config, stored, accountCreatedAt, startedAt } = layers;
  const standing = STANDARD_DEPLOYMENTS.flatMap((name) => {
    const changed = stored.get(name);
    return changed ? storedSources(changed) : [standardSource(name, accountCreatedAt)];
  });
  const created = [...stored.values()].filter(({ name }) => !STANDARD_DEPLOYMENTS.includes(name));
  const sources = [
    ...standing,
    ...created.toSorted((a, b) => a.createdAt - b.createdAt).flatMap(storedSources),
    ...Object.entries(config.deployments).map(([name, settings]) =>
      configuredSource(name, settings, startedAt),
    ),
  ];
  return [...new Map(sources.map((source) => [source.name, source])).values()];
}

function standardSource(name: string, createdAt: number): DeploymentSource {
  const history = { createdAt, createdBy: 'samtal', modifiedAt: createdAt, modifiedBy: 'samtal' };
  const settings = settingsOf(name, { engines: {}, defaults: {} });
  return { name, origin: 'standard', revision: '', settings, purpose: purposeOf(name), history };
}

function configuredSource(name: string, settings: DeploymentConfig, startedAt: number): DeploymentSource {
  const { model = name, defaults, voices, ...engines } = settings;
  const by = 'configuration';
  return {
    name,
    origin: 'configuration',
    revision: '',
    settings: settingsOf(model, { engines, defaults, ...(voices && { voices }) }),
    // The file says which engines a deployment has, and its model is but a name.
    purpose: CONVERSATION,
    history: { createdAt: startedAt, createdBy: by, modifiedAt: startedAt, modifiedBy: by },
  };
}

function settingsOf(model: string, samtal: DeploymentSettings['properties']['samtal']): DeploymentSettings {
  return {
    sku: { name: 'GlobalStandard', capacity: 1 },
    properties: { model: { format: 'OpenAI', name: model, version: '1' }, samtal },
  };
}

/** None for a deployment that was removed. */
function storedSources(stored: StoredDeployment): readonly DeploymentSource[] {
  return stored.settings === undefined ? [] : [storedSource(stored)];
}

/** A deployment that was stored and not removed. */
export function storedSource({
  name,
  origin,
  revision,
  settings,
  ...history
}: StoredDeployment): DeploymentSource {
  // They were judged before they were stored.
  const judged = settings as DeploymentSettings;
  const purpose = purposeOf(judged.properties.model.name);
  return { name, origin, revision, settings: judged, purpose, history };
}

/** How it is to be put together. */
export function toPlan({ name, settings, purpose, history }: DeploymentSource): DeploymentPlan {
  const { model, samtal } = settings.properties;
  return { name, model: model.name, createdAt: Math.floor(history.createdAt / 1000), purpose, ...samtal };
}
