import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { type Clock, systemClock } from '../../util/clock.ts';
import { AudioFiles } from './audio-files.ts';
import type { CompletionStore } from './completion-store.ts';
import type { DeploymentStore } from './deployment-store.ts';
import { InFlight } from './in-flight.ts';
import { openDatabase } from './open-database.ts';
import type { ReplyStore } from './reply-store.ts';
import { Retention } from './retention.ts';
import { SqliteCompletionStore } from './sqlite-completion-store.ts';
import { SqliteDeploymentStore } from './sqlite-deployment-store.ts';
import { SqliteReplyStore } from './sqlite-reply-store.ts';
import { Sweeper } from './sweeper.ts';

export interface StoreOptions {
  readonly directory: string;
  /** Of audio, text and JSON together; the oldest go first. */
  readonly maxBytes: number;
  /** How long a stored completion is kept; 30 days unless told. */
  readonly keepCompletionsSeconds?: number;
  readonly sweepSeconds?: number;
  readonly clock?: Clock;
  /** Told what an operator should know of and the store has dealt with. */
  readonly onNotice?: (message: string) => void;
}

/** Disposing waits for writes that have begun. */
export interface Store extends AsyncDisposable {
  readonly replies: ReplyStore;
  readonly completions: CompletionStore;
  readonly deployments: DeploymentStore;
}

/**
 * The store of one process: `store.sqlite` and a folder of audio files, readable to its user alone.
 * @throws when another process uses the directory, or a later version of the program has written there.
 */
export async function openStore(options: StoreOptions): Promise<Store> {
  const { directory, clock = systemClock, onNotice = () => {} } = options;
  await mkdir(directory, { recursive: true, mode: 0o700 });
  const database = openDatabase({ file: join(directory, 'store.sqlite'), onNotice, now: clock.now() });
  try {
    const files = new AudioFiles(join(directory, 'audio'));
    await files.removeAllBut(knownFiles(database));
    const inFlight = new InFlight();
    const retention = new Retention({ database, files, maxBytes: options.maxBytes });
    const sweeper = new Sweeper({
      retention,
      inFlight,
      clock,
      onNotice,
      everySeconds: options.sweepSeconds ?? 60,
      keepCompletionsSeconds: options.keepCompletionsSeconds ?? 30 * 24 * 3600,
    });
    await retention.makeRoom();
    await sweeper.start();
    return {
      replies: new SqliteReplyStore({ database, files, retention, inFlight, clock }),
      completions: new SqliteCompletionStore({ database, retention, inFlight, clock }),
      deployments: new SqliteDeploymentStore(database),
      async [Symbol.asyncDispose]() {
        sweeper.stop();
        await inFlight.idle();
        if (database.isOpen) database.close();
      },
    };
  } catch (error) {
    database.close();
    throw error;
  }
}

function knownFiles(database: DatabaseSync): Set<string> {
  const rows = database.prepare('SELECT file FROM reply WHERE file IS NOT NULL').all();
  return new Set(rows.map((row) => String(row['file'])));
}
