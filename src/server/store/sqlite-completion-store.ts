import type { DatabaseSync, SQLInputValue, StatementSync } from 'node:sqlite';
import type { Clock } from '../../util/clock.ts';
import { ApiError } from '../../util/errors.ts';
import type {
  CompletionQuery,
  CompletionStore,
  Page,
  PageRequest,
  StoredCompletion,
  StoredMessage,
} from './completion-store.ts';
import type { InFlight } from './in-flight.ts';
import type { Retention } from './retention.ts';
import { withoutInputAudio } from './without-input-audio.ts';

export interface SqliteCompletionStoreOptions {
  readonly database: DatabaseSync;
  readonly retention: Retention;
  readonly inFlight: InFlight;
  readonly clock: Clock;
}

interface CompletionRow {
  readonly sequence: number;
  readonly id: string;
  readonly owner: string;
  readonly created: number;
  readonly model: string;
  readonly metadata: string;
  readonly messages: string;
  readonly response: string;
}

export class SqliteCompletionStore implements CompletionStore {
  readonly #options: SqliteCompletionStoreOptions;
  readonly #find: StatementSync;
  readonly #insert: StatementSync;
  readonly #update: StatementSync;
  readonly #remove: StatementSync;

  constructor(options: SqliteCompletionStoreOptions) {
    const { database } = options;
    this.#options = options;
    this.#find = database.prepare('SELECT * FROM completion WHERE owner = ? AND id = ?');
    this.#insert = database.prepare(`
      INSERT INTO completion (id, owner, created, model, metadata, messages, response, stored_at, bytes)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`);
    this.#update = database.prepare('UPDATE completion SET metadata = ? WHERE owner = ? AND id = ?');
    this.#remove = database.prepare('DELETE FROM completion WHERE owner = ? AND id = ?');
  }

  async save(completion: StoredCompletion): Promise<void> {
    const { id, owner, created, model } = completion;
    const metadata = JSON.stringify(completion.metadata);
    const messages = JSON.stringify(withoutInputAudio(completion.messages));
    const response = JSON.stringify(completion.response);
    const bytes = Buffer.byteLength(metadata + messages + response);
    const storedAt = Math.floor(this.#options.clock.now() / 1000);
    this.#insert.run(id, owner, created, model, metadata, messages, response, storedAt, bytes);
    await this.#options.inFlight.join(this.#options.retention.makeRoom());
  }

  async get(id: string, owner: string): Promise<StoredCompletion | undefined> {
    const row = this.#row(id, owner);
    return row && toCompletion(row);
  }

  async list(owner: string, query: CompletionQuery): Promise<Page<StoredCompletion>> {
    const conditions = ['owner = ?'];
    const values: SQLInputValue[] = [owner];
    if (query.model !== undefined) {
      conditions.push('model = ?');
      values.push(query.model);
    }
    for (const [key, value] of Object.entries(query.metadata ?? {})) {
      conditions.push('EXISTS (SELECT 1 FROM json_each(metadata) WHERE key = ? AND value = ?)');
      values.push(key, value);
    }
    if (query.after !== undefined) {
      const last = this.#row(query.after, owner);
      if (!last) throw unknownCursor(query.after);
      conditions.push(`(created, sequence) ${query.order === 'asc' ? '>' : '<'} (?, ?)`);
      values.push(last.created, last.sequence);
    }
    const order = query.order === 'asc' ? 'ASC' : 'DESC';
    const rows = this.#options.database
      .prepare(
        `SELECT * FROM completion WHERE ${conditions.join(' AND ')}
         ORDER BY created ${order}, sequence ${order} LIMIT ?`,
      )
      .all(...values, query.limit + 1) as unknown as CompletionRow[]; // The table is STRICT.
    return { data: rows.slice(0, query.limit).map(toCompletion), hasMore: rows.length > query.limit };
  }

  async update(
    id: string,
    owner: string,
    metadata: Readonly<Record<string, string>>,
  ): Promise<StoredCompletion | undefined> {
    this.#update.run(JSON.stringify(metadata), owner, id);
    return await this.get(id, owner);
  }

  async delete(id: string, owner: string): Promise<boolean> {
    return Number(this.#remove.run(owner, id).changes) > 0;
  }

  async messages(id: string, owner: string, page: PageRequest): Promise<Page<StoredMessage> | undefined> {
    const completion = await this.get(id, owner);
    if (!completion) return undefined;
    const messages = completion.messages.map((message, index) => ({ id: `${id}-${index}`, message }));
    if (page.order === 'desc') messages.reverse();
    const last = messages.findIndex((message) => message.id === page.after);
    if (page.after !== undefined && last < 0) throw unknownCursor(page.after);
    const rest = messages.slice(last + 1);
    return { data: rest.slice(0, page.limit), hasMore: rest.length > page.limit };
  }

  #row(id: string, owner: string): CompletionRow | undefined {
    // The table is STRICT, so that its columns have the types they were declared with.
    return this.#find.get(owner, id) as CompletionRow | undefined;
  }
}

function toCompletion(row: CompletionRow): StoredCompletion {
  const { id, owner, created, model } = row;
  return {
    id,
    owner,
    created,
    model,
    metadata: JSON.parse(row.metadata) as Record<string, string>, // As `save` and `update` wrote it.
    messages: JSON.parse(row.messages) as unknown[],
    response: JSON.parse(row.response) as unknown,
  };
}

function unknownCursor(after: string): ApiError {
  return new ApiError('completion-not-found', `There is nothing with the id '${after}' to list after.`, {
    param: 'after',
  });
}
