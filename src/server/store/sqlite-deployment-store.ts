import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { DeploymentStore, StoredDeployment, StoredResource } from './deployment-store.ts';
import { transaction } from './transaction.ts';

interface HistoryRow {
  readonly settings: string | null;
  readonly revision: string;
  readonly created_at: number;
  readonly created_by: string;
  readonly modified_at: number;
  readonly modified_by: string;
}

interface DeploymentRow extends HistoryRow {
  readonly name: string;
  readonly origin: StoredDeployment['origin'];
}

export class SqliteDeploymentStore implements DeploymentStore {
  readonly #database: DatabaseSync;
  readonly #list: StatementSync;
  readonly #save: StatementSync;
  readonly #forget: StatementSync;
  readonly #account: StatementSync;
  readonly #saveAccount: StatementSync;

  constructor(database: DatabaseSync) {
    this.#database = database;
    this.#list = database.prepare('SELECT * FROM deployment ORDER BY created_at, sequence');
    this.#save = database.prepare(`
      INSERT INTO deployment (name, origin, settings, revision, created_at, created_by, modified_at, modified_by)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?)
      ON CONFLICT (name) DO UPDATE SET origin = excluded.origin, settings = excluded.settings,
        revision = excluded.revision, created_at = excluded.created_at, created_by = excluded.created_by,
        modified_at = excluded.modified_at, modified_by = excluded.modified_by`);
    this.#forget = database.prepare('DELETE FROM deployment WHERE name = ?');
    this.#account = database.prepare('SELECT * FROM account');
    this.#saveAccount = database.prepare(`
      UPDATE account SET settings = ?, revision = ?, created_at = ?, created_by = ?, modified_at = ?, modified_by = ?`);
  }

  list(): readonly StoredDeployment[] {
    // The tables are STRICT, so that their columns have the types they were declared with.
    const rows = this.#list.all() as unknown as readonly DeploymentRow[];
    return rows.map((row) => ({ name: row.name, origin: row.origin, ...toHistory(row) }));
  }

  save(deployment: StoredDeployment): void {
    this.#save.run(deployment.name, deployment.origin, ...toColumns(deployment));
  }

  forget(name: string): void {
    this.#forget.run(name);
  }

  account(): StoredResource {
    // The migration that made the table made its one row.
    return toHistory(this.#account.get() as unknown as HistoryRow);
  }

  saveAccount(account: StoredResource): void {
    this.#saveAccount.run(...toColumns(account));
  }

  beginAgain(account: StoredResource): void {
    transaction(this.#database, () => {
      this.#database.exec('DELETE FROM deployment');
      this.saveAccount(account);
    });
  }
}

function toColumns(stored: StoredResource) {
  const { settings, revision, createdAt, createdBy, modifiedAt, modifiedBy } = stored;
  const json = settings === undefined ? null : JSON.stringify(settings);
  return [json, revision, createdAt, createdBy, modifiedAt, modifiedBy] as const;
}

function toHistory(row: HistoryRow): StoredResource {
  return {
    settings: row.settings === null ? undefined : (JSON.parse(row.settings) as unknown),
    revision: row.revision,
    createdAt: row.created_at,
    createdBy: row.created_by,
    modifiedAt: row.modified_at,
    modifiedBy: row.modified_by,
  };
}
