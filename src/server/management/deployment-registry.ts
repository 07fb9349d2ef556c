import { createHash } from 'node:crypto';
import type { Clock } from '../../util/clock.ts';
import { ApiError, EngineError } from '../../util/errors.ts';
import { excerpt } from '../../util/excerpt.ts';
import type { ManagedDeployment } from '../../wire/management/deployment-object.ts';
import {
  type DeploymentSettings,
  decodePatchedDeployment,
  type EngineNames,
} from '../../wire/management/deployment-settings.ts';
import { composeDeployment, EVERY_ROLE, rolesOf } from '../compose.ts';
import type { Config } from '../config/index.ts';
import { type Deployment, Deployments } from '../deployment.ts';
import type { Engines } from '../engines/engines.ts';
import { STANDARD_DEPLOYMENTS } from '../standard-deployments.ts';
import type { DeploymentStore, StoredDeployment, StoredResource } from '../store/deployment-store.ts';
import { accountGone } from './account-gone.ts';
import { type Conditions, refuseUnmet } from './conditions.ts';
import { type DeploymentSource, deploymentSources, storedSource, toPlan } from './deployment-source.ts';
import { refuseImpossible, startEngines } from './judge-deployment.ts';
import { nextVersion } from './next-version.ts';

export interface DeploymentRegistryOptions {
  readonly config: Config;
  /** What messages call the configuration. */
  readonly configFile: string;
  readonly engines: Engines;
  readonly store: DeploymentStore;
  readonly clock: Clock;
}

/** Who changes something, and under which conditions. */
export interface Change {
  /** The id of a principal. */
  readonly caller: string;
  readonly conditions: Conditions;
}

interface DeploymentRecord extends ManagedDeployment {
  readonly revision: string;
  readonly deployment: Deployment;
}

/** Azure has room for 32 in an account; this is only so that there is an end. */
const MOST_DEPLOYMENTS = 1000;

/**
 * The deployments of a server, which can be created, changed and removed while it runs. What is done to one is read,
 * judged, stored and served in one synchronous step, so that the second of two changes at once is made to the outcome
 * of the first.
 */
export class DeploymentRegistry {
  /** What there is at the moment, for requests to be resolved by. */
  readonly served = new Deployments([]);
  readonly #options: DeploymentRegistryOptions;
  readonly #startedAt: number;
  #stored: ReadonlyMap<string, StoredDeployment> = new Map();
  #records: ReadonlyMap<string, DeploymentRecord> = new Map();

  constructor(options: DeploymentRegistryOptions) {
    this.#options = options;
    this.#startedAt = options.clock.now();
  }

  /** Reads what is stored and serves it. A part whose engine can not be had any more is missing from its deployment. */
  async open(): Promise<void> {
    this.reload();
    await this.#startNamed();
    this.#serve();
  }

  /** Serves what is stored now. */
  reload(): void {
    this.#stored = new Map(this.#options.store.list().map((stored) => [stored.name, stored]));
    this.#serve();
  }

  /** Puts every deployment together anew, of the engines that there are by now. */
  async recompose(): Promise<void> {
    await this.#startNamed();
    this.#records = new Map();
    this.#serve();
  }

