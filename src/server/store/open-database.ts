import { closeSync, openSync, renameSync, rmSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { migrate } from './schema.ts';

// https://www.sqlite.org/rescode.html: the low byte is the primary code.
const BUSY = 5;
const CORRUPT = 11;
const NOT_A_DATABASE = 26;

export interface OpenDatabaseOptions {
  readonly file: string;
  /** Told when a damaged database was moved aside, and to where. */
  readonly onNotice: (message: string) => void;
  /** Milliseconds since the Unix epoch; names what is moved aside. */
  readonly now: number;
}

/**
 * The database of one process at a time: the lock goes with the process, however it ends. A damaged one is
 * moved aside, as a server without its past is better than none.
 * @throws when another process has it open, or a later version of the program wrote it.
 */
export function openDatabase(options: OpenDatabaseOptions): DatabaseSync {
  try {
    return open(options.file);
  } catch (error) {
    const code = primaryCode(error);
    if (code === BUSY) {
      throw new Error(
        `The store '${options.file}' is in use by another process. Stop that one, or give this one another directory.`,
        { cause: error },
      );
    }
    if (code !== CORRUPT && code !== NOT_A_DATABASE) throw error;
  }
  const aside = `${options.file}.damaged-${options.now}`;
  renameSync(options.file, aside);
  for (const suffix of ['-wal', '-shm']) rmSync(options.file + suffix, { force: true });
  options.onNotice(`The store '${options.file}' is damaged. It was moved to '${aside}' and a new one begun.`);
  return open(options.file);
}

function open(file: string): DatabaseSync {
  // SQLite would create it readable to everybody.
  closeSync(openSync(file, 'a', 0o600));
  const database = new DatabaseSync(file, { timeout: 0 });
  try {
    database.exec('PRAGMA locking_mode = EXCLUSIVE');
    database.exec('PRAGMA journal_mode = WAL');
    database.exec('PRAGMA synchronous = NORMAL');
    // What a client deletes is overwritten rather than left in free pages.
    database.exec('PRAGMA secure_delete = ON');
    assertSound(database);
    migrate(database);
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
}

function assertSound(database: DatabaseSync): void {
  const verdict = database.prepare('PRAGMA quick_check(1)').get()?.['quick_check'];
  if (verdict !== 'ok') throw Object.assign(new Error(String(verdict)), { errcode: CORRUPT });
}

function primaryCode(error: unknown): number | undefined {
  if (!(error instanceof Error) || !('errcode' in error)) return undefined;
  return typeof error.errcode === 'number' ? error.errcode & 0xff : undefined;
}
