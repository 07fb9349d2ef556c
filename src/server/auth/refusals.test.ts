import { createHash } from 'node:crypto';
import { afterAll, describe, expect, test } from 'vitest';
import { createAuthenticator } from './authenticator.ts';
import { readCredentials } from './credentials.ts';
import { FailedAttempts } from './failed-attempts.ts';
import {
  bearer,
  EXPIRED_KEY,
  KEY,
  localToken,
  OTHER_TENANT,
  openAuthWorld,
  REVOKED_KEY,
} from './testing/auth-world.ts';
import { NOW_SECONDS } from './testing/tenant.ts';

const world = await openAuthWorld();
const { clock, keys, entra, local, ask, signed } = world;

afterAll(async () => {
  await world[Symbol.asyncDispose]();
});

describe('a request is refused with', () => {
  test.each<readonly [why: string, rawHeaders: readonly string[], failure: string, detail: string]>([
    ['no credentials', ['host', 'x'], 'missing-key', 'no credentials'],
    ['an empty key', ['api-key', ' '], 'missing-key', 'no credentials'],
    ['an empty bearer', ['authorization', 'Bearer '], 'missing-key', 'no credentials'],
    ['another scheme', ['authorization', `Basic ${KEY}`], 'missing-key', 'no credentials'],
    ['a key without a scheme', ['authorization', KEY], 'missing-key', 'no credentials'],
    ['an unknown key', ['api-key', `${KEY}x`], 'wrong-key', 'is not known'],
    ['part of a key', ['api-key', KEY.slice(0, -1)], 'wrong-key', 'is not known'],
    ['a key in other letters', ['api-key', KEY.toUpperCase()], 'wrong-key', 'is not known'],
    [
      'the hash of a key',
      ['api-key', createHash('sha256').update(KEY).digest('hex')],
      'wrong-key',
      'is not known',
    ],
    ['an expired key', ['api-key', EXPIRED_KEY], 'wrong-key', "'old' is expired"],
    ['a revoked key', ['api-key', REVOKED_KEY], 'wrong-key', "'leaked' is revoked"],
    ['an unknown bearer key', ['authorization', 'Bearer sk-wrong'], 'wrong-key', 'is not known'],
    ['dots of another script', bearer('eyJ．eyJ．AAAA'), 'wrong-key', 'is not known'],
    ['two keys', ['api-key', KEY, 'API-Key', EXPIRED_KEY], 'wrong-key', 'differ'],
    ['a key and another bearer', ['api-key', KEY, 'authorization', 'Bearer other'], 'wrong-key', 'differ'],
    [
      'two bearers',
      ['authorization', `Bearer ${KEY}`, 'authorization', 'Bearer other'],
      'wrong-key',
      'differ',
    ],
    ['two keys joined', ['api-key', `${KEY}, ${KEY}`], 'wrong-key', 'is not known'],
    [
      'a key and another subscription key',
      ['api-key', KEY, 'Ocp-Apim-Subscription-Key', 'x'],
      'wrong-key',
      'differ',
    ],
    [
      'a key among the subprotocols',
      ['sec-websocket-protocol', `openai-insecure-api-key.${KEY}`],
      'missing-key',
      'no',
    ],
  ])('%s', async (_why, rawHeaders, failure, detail) => {
    const outcome = await ask(rawHeaders);
    expect(outcome).toEqual({ ok: false, failure, detail: expect.stringContaining(detail) });
    expect(JSON.stringify(outcome)).not.toContain(KEY);
  });

  test('a key in the query of an ordinary request', async () => {
    expect(await ask([], { url: `/openai/v1/models?api-key=${KEY}` })).toMatchObject({
      failure: 'missing-key',
    });
  });

  test('a realtime query that differs from the header', async () => {
    const outcome = await ask(['api-key', KEY], { url: '/realtime?api-key=other', places: 'realtime' });
    expect(outcome).toMatchObject({ failure: 'wrong-key' });
  });

  test('a realtime query with two keys', async () => {
    const outcome = await ask([], { url: `/realtime?api-key=${KEY}&API-KEY=other`, places: 'realtime' });
    expect(outcome).toMatchObject({ failure: 'wrong-key' });
  });

  test('a token in place of a key', async () => {
    expect(await ask(['api-key', await signed()])).toMatchObject({ failure: 'wrong-key' });
  });

  test('a role that it has not, which is no guess', async () => {
    const attempts = new FailedAttempts({ clock });
    const authenticator = createAuthenticator({ keys, verifiers: [entra], attempts, clock });
    const credentials = readCredentials({
      rawHeaders: bearer(await signed({ oid: OTHER_TENANT })),
      address: '192.0.2.7',
    });
    expect(await authenticator.authenticate(credentials)).toMatchObject({ failure: 'forbidden' });
    expect(attempts.size).toBe(0);
  });

  test('no issuer to trust', async () => {
    const authenticator = createAuthenticator({
      keys,
      verifiers: [],
      attempts: new FailedAttempts({ clock }),
      clock,
    });
    const credentials = readCredentials({ rawHeaders: bearer(await signed()) });
    expect(await authenticator.authenticate(credentials)).toMatchObject({ failure: 'wrong-token' });
  });
});

describe('what the refused differ from is accepted:', () => {
  const user = { ok: true, principal: { id: 'key:right', name: 'right', roles: ['user'] } };

  test.each<readonly [what: string, rawHeaders: readonly string[]]>([
    ['a key', ['api-key', KEY]],
    ['a key as bearer', ['authorization', `Bearer ${KEY}`]],
    ['a key as bearer in small letters', ['authorization', `bearer   ${KEY} `]],
    ['a subscription key', ['ocp-apim-subscription-key', KEY]],
    ['the same key twice', ['api-key', KEY, 'authorization', `BEARER ${KEY}`]],
  ])('%s', async (_what, rawHeaders) => {
    expect(await ask(rawHeaders)).toEqual(user);
  });

  test.each<readonly [what: string, rawHeaders: readonly string[], url: string]>([
    ['a key in the query', [], `/realtime?api-key=${KEY}`],
    ['a bearer in the query', [], `/realtime?Authorization=Bearer%20${KEY}`],
    ['a subprotocol', ['sec-websocket-protocol', `realtime, openai-insecure-api-key.${KEY}`], '/realtime'],
  ])('%s of a realtime request', async (_what, rawHeaders, url) => {
    expect(await ask(rawHeaders, { url, places: 'realtime' })).toEqual(user);
  });

  test('a token, by header and by query', async () => {
    const token = await signed();
    expect(await ask(bearer(token))).toMatchObject({ ok: true });
    const url = `/realtime?Authorization=Bearer%20${token}`;
    expect(await ask([], { url, places: 'realtime' })).toMatchObject({ ok: true });
  });

  test('a token that also stands where a key belongs', async () => {
    const token = await signed();
    expect(await ask(['api-key', token, ...bearer(token)])).toMatchObject({ ok: true });
  });

  test('a token at the very edges of its lifetime', async () => {
    expect(await ask(bearer(await signed({ exp: NOW_SECONDS - 59 })))).toMatchObject({ ok: true });
    expect(await ask(bearer(await signed({ nbf: NOW_SECONDS + 60 })))).toMatchObject({ ok: true });
  });

  test('a token of the local identity', async () => {
    const outcome = await ask(bearer(await localToken(local)));
    expect(outcome).toEqual({ ok: true, principal: { id: 'local', name: 'local', roles: ['user'] } });
  });
});
