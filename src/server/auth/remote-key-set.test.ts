import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { isTrustworthyUrl, RemoteKeySet, type RemoteKeySetOptions } from './remote-key-set.ts';
import { StillClock, TENANT_ID, Tenant } from './testing/tenant.ts';

let tenant: Tenant;
let clock: StillClock;

beforeEach(async () => {
  tenant = await Tenant.start();
  clock = new StillClock();
});

afterEach(async () => await tenant[Symbol.asyncDispose]());

function keySet(options: Partial<RemoteKeySetOptions> = {}): RemoteKeySet {
  return new RemoteKeySet({ clock, source: { keysUrl: tenant.keysUrl }, ...options });
}

const first = { alg: 'RS256', kid: 'first' };
const second = { alg: 'RS256', kid: 'second' };

test('nothing is fetched before a key is asked for', () => {
  keySet();
  expect(tenant.fetches).toBe(0);
});

test('many who ask at once share one fetch', async () => {
  const keys = keySet({ cooldownMs: 0 });
  await Promise.all(Array.from({ length: 50 }, async () => await keys.find(first)));
  expect(tenant.fetches).toBe(1);
});

test('a key that was added since is found once the cooldown is over', async () => {
  const keys = keySet({ cooldownMs: 30_000 });
  await keys.find(first);
  await tenant.addKey('second');
  await expect(keys.find(second)).rejects.toThrow('no applicable key');
  clock.advance(30_000);
  await expect(keys.find(second)).resolves.toMatchObject({ type: 'public' });
  expect(tenant.fetches).toBe(2);
});

test('made-up key names cause one fetch per cooldown', async () => {
  const keys = keySet({ cooldownMs: 30_000 });
  await keys.find(first);
  clock.advance(30_000);
  const unknown = Array.from({ length: 200 }, (_, index) =>
    keys.find({ alg: 'RS256', kid: `made-up-${index}` }),
  );
  const outcomes = await Promise.allSettled(unknown);
  expect(outcomes.every(({ status }) => status === 'rejected')).toBe(true);
  expect(tenant.fetches).toBe(2);
});

test('a removed key stops working once the keys are refreshed', async () => {
  const keys = keySet({ freshMs: 60_000 });
  await keys.find(first);
  await tenant.addKey('second');
  tenant.removeKey('first');
  clock.advance(60_000);
  await keys.find(second);
  await expect(keys.find(first)).rejects.toThrow('no applicable key');
});

test('known keys serve through an outage, but not for ever', async () => {
  const keys = keySet({ freshMs: 60_000, keepMs: 3_600_000, cooldownMs: 30_000 });
  await keys.find(first);
  tenant.isDown = true;
  clock.advance(3_599_999);
  await expect(keys.find(first)).resolves.toMatchObject({ type: 'public' });
  clock.advance(1);
  await expect(keys.find(first)).rejects.toThrow('are not to be had');
});

test('a key server that is down is asked once per cooldown', async () => {
  tenant.isDown = true;
  const keys = keySet({ cooldownMs: 30_000 });
  for (let attempt = 0; attempt < 20; attempt += 1) {
    await expect(keys.find(first)).rejects.toThrow('answered 503');
  }
  expect(tenant.fetches).toBe(1);
  tenant.isDown = false;
  clock.advance(30_000);
  await keys.find(first);
  expect(tenant.fetches).toBe(2);
});

test.each([
  ['no JSON', '<html>', 'JSON'],
  ['no key set', '{"keys":"none"}', 'expected array'],
  ['too many keys', JSON.stringify({ keys: Array.from({ length: 101 }, () => ({ kty: 'RSA' })) }), 'Too big'],
  ['too many bytes', ' '.repeat(1024 * 1024 + 1), 'answered more than'],
])('a key server that sends %s is refused', async (_name, answer, fault) => {
  tenant.answer = answer;
  await expect(keySet().find(first)).rejects.toThrow(fault);
});

test('a key server that sends one elsewhere is not followed', async () => {
  const elsewhere = createServer((_request, response) =>
    response.writeHead(302, { location: tenant.keysUrl }).end(),
  );
  await new Promise<void>((resolve) => elsewhere.listen(0, '127.0.0.1', resolve));
  // A server that listens on TCP has an address with a port.
  const { port } = elsewhere.address() as AddressInfo;
  const keys = keySet({ source: { keysUrl: `http://127.0.0.1:${port}/keys` } });
  await expect(keys.find(first)).rejects.toThrow('are not to be had');
  expect(tenant.fetches).toBe(0);
  elsewhere.closeAllConnections();
  elsewhere.close();
});

test('metadata that names keys over plain http is refused', async () => {
  const issuer = 'https://issuer.example';
  tenant.answer = JSON.stringify({ issuer, jwks_uri: 'http://keys.example/' });
  const source = { metadataUrl: `${tenant.origin}/metadata`, issuers: [issuer] };
  await expect(keySet({ source }).find(first)).rejects.toThrow('http://keys.example/ is not https');
});

test('the metadata names the keys', async () => {
  const source = {
    metadataUrl: `${tenant.origin}/metadata`,
    issuers: [`https://login.microsoftonline.com/${TENANT_ID}/v2.0`],
  };
  await expect(keySet({ source }).find(first)).resolves.toMatchObject({ type: 'public' });
  expect(tenant.fetches).toBe(2);
});

test('metadata of another issuer is refused', async () => {
  const source = { metadataUrl: `${tenant.origin}/metadata`, issuers: ['https://issuer.example'] };
  await expect(keySet({ source }).find(first)).rejects.toThrow('describes the issuer');
});

test.each([
  ['https://login.microsoftonline.com/common/discovery/v2.0/keys', true],
  ['http://127.0.0.1:8080/keys', true],
  ['http://[::1]:8080/keys', true],
  ['http://login.microsoftonline.com/keys', false],
  ['http://127.0.0.1.example.com/keys', false],
  ['file:///etc/keys', false],
  ['keys', false],
])('keys may come from %s: %s', (url, expected) => {
  expect(isTrustworthyUrl(url)).toBe(expected);
});
