import type { DatabaseSync } from 'node:sqlite';
import { transaction } from './transaction.ts';

/**
 * Each entry brings the schema from the version of its position to the next one, and never changes again.
 * `usage.bytes` is kept by triggers, so that it is right after a crash too.
 */
const MIGRATIONS: readonly string[] = [
  `
  CREATE TABLE usage (bytes INTEGER NOT NULL) STRICT;
  INSERT INTO usage VALUES (0);

  CREATE TABLE reply (
    sequence INTEGER PRIMARY KEY,
    id TEXT NOT NULL,
    owner TEXT NOT NULL,
    transcript TEXT NOT NULL,
    format TEXT NOT NULL,
    expires_at INTEGER NOT NULL,
    stored_at INTEGER NOT NULL,
    file TEXT,
    file_bytes INTEGER NOT NULL,
    bytes INTEGER NOT NULL,
    UNIQUE (owner, id)
  ) STRICT;
  CREATE INDEX reply_by_expiry ON reply (expires_at);
  CREATE TRIGGER reply_added AFTER INSERT ON reply BEGIN UPDATE usage SET bytes = bytes + NEW.bytes; END;
  CREATE TRIGGER reply_removed AFTER DELETE ON reply BEGIN UPDATE usage SET bytes = bytes - OLD.bytes; END;

  CREATE TABLE completion (
    sequence INTEGER PRIMARY KEY,
    id TEXT NOT NULL,
    owner TEXT NOT NULL,
    created INTEGER NOT NULL,
    model TEXT NOT NULL,
    metadata TEXT NOT NULL,
    messages TEXT NOT NULL,
    response TEXT NOT NULL,
    stored_at INTEGER NOT NULL,
    bytes INTEGER NOT NULL,
    UNIQUE (owner, id)
  ) STRICT;
  CREATE INDEX completion_by_creation ON completion (owner, created, sequence);
  CREATE INDEX completion_by_age ON completion (stored_at);
  CREATE TRIGGER completion_added AFTER INSERT ON completion BEGIN UPDATE usage SET bytes = bytes + NEW.bytes; END;
  CREATE TRIGGER completion_removed AFTER DELETE ON completion BEGIN UPDATE usage SET bytes = bytes - OLD.bytes; END;
  `,
  `
  CREATE TABLE deployment (
    sequence INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    origin TEXT NOT NULL,
    settings TEXT,
    revision TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    created_by TEXT NOT NULL,
    modified_at INTEGER NOT NULL,
    modified_by TEXT NOT NULL
  ) STRICT;

  CREATE TABLE account (
    settings TEXT,
    revision TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    created_by TEXT NOT NULL,
    modified_at INTEGER NOT NULL,
    modified_by TEXT NOT NULL
  ) STRICT;
  INSERT INTO account
    SELECT '{}', lower(hex(randomblob(16))), now, 'samtal', now, 'samtal'
    FROM (SELECT CAST(unixepoch('subsec') * 1000 AS INTEGER) AS now);
  `,
];

/**
 * Brings a database of any earlier version up to date, in one step or not at all.
 * @throws when the database is of a later version.
 */
export function migrate(database: DatabaseSync, migrations: readonly string[] = MIGRATIONS): void {
  const version = Number(database.prepare('PRAGMA user_version').get()?.['user_version']);
  if (version > migrations.length) {
    throw new Error(
      `The store has schema version ${version} and this program knows ${migrations.length}. ` +
        'Run a later version of the program, or give this one another directory.',
    );
  }
  transaction(database, () => {
    for (const migration of migrations.slice(version)) database.exec(migration);
    database.exec(`PRAGMA user_version = ${migrations.length}`);
  });
}
