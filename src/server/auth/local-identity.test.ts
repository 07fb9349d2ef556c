import { chmod, mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DefaultAzureCredential } from '@azure/identity';
import Fastify, { type FastifyInstance } from 'fastify';
import { createLocalJWKSet, decodeJwt, decodeProtectedHeader, type JSONWebKeySet, jwtVerify } from 'jose';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { systemClock } from '../../util/clock.ts';
import { createAuthenticator } from './authenticator.ts';
import { parseToken } from './compact-token.ts';
import { readCredentials } from './credentials.ts';
import { FailedAttempts } from './failed-attempts.ts';
import { type IdentityToken, type LocalIdentity, openLocalIdentity } from './local-identity.ts';
import { localIdentityRoute, localIssuer } from './local-identity-route.ts';

const RESOURCE = 'https://cognitiveservices.azure.com';

let home: string;
let origin: string;
let identity: LocalIdentity;
let app: FastifyInstance;

beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'samtal-identity-'));
  identity = await openLocalIdentity({ home, issuer: () => localIssuer(origin), clock: systemClock });
  app = Fastify();
  await app.register(localIdentityRoute, { enabled: true, identity });
  origin = await app.listen({ host: '127.0.0.1', port: 0 });
});

afterEach(async () => {
  vi.unstubAllEnvs();
  await app.close();
  await rm(home, { recursive: true });
});

async function ask(query: string, headers: Record<string, string> = {}, remoteAddress?: string) {
  return await app.inject({
    url: `/msi/token${query}`,
    headers: { host: '127.0.0.1:8080', 'x-identity-header': identity.header, ...headers },
    ...(remoteAddress && { remoteAddress }),
  });
}

const GOOD_QUERY = `?resource=${encodeURIComponent(RESOURCE)}&api-version=2019-08-01`;

test('DefaultAzureCredential gets a token by any way to name an identity, and the server accepts it', async () => {
  vi.stubEnv('IDENTITY_ENDPOINT', `${origin}/msi/token`);
  vi.stubEnv('IDENTITY_HEADER', identity.header);
  for (const name of ['AZURE_CLIENT_ID', 'AZURE_TENANT_ID', 'AZURE_CLIENT_SECRET'])
    vi.stubEnv(name, undefined);
  const attempts = new FailedAttempts({ clock: systemClock });
  const authenticator = createAuthenticator({
    keys: [],
    verifiers: [identity],
    attempts,
    clock: systemClock,
  });
  // One test for all three: the library keeps the first endpoint that it sees for the life of the process.
  for (const credential of [
    new DefaultAzureCredential(),
    new DefaultAzureCredential({ managedIdentityClientId: 'a1b2c3d4-0000-4000-8000-000000000001' }),
    new DefaultAzureCredential({ managedIdentityResourceId: '/subscriptions/s/resourceGroups/g' }),
  ]) {
    const { token, expiresOnTimestamp } = await credential.getToken(`${RESOURCE}/.default`);
    expect(expiresOnTimestamp - Date.now()).toBeGreaterThan(3_500_000);
    expect(expiresOnTimestamp - Date.now()).toBeLessThanOrEqual(3_600_000);
    const credentials = readCredentials({ rawHeaders: ['authorization', `Bearer ${token}`] });
    expect(await authenticator.authenticate(credentials)).toEqual({
      ok: true,
      principal: { id: 'local', name: 'local', roles: ['user'] },
    });
  }
});

test('the answer has the form of App Service, with times as text', async () => {
  const response = await ask(GOOD_QUERY);
  const token: IdentityToken = response.json();
  expect(Object.keys(token).toSorted()).toEqual([
    'access_token',
    'client_id',
    'expires_on',
    'resource',
    'token_type',
  ]);
  expect(token.expires_on).toMatch(/^\d{10}$/);
  expect(token).toMatchObject({ resource: 'https://cognitiveservices.azure.com', token_type: 'Bearer' });
  expect(response.headers['cache-control']).toBe('no-store');
});

