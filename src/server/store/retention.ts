import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { AudioFiles } from './audio-files.ts';

export interface RetentionOptions {
  readonly database: DatabaseSync;
  readonly files: AudioFiles;
  /** Of audio, text and JSON together. */
  readonly maxBytes: number;
}

/** Removals in one turn of the loop: about ten milliseconds. */
const BATCH = 128;

interface Oldest {
  readonly sequence: number;
  readonly stored_at: number;
}

/** Removes what has expired, and the oldest when there is too much. Rows go before their files, never after. */
export class Retention {
  readonly #options: RetentionOptions;
  readonly #usage: StatementSync;
  readonly #oldestReply: StatementSync;
  readonly #oldestCompletion: StatementSync;
  readonly #removeReply: StatementSync;
  readonly #removeCompletion: StatementSync;
  readonly #removeExpired: StatementSync;
  readonly #removeOld: StatementSync;

  constructor(options: RetentionOptions) {
    const { database } = options;
    this.#options = options;
    this.#usage = database.prepare('SELECT bytes FROM usage');
    this.#oldestReply = database.prepare('SELECT sequence, stored_at FROM reply ORDER BY sequence LIMIT 1');
    this.#oldestCompletion = database.prepare(
      'SELECT sequence, stored_at FROM completion ORDER BY sequence LIMIT 1',
    );
    this.#removeReply = database.prepare('DELETE FROM reply WHERE sequence = ? RETURNING file');
    this.#removeCompletion = database.prepare('DELETE FROM completion WHERE sequence = ?');
    this.#removeExpired = database.prepare(`
      DELETE FROM reply WHERE sequence IN
        (SELECT sequence FROM reply WHERE expires_at <= ? ORDER BY expires_at LIMIT ${BATCH}) RETURNING file`);
    this.#removeOld = database.prepare(`
      DELETE FROM completion WHERE sequence IN
        (SELECT sequence FROM completion WHERE stored_at <= ? ORDER BY stored_at LIMIT ${BATCH})`);
  }

  /** Both in Unix seconds. Does one batch, and tells whether there is more to remove. */
  async sweep(now: number, completionsStoredBy: number): Promise<boolean> {
    const replies = this.#removeExpired.all(now);
    const completions = Number(this.#removeOld.run(completionsStoredBy).changes);
    await this.#removeFiles(replies.map((row) => row['file']));
    return replies.length === BATCH || completions === BATCH;
  }

  async makeRoom(): Promise<void> {
    while (this.#isTooMuch()) {
      const files: unknown[] = [];
      for (let count = 0; count < BATCH && this.#isTooMuch(); count += 1) files.push(this.#dropOldest());
      await this.#removeFiles(files);
      await nextTurn();
    }
  }

  #isTooMuch(): boolean {
    return Number(this.#usage.get()?.['bytes']) > this.#options.maxBytes;
  }

  #dropOldest(): unknown {
    // The tables are STRICT, so that their columns have the types they were declared with.
    const reply = this.#oldestReply.get() as Oldest | undefined;
    const completion = this.#oldestCompletion.get() as Oldest | undefined;
    if (reply && (!completion || reply.stored_at <= completion.stored_at)) {
      return this.#removeReply.get(reply.sequence)?.['file'];
    }
    if (completion) this.#removeCompletion.run(completion.sequence);
    return undefined;
  }

  async #removeFiles(names: readonly unknown[]): Promise<void> {
    for (const name of names) if (typeof name === 'string') await this.#options.files.remove(name);
  }
}
