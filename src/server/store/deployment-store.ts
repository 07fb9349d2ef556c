import type { ResourceHistory } from '../../wire/management/deployment-object.ts';

/** What was written of a resource of the management plane. */
export interface StoredResource extends ResourceHistory {
  /** As JSON can hold it; undefined for one that was removed. */
  readonly settings: unknown;
  /** Another one with each change. */
  readonly revision: string;
}

/** A deployment that was created or changed while a server ran, or a standard one that was removed. */
export interface StoredDeployment extends StoredResource {
  readonly name: string;
  /** `standard` for one that came with the server and was changed. */
  readonly origin: 'standard' | 'created';
}

/** Keeps what was done to deployments. Each call is one transaction, and is on disk when it returns. */
export interface DeploymentStore {
  /** In the order of their creation. */
  list(): readonly StoredDeployment[];
  /** Takes the place of one of the same name. */
  save(deployment: StoredDeployment): void;
  /** Forgets that there was one of that name. */
  forget(name: string): void;
  /** The one account that a server has. */
  account(): StoredResource;
  saveAccount(account: StoredResource): void;
  /** Saves the account and forgets everything that was done to deployments. */
  beginAgain(account: StoredResource): void;
}
