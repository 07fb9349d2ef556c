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
 * Every deployment: those of the box, unless they were changed or removed; those of the configuration, which take
 * the place of others; those that were created.
 */
export function deploymentSources(layers: Layers): readonly DeploymentSource[] {
  const { config, stored, accountCreatedAt, startedAt } = layers;
  const sources = new Map<string, DeploymentSource>();
  for (const name of STANDARD_DEPLOYMENTS) {
    if (!stored.has(name)) sources.set(name, standardSource(name, accountCreatedAt));
  }
  for (const deployment of stored.values()) {
    if (deployment.settings !== undefined) sources.set(deployment.name, storedSource(deployment));
  }
  for (const [name, settings] of Object.entries(config.deployments)) {
    sources.set(name, configuredSource(name, settings, startedAt));
  }
  return [...sources.values()];
}

function standardSource(name: string, createdAt: number): DeploymentSource {
  const history = { createdAt, createdBy: 'samtal', modifiedAt: createdAt, modifiedBy: 'samtal' };
  const settings = settingsOf(name, { engines: {}, defaults: {} });
  return { name, origin: 'standard', revision: '', settings, purpose: purposeOf(name), history };
}

function configuredSource(name: string, settings: DeploymentConfig, startedAt: number): DeploymentSource {
  const { model = name, defaults, ...engines } = settings;
  const by = 'configuration';
  return {
    name,
    origin: 'configuration',
    revision: '',
    settings: settingsOf(model, { engines, defaults }),
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

/** The deployment that was stored. */
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
