import { DatabaseSync } from 'node:sqlite';
import { expect, test } from 'vitest';
import { migrate } from './schema.ts';

const FIRST = 'CREATE TABLE note (text TEXT) STRICT';
const SECOND = 'ALTER TABLE note ADD COLUMN colour TEXT';

function columnsOf(database: DatabaseSync): unknown[] {
  return database
    .prepare("SELECT name FROM pragma_table_info('note')")
    .all()
    .map((row) => row['name']);
}

test('brings an earlier version up to date and keeps what it holds', () => {
  using database = new DatabaseSync(':memory:');
  migrate(database, [FIRST]);
  database.exec("INSERT INTO note VALUES ('hej')");
  migrate(database, [FIRST, SECOND]);
  expect({ ...database.prepare('SELECT * FROM note').get() }).toEqual({ text: 'hej', colour: null });
});

test('does nothing to a database that is up to date', () => {
  using database = new DatabaseSync(':memory:');
  migrate(database, [FIRST]);
  migrate(database, [FIRST]);
  expect(columnsOf(database)).toEqual(['text']);
});

test('migrates in one step or not at all', () => {
  using database = new DatabaseSync(':memory:');
  migrate(database, [FIRST]);
  expect(() => migrate(database, [FIRST, SECOND, 'NOT SQL'])).toThrow('syntax error');
  expect(columnsOf(database)).toEqual(['text']);
});

test('counts the bytes of what is added and removed', () => {
  using database = new DatabaseSync(':memory:');
  migrate(database);
  const columns = "'anna', 'Hej', 'wav', 1, 1, NULL, 0";
  const insert =
    'INSERT INTO reply (id, owner, transcript, format, expires_at, stored_at, file, file_bytes, bytes)';
  database.exec(`${insert} VALUES ('a', ${columns}, 30), ('b', ${columns}, 12)`);
  expect(database.prepare('SELECT bytes FROM usage').get()?.['bytes']).toBe(42);
  database.exec("DELETE FROM reply WHERE id = 'a'");
  expect(database.prepare('SELECT bytes FROM usage').get()?.['bytes']).toBe(12);
});
