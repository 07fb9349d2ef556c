import type { Clock } from '../../util/clock.ts';
import { ApiError } from '../../util/errors.ts';
import { type AccountSettings, decodeAccount, type ManagedAccount } from '../../wire/management/account.ts';
import type { DeploymentStore, StoredResource } from '../store/deployment-store.ts';
import { accountGone } from './account-gone.ts';
import { refuseUnmet } from './conditions.ts';
import type { Change, DeploymentRegistry } from './deployment-registry.ts';
import { nextVersion } from './next-version.ts';

export interface AccountOptions {
  readonly registry: DeploymentRegistry;
  readonly store: DeploymentStore;
  readonly clock: Clock;
}

/** How many deployments a message names. */
const MOST_NAMED = 5;

/** The account that a server is, in the words of the management plane. There is one, and it can be gone. */
export class Account {
  readonly #options: AccountOptions;

  constructor(options: AccountOptions) {
    this.#options = options;
  }

  /** @throws {ApiError} `resource-not-found` when it was deleted. */
  get(): ManagedAccount {
    const account = this.#find();
    if (account) return account;
    throw accountGone();
  }

  /** Creates the account if it is gone, with the standard deployments, or gives it these settings. */
  put(
    settings: AccountSettings,
    { caller, conditions }: Change,
  ): { readonly account: ManagedAccount; readonly isNew: boolean } {
    const before = this.#find();
    refuseUnmet(conditions, before?.etag);
    const stored = { ...this.#nextVersion(caller, before), settings };
    if (before) this.#options.store.saveAccount(stored);
    else this.#beginAgain(stored);
    return { account: this.get(), isNew: before === undefined };
  }

  /**
   * False when it is gone already.
   * @throws {ApiError} `resource-not-empty` while it has deployments.
   */
  remove({ caller, conditions }: Change): boolean {
    const before = this.#find();
    refuseUnmet(conditions, before?.etag);
    if (!before) return false;
    this.#refuseNotEmpty();
    this.#options.store.saveAccount({ ...this.#nextVersion(caller, before), settings: undefined });
    return true;
  }

  #find(): ManagedAccount | undefined {
    const { settings, revision, ...history } = this.#options.store.account();
    if (settings === undefined) return undefined;
    const decoded = decodeAccount(settings);
    if (!decoded.ok) throw new Error('The settings of the account are not as this program writes them.');
    return { etag: `"${revision}"`, settings: decoded.value, history };
  }

  #nextVersion(caller: string, before: ManagedAccount | undefined): Omit<StoredResource, 'settings'> {
    return nextVersion({ caller, history: before?.history, clock: this.#options.clock });
  }

  #beginAgain(stored: StoredResource): void {
    this.#options.store.beginAgain(stored);
    this.#options.registry.reload();
  }

  #refuseNotEmpty(): void {
    const deployments = this.#options.registry.list();
    if (deployments.length === 0) return;
    const names = deployments.slice(0, MOST_NAMED).map(({ name }) => name);
    const rest = deployments.length > names.length ? ` and ${deployments.length - names.length} more` : '';
    const configured = deployments.some(({ origin }) => origin === 'configuration');
    const advice = configured ? ' Those of the configuration file are deleted there.' : '';
    throw new ApiError(
      'resource-not-empty',
      `Cannot delete the account while it has deployments: ${names.join(', ')}${rest}. Delete them first.${advice}`,
    );
  }
}