test('a token says who, for whom, from whom and until when, and each is new', async () => {
  const tokens = [await ask(GOOD_QUERY), await ask(GOOD_QUERY)].map((each) => each.json().access_token);
  const claims = decodeJwt(tokens[0]);
  expect(claims).toMatchObject({
    iss: `${origin}/msi`,
    aud: 'https://cognitiveservices.azure.com',
    ver: '1.0',
  });
  expect(Object.keys(claims).toSorted()).toEqual([
    'appid',
    'aud',
    'exp',
    'iat',
    'idtyp',
    'iss',
    'jti',
    'nbf',
    'oid',
    'sub',
    'tid',
    'ver',
  ]);
  expect((claims.exp ?? 0) - (claims.iat ?? 0)).toBe(3_600);
  expect(decodeProtectedHeader(tokens[0])).toMatchObject({ alg: 'ES256', typ: 'JWT' });
  expect(decodeJwt(tokens[1]).jti).not.toBe(claims.jti);
});

test('others can verify a token by the metadata of its issuer', async () => {
  const { access_token: token } = (await ask(GOOD_QUERY)).json();
  const issuer = decodeJwt(token).iss ?? '';
  const metadata = await getJson<{ issuer: string; jwks_uri: string }>(
    `${issuer}/.well-known/openid-configuration`,
  );
  expect(metadata.issuer).toBe(issuer);
  const keys = await getJson<JSONWebKeySet>(metadata.jwks_uri);
  await expect(
    jwtVerify(token, createLocalJWKSet(keys), { issuer, audience: RESOURCE }),
  ).resolves.toBeDefined();
  expect(keys.keys.map((key) => Object.keys(key).toSorted())).toEqual([
    ['alg', 'crv', 'kid', 'kty', 'use', 'x', 'y'],
  ]);
});

async function getJson<T>(url: string): Promise<T> {
  const response = await fetch(url);
  // The shape is what the test goes on to look at.
  return (await response.json()) as T;
}

test.each<readonly [why: string, headers: Record<string, string>, status: number, message: string]>([
  ['a wrong secret', { 'x-identity-header': 'x'.repeat(43) }, 401, 'X-IDENTITY-HEADER'],
  ['an empty secret', { 'x-identity-header': '' }, 401, 'X-IDENTITY-HEADER'],
  ['a forwarded address', { 'x-forwarded-for': '127.0.0.1' }, 403, 'proxy'],
  ['a forwarded host', { 'x-forwarded-host': 'localhost' }, 403, 'proxy'],
  ['a Forwarded header', { forwarded: 'for=127.0.0.1' }, 403, 'proxy'],
  ['a Via header', { via: '1.1 proxy' }, 403, 'proxy'],
  ['a foreign Host (DNS rebinding)', { host: 'rebind.example:8080' }, 403, 'Host'],
  ['a Host that begins like loopback', { host: '127.0.0.1.example' }, 403, 'Host'],
  ['an Origin', { origin: 'http://127.0.0.1:8080' }, 403, 'Web pages'],
  ['a request that a browser made', { 'sec-fetch-site': 'none' }, 403, 'Web pages'],
])('the token endpoint refuses %s', async (_why, headers, status, message) => {
  const response = await ask(GOOD_QUERY, headers);
  expect(response.statusCode).toBe(status);
  expect(response.json()).toEqual({ statusCode: status, message: expect.stringContaining(message) });
});

test('the token endpoint refuses a request without the secret', async () => {
  const response = await app.inject({ url: `/msi/token${GOOD_QUERY}`, headers: { host: 'localhost' } });
  expect(response.statusCode).toBe(401);
});

test.each(['192.0.2.7', '::ffff:192.0.2.7', '2001:db8::1', '0.0.0.0'])(
  'a peer at %s gets no token',
  async (address) => {
    const response = await ask(GOOD_QUERY, {}, address);
    expect(response.statusCode).toBe(403);
  },
);

