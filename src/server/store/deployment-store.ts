/** A deployment that was created, changed or removed while a server ran. */
export interface StoredDeployment {
  readonly name: string;
  /** `standard` for one that came with the server and was changed. */
  readonly origin: 'standard' | 'created';
  /** As JSON can hold it; undefined for a standard one that was removed. */
  readonly settings: unknown;
  /** Another one with each change. */
  readonly revision: string;
  /** Ids of principals; times are milliseconds since the Unix epoch. */
  readonly createdAt: number;
  readonly createdBy: string;
  readonly modifiedAt: number;
  readonly modifiedBy: string;
}

/** The one account that a server has. */
export interface StoredAccount {
  /** As JSON can hold it; undefined for an account that was removed. */
  readonly settings: unknown;
  readonly revision: string;
  readonly createdAt: number;
  readonly createdBy: string;
  readonly modifiedAt: number;
  readonly modifiedBy: string;
}

/** Keeps what was done to deployments. Each call is one transaction, and is on disk when it returns. */
export interface DeploymentStore {
  /** In the order of their creation. */
  list(): readonly StoredDeployment[];
  /** Takes the place of one of the same name. */
  save(deployment: StoredDeployment): void;
  /** Forgets that there was one of that name. */
  forget(name: string): void;
  account(): StoredAccount;
  saveAccount(account: StoredAccount): void;
  /** Saves the account and forgets everything that was done to deployments. */
  beginAgain(account: StoredAccount): void;
}
