import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { Clock } from '../../util/clock.ts';
import type { AudioFiles } from './audio-files.ts';
import type { InFlight } from './in-flight.ts';
import type { AudioReply, ReplyStore, StoredAudio } from './reply-store.ts';
import type { Retention } from './retention.ts';
import { transaction } from './transaction.ts';

export interface SqliteReplyStoreOptions {
  readonly database: DatabaseSync;
  readonly files: AudioFiles;
  readonly retention: Retention;
  readonly inFlight: InFlight;
  readonly clock: Clock;
}

interface ReplyRow {
  readonly transcript: string;
  readonly format: string;
  readonly expires_at: number;
  readonly file: string | null;
  readonly file_bytes: number;
}

export class SqliteReplyStore implements ReplyStore {
  readonly #options: SqliteReplyStoreOptions;
  readonly #find: StatementSync;
  readonly #remove: StatementSync;
  readonly #insert: StatementSync;

  constructor(options: SqliteReplyStoreOptions) {
    const { database } = options;
    this.#options = options;
    this.#find = database.prepare(
      'SELECT transcript, format, expires_at, file, file_bytes FROM reply WHERE owner = ? AND id = ? AND expires_at > ?',
    );
    this.#remove = database.prepare('DELETE FROM reply WHERE owner = ? AND id = ? RETURNING file');
    this.#insert = database.prepare(`
      INSERT INTO reply (id, owner, transcript, format, expires_at, stored_at, file, file_bytes, bytes)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`);
  }

  async saveAudio(reply: AudioReply): Promise<void> {
    await this.#options.inFlight.join(this.#save(reply));
  }

  async findAudio(id: string, owner: string): Promise<StoredAudio | undefined> {
    const row = this.#row(id, owner);
    return row && { id, owner, transcript: row.transcript, format: row.format, expiresAt: row.expires_at };
  }

  async readAudio(id: string, owner: string): Promise<Uint8Array | undefined> {
    const row = this.#row(id, owner);
    return row?.file ? await this.#options.files.read(row.file, row.file_bytes) : undefined;
  }

  async #save(reply: AudioReply): Promise<void> {
    const { files, retention } = this.#options;
    const file = reply.audio ? await files.write(reply.audio) : null;
    let replaced: string | undefined;
    try {
      replaced = this.#note(reply, file);
    } catch (error) {
      if (file !== null) await files.remove(file);
      throw error;
    }
    if (replaced !== undefined) await files.remove(replaced);
    await retention.makeRoom();
  }

  /** Returns the file of the reply whose place this one takes. */
  #note(reply: AudioReply, file: string | null): string | undefined {
    const { id, owner, transcript, format, expiresAt } = reply;
    const fileBytes = reply.audio?.length ?? 0;
    const bytes = fileBytes + Buffer.byteLength(transcript);
    return transaction(this.#options.database, () => {
      const replaced = this.#remove.get(owner, id)?.['file'];
      this.#insert.run(id, owner, transcript, format, expiresAt, this.#now(), file, fileBytes, bytes);
      return typeof replaced === 'string' ? replaced : undefined;
    });
  }

  #row(id: string, owner: string): ReplyRow | undefined {
    // The table is STRICT, so that its columns have the types they were declared with.
    return this.#find.get(owner, id, this.#now()) as ReplyRow | undefined;
  }

  #now(): number {
    return Math.floor(this.#options.clock.now() / 1000);
  }
}