  list(): readonly ManagedDeployment[] {
    return [...this.#records.values()];
  }

  find(name: string): ManagedDeployment | undefined {
    return this.#records.get(name);
  }

  /** @throws {ApiError} `deployment-not-found`. */
  get(name: string): ManagedDeployment {
    return this.#require(name);
  }

  /**
   * Creates the deployment, or gives it these settings instead of those that it has.
   * @throws {ApiError} when that is not allowed, not asked for any more, or can not be done.
   */
  async put(
    name: string,
    settings: DeploymentSettings,
    change: Change,
  ): Promise<{ readonly deployment: ManagedDeployment; readonly isNew: boolean }> {
    await startEngines(settings.properties.samtal.engines, this.#options.engines);
    const isNew = !this.#records.has(name);
    return { deployment: this.#write(name, settings, change), isNew };
  }

  /**
   * Changes what `patch` says, and leaves the rest of the deployment as it is (RFC 7396).
   * @throws {ApiError} as `put` does, and when there is no such deployment.
   */
  async patch(name: string, patch: unknown, change: Change): Promise<ManagedDeployment> {
    const before = this.#require(name);
    this.#refuseConfigured(before);
    const wanted = patched(before.settings, patch);
    await startEngines(changedEngines(before.settings, wanted), this.#options.engines);
    return this.#write(name, patched(this.#require(name).settings, patch), change);
  }

  /** False when there is no such deployment. */
  remove(name: string, { caller, conditions }: Change): boolean {
    const record = this.#records.get(name);
    this.#refuseConfigured(record);
    refuseUnmet(conditions, record?.etag);
    if (!record) return false;
    const { store } = this.#options;
    if (!STANDARD_DEPLOYMENTS.includes(name)) {
      store.forget(name);
      this.#stored = new Map([...this.#stored].filter(([other]) => other !== name));
    } else {
      this.#store({ ...this.#nextVersion(caller, record), name, origin: 'standard', settings: undefined });
    }
    this.#serve();
    return true;
  }

  #write(name: string, settings: DeploymentSettings, { caller, conditions }: Change): ManagedDeployment {
    // It may have been deleted while an engine was started.
    if (this.#options.store.account().settings === undefined) throw accountGone();
    const before = this.#records.get(name);
    this.#refuseConfigured(before);
    refuseUnmet(conditions, before?.etag);
    if (!before) this.#refuseMore();
    const origin = before?.origin === 'standard' ? 'standard' : 'created';
    const stored = { ...this.#nextVersion(caller, before), name, origin, settings } as const;
    const { answers } = composeDeployment(toPlan(storedSource(stored)), this.#options.engines);
    refuseImpossible(settings, answers);
    this.#store(stored);
    this.#serve();
    return this.#require(name);
  }

  async #startNamed(): Promise<void> {
    const names = new Set([...this.#records.values()].flatMap(({ settings }) => enginesOf(settings)));
    for (const name of names) await this.#options.engines.start(name).catch(tolerateMissing);
  }

  #require(name: string): DeploymentRecord {
    const record = this.#records.get(name);
    if (record) return record;
    throw new ApiError('deployment-not-found', `There is no deployment '${excerpt(name)}'. PUT creates it.`);
  }

  #refuseConfigured(record: DeploymentRecord | undefined): void {
    if (record?.origin !== 'configuration') return;
    throw new ApiError(
      'conflict',
      `The deployment '${record.name}' stands in ${this.#options.configFile} and can only be changed there; then start the server again.`,
    );
  }

  #refuseMore(): void {
    if (this.#stored.size < MOST_DEPLOYMENTS) return;
    const message = `There are ${MOST_DEPLOYMENTS} deployments already. Delete one that is not needed.`;
    throw new ApiError('conflict', message);
  }

  #nextVersion(caller: string, before: DeploymentRecord | undefined): Omit<StoredResource, 'settings'> {
    return nextVersion({ caller, history: before?.history, clock: this.#options.clock });
  }

  #store(stored: StoredDeployment): void {
    this.#options.store.save(stored);
    this.#stored = new Map([...this.#stored, [stored.name, stored]]);
  }

  #serve(): void {
    const { config, store } = this.#options;
    const sources = deploymentSources({
      config,
      stored: this.#stored,
      accountCreatedAt: store.account().createdAt,
      startedAt: this.#startedAt,
    });
    this.#records = new Map(sources.map((source) => [source.name, this.#toRecord(source)]));
    this.served.replace([...this.#records.values()].map(({ deployment }) => deployment));
  }

  /** The record that there is, unless its deployment has changed, or lacks an engine that may be there by now. */
  #toRecord(source: DeploymentSource): DeploymentRecord {
    const before = this.#records.get(source.name);
    const names = source.settings.properties.samtal.engines;
    const isComplete = before?.missing.every(({ part }) =>
      rolesOf(part, names).every((role) => !names[role]),
    );
    if (before && before.revision === source.revision && isComplete) return before;
    const { deployment, answers, missing } = composeDeployment(toPlan(source), this.#options.engines);
    const { name, origin, revision, settings, history } = source;
    const told = { name, origin, revision, settings, history, answers, missing };
    return { ...told, deployment, etag: etagOf(told) };
  }
}

function etagOf(told: unknown): string {
  return `"${createHash('sha256').update(JSON.stringify(told)).digest('base64url').slice(0, 27)}"`;
}

function patched(settings: DeploymentSettings, patch: unknown): DeploymentSettings {
  const decoded = decodePatchedDeployment(settings, patch);
  if (!decoded.ok) throw decoded.error;
  return decoded.value;
}

/** Those that `after` names and `before` does not: an engine that can not be had any more is no reason to refuse. */
function changedEngines(before: DeploymentSettings, after: DeploymentSettings): EngineNames {
  const [old, wanted] = [before, after].map(({ properties }) => properties.samtal.engines);
  const changed = EVERY_ROLE.filter((role) => wanted?.[role] !== old?.[role]);
  return Object.fromEntries(changed.map((role) => [role, wanted?.[role]]));
}

function enginesOf({ properties }: DeploymentSettings): readonly string[] {
  return Object.values(properties.samtal.engines).filter((name) => name !== undefined);
}

function tolerateMissing(error: unknown): void {
  if (!(error instanceof EngineError)) throw error;
}
