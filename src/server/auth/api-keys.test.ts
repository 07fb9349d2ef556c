import { createHash } from 'node:crypto';
import { chmod, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import {
  type ApiKey,
  namedKeySchema,
  openDefaultKey,
  openNamedKeys,
  readDefaultKey,
  verifyApiKey,
} from './api-keys.ts';

const KEY = 'k'.repeat(32);
let home: string;

beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'samtal-keys-'));
});

afterEach(async () => await rm(home, { recursive: true }));

async function open(config: object, environment: Record<string, string> = {}): Promise<ApiKey[]> {
  return await openNamedKeys([namedKeySchema.parse(config)], environment);
}

test('the default key is made once, with 256 bits, for its owner alone', async () => {
  const key = await readDefaultKey(join(home, 'new'));
  expect(key).toMatch(/^samtal-[0-9A-Za-z]{43}$/);
  expect(await readDefaultKey(join(home, 'new'))).toBe(key);
  expect((await stat(join(home, 'new', 'api-key'))).mode & 0o777).toBe(0o600);
  expect((await stat(join(home, 'new'))).mode & 0o777).toBe(0o700);
});

test('the default key is accepted, and only its hash is kept', async () => {
  const key = await readDefaultKey(home);
  const stored = await openDefaultKey(home);
  expect(verifyApiKey(key, [stored], 0)).toEqual({
    status: 'valid',
    principal: { id: 'key:default', name: 'default', roles: ['contributor'] },
  });
  expect(Object.keys(stored)).toEqual(['name', 'sha256', 'roles']);
  expect(stored.sha256.toString('hex')).toBe(createHash('sha256').update(key).digest('hex'));
});

test('processes that start at once agree on one default key and leave nothing behind', async () => {
  const keys = await Promise.all(Array.from({ length: 20 }, async () => await readDefaultKey(home)));
  expect(new Set(keys).size).toBe(1);
  expect(await readdir(home)).toEqual(['api-key']);
});

test('a default key that others could read is closed to them', async () => {
  await writeFile(join(home, 'api-key'), KEY);
  await chmod(join(home, 'api-key'), 0o644);
  expect(await readDefaultKey(home)).toBe(KEY);
  expect((await stat(join(home, 'api-key'))).mode & 0o777).toBe(0o600);
});

test('a damaged default key is refused rather than replaced', async () => {
  await writeFile(join(home, 'api-key'), 'short\n', { mode: 0o600 });
  await expect(readDefaultKey(home)).rejects.toThrow('must be 32 or more');
  expect(await readFile(join(home, 'api-key'), 'utf8')).toBe('short\n');
});

test('a file in place of the default key that is far too large is not read', async () => {
  await writeFile(join(home, 'api-key'), KEY.repeat(2_049), { mode: 0o600 });
  await expect(readDefaultKey(home)).rejects.toThrow('holds 65568 bytes');
});

test('a named key comes from an environment variable, a file or its hash', async () => {
  await writeFile(join(home, 'secret'), `${KEY}\n`);
  const sha256 = createHash('sha256').update(KEY).digest('hex').toUpperCase();
  for (const from of [{ env: 'APP_KEY' }, { file: join(home, 'secret') }, { sha256 }]) {
    const keys = await open(
      { name: 'app', roles: ['Cognitive Services OpenAI User'], from },
      { APP_KEY: KEY },
    );
    expect(verifyApiKey(KEY, keys, 0)).toEqual({
      status: 'valid',
      principal: { id: 'key:app', name: 'app', roles: ['user'] },
    });
  }
});

test('a named key works until the moment that it expires', async () => {
  const keys = await open(
    { name: 'app', from: { env: 'K' }, expires: '2026-01-15T13:00:00+01:00' },
    { K: KEY },
  );
  const expiry = Date.UTC(2026, 0, 15, 12);
  expect(verifyApiKey(KEY, keys, expiry - 1).status).toBe('valid');
  expect(verifyApiKey(KEY, keys, expiry)).toEqual({ status: 'expired', name: 'app' });
});

test('a revoked key is known and refused', async () => {
  const keys = await open({ name: 'app', from: { env: 'K' }, revoked: true }, { K: KEY });
  expect(verifyApiKey(KEY, keys, 0)).toEqual({ status: 'revoked', name: 'app' });
});

test.each([
  ['is not set', {}],
  ['must be 32 or more', { K: 'password' }],
  ['visible ASCII', { K: `${KEY} ${KEY}` }],
])('a named key that %s stops the start with a remedy', async (fault, environment) => {
  await expect(open({ name: 'app', from: { env: 'K' } }, environment)).rejects.toThrow(fault);
});

test('two names for one key, two keys of one name and the name default are refused', async () => {
  const config = (name: string, env: string): object => ({ name, from: { env } });
  const openAll = async (...configs: object[]): Promise<ApiKey[]> =>
    await openNamedKeys(
      configs.map((each) => namedKeySchema.parse(each)),
      { A: KEY, B: 'b'.repeat(32) },
    );
  await expect(openAll(config('a', 'A'), config('b', 'A'))).rejects.toThrow("'a' and 'b' are the same");
  await expect(openAll(config('a', 'A'), config('a', 'B'))).rejects.toThrow("'a' and 'a' are the same");
  await expect(openAll(config('default', 'A'))).rejects.toThrow("can not be named 'default'");
});

test.each([
  ['a name with a slash', { name: 'a/b', from: { env: 'K' } }],
  ['a role that does not exist', { name: 'a', from: { env: 'K' }, roles: ['root'] }],
  ['a role of Object.prototype', { name: 'a', from: { env: 'K' }, roles: ['constructor'] }],
  ['no role', { name: 'a', from: { env: 'K' }, roles: [] }],
  ['two sources', { name: 'a', from: { env: 'K', file: 'f' } }],
  ['a short hash', { name: 'a', from: { sha256: 'abcd' } }],
  ['an expiry without a time zone', { name: 'a', from: { env: 'K' }, expires: '2026-01-15T12:00:00' }],
])('a configuration with %s is refused', (_name, config) => {
  expect(namedKeySchema.safeParse(config).success).toBe(false);
});