test('a peer that a trusted proxy calls loopback gets no token', async () => {
  const proxied = Fastify({ trustProxy: true });
  await proxied.register(localIdentityRoute, { enabled: true, identity });
  const response = await proxied.inject({
    url: `/msi/token${GOOD_QUERY}`,
    headers: { host: 'localhost', 'x-identity-header': identity.header, 'x-forwarded-for': '127.0.0.1' },
    remoteAddress: '192.0.2.7',
  });
  expect(response.statusCode).toBe(403);
});

test.each([
  [
    'a foreign resource',
    '?resource=https%3A%2F%2Fvault.azure.net&api-version=2019-08-01',
    'cognitiveservices',
  ],
  [
    'a resource that begins like ours',
    `?resource=${RESOURCE}.example&api-version=2019-08-01`,
    'cognitiveservices',
  ],
  ['a scope for a resource', `?resource=${RESOURCE}/.default&api-version=2019-08-01`, 'cognitiveservices'],
  ['no resource', '?api-version=2019-08-01', 'resource'],
  ['two resources', `${GOOD_QUERY}&resource=https%3A%2F%2Fvault.azure.net`, 'once'],
  ['another api-version', `?resource=${RESOURCE}&api-version=2017-09-01`, '2019-08-01'],
])('the token endpoint refuses %s', async (_why, query, message) => {
  const response = await ask(query);
  expect(response.statusCode).toBe(400);
  expect(response.json().message).toContain(message);
});

test.each([
  ['https://cognitiveservices.azure.com/', 'https://cognitiveservices.azure.com'],
  ['https://ai.azure.com', 'https://ai.azure.com'],
])('a token for %s has the audience %s and is accepted', async (resource, audience) => {
  const { access_token: token } = (await ask(`?resource=${resource}&api-version=2019-08-01`)).json();
  expect(decodeJwt(token).aud).toBe(audience);
});

test('a server that others can reach has no token endpoint', async () => {
  const open = Fastify();
  await open.register(localIdentityRoute, { enabled: false, identity });
  for (const path of ['/msi/token', '/msi/keys', '/msi/.well-known/openid-configuration']) {
    expect((await open.inject(path)).statusCode).toBe(404);
  }
});

test('the identity is made once and kept for its owner alone', async () => {
  const again = await openLocalIdentity({ home, issuer: () => 'x', clock: systemClock });
  expect(again.header).toBe(identity.header);
  expect(again.publicKeys).toEqual(identity.publicKeys);
  expect(await readdir(home)).toEqual(['local-identity.json']);
  expect((await stat(join(home, 'local-identity.json'))).mode & 0o777).toBe(0o600);
});

test('servers that share a home do not take tokens made for another address', async () => {
  const elsewhere = await openLocalIdentity({
    home,
    issuer: () => 'http://127.0.0.1:1/msi',
    clock: systemClock,
  });
  const parsed = parseToken((await ask(GOOD_QUERY)).json().access_token);
  if (!parsed.ok) throw new Error(parsed.detail);
  expect(elsewhere.trusts(`${origin}/msi`)).toBe(false);
  expect(await elsewhere.verify(parsed.token)).toMatchObject({ failure: 'wrong-token' });
  expect(await identity.verify(parsed.token)).toMatchObject({ ok: true });
});

test('every home has an identity of its own', async () => {
  const other = await openLocalIdentity({ home: join(home, 'other'), issuer: () => 'x', clock: systemClock });
  expect(other.header).not.toBe(identity.header);
  expect(other.publicKeys).not.toEqual(identity.publicKeys);
});

test('processes that start at once share one identity', async () => {
  const fresh = join(home, 'fresh');
  const open = async (): Promise<string> =>
    (await openLocalIdentity({ home: fresh, issuer: () => 'x', clock: systemClock })).header;
  expect(new Set(await Promise.all(Array.from({ length: 10 }, open))).size).toBe(1);
});

test('a damaged identity stops the start and names the remedy', async () => {
  const path = join(home, 'local-identity.json');
  await writeFile(path, '{"header":');
  await chmod(path, 0o600);
  await expect(openLocalIdentity({ home, issuer: () => 'x', clock: systemClock })).rejects.toThrow(
    'Delete it',
  );
});
