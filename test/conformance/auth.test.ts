import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openAccess } from '../../src/server/access.ts';
import { openLocalIdentity } from '../../src/server/auth/local-identity.ts';
import { OBJECT_ID, PERSON_V2, TENANT_ID, Tenant } from '../../src/server/auth/testing/tenant.ts';
import { configSchema } from '../../src/server/config/schema.ts';
import { homeAt } from '../../src/server/home/paths.ts';
import { systemClock } from '../../src/util/clock.ts';
import { startTestServer, type TestServer } from '../support/test-server.ts';
import { ADDRESSES } from './addresses.ts';

const GUEST_KEY = 'guest-key-of-the-auth-tests-0123456789abcdef';
const OLD_KEY = 'old-key-of-the-auth-tests-0123456789abcdefgh';
const LOST_KEY = 'lost-key-of-the-auth-tests-0123456789abcdefg';

let server: TestServer;
let tenant: Tenant;

beforeAll(async () => {
  tenant = await Tenant.start();
  const key = (name: string, secret: string): object => ({
    name,
    from: { sha256: createHash('sha256').update(secret).digest('hex') },
  });
  server = await startTestServer({
    config: {
      auth: {
        keys: [
          key('guest', GUEST_KEY),
          { ...key('old', OLD_KEY), expires: '2020-01-01T00:00:00Z' },
          { ...key('lost', LOST_KEY), revoked: true },
        ],
        entra: {
          tenants: [{ id: TENANT_ID, keysUrl: tenant.keysUrl }],
          audiences: ['api://samtal'],
          grants: [{ objectId: OBJECT_ID, role: 'user' }],
        },
      },
    },
  });
});

afterAll(async () => {
  await server?.[Symbol.asyncDispose]();
  await tenant?.[Symbol.asyncDispose]();
});

const STRANGER = 'bbbbbbbb-0000-4000-8000-000000000000';

async function tokenOf(claims: object = {}): Promise<string> {
  const now = Math.floor(Date.now() / 1000);
  return await tenant.sign({ ...PERSON_V2, iat: now, nbf: now, exp: now + 600, ...claims });
}

async function ask(path: string, headers: Readonly<Record<string, string>>): Promise<Response> {
  const body = JSON.stringify({ model: 'gpt-audio', messages: [{ role: 'user', content: 'Hello.' }] });
  return await fetch(server.url + path, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body,
  });
}

describe.each(ADDRESSES)('at $name', (address) => {
  const path = address.of('gpt-audio', '/chat/completions');
  const isAzure = address.family === 'azure';

  test('a key may come in each of its places, and twice if it is the same', async () => {
    for (const headers of [
      { 'api-key': GUEST_KEY },
      { 'API-Key': GUEST_KEY },
      { 'Ocp-Apim-Subscription-Key': GUEST_KEY },
      { Authorization: `Bearer ${GUEST_KEY}` },
      { authorization: `bearer   ${GUEST_KEY}` },
      { 'api-key': GUEST_KEY, authorization: `Bearer ${GUEST_KEY}` },
    ]) {
      expect((await ask(path, headers)).status, JSON.stringify(headers)).toBe(200);
    }
  });

  test.each([
    ['is wrong', { 'api-key': 'wrong-key-0123456789-0123456789-0123' }],
    ['is expired', { 'api-key': OLD_KEY }],
    ['is revoked', { 'api-key': LOST_KEY }],
    ['is cut', { 'api-key': GUEST_KEY.slice(0, -1) }],
    ['is of another case', { 'api-key': GUEST_KEY.toUpperCase() }],
    ['contradicts another', { 'api-key': GUEST_KEY, authorization: `Bearer ${OLD_KEY}` }],
    ['is in the wrong scheme and wrong', { authorization: 'Bearer guest' }],
  ])('a key that %s is refused, and it is not told why', async (_, headers) => {
    const response = await ask(path, headers);
    expect(response.status).toBe(401);
    expect(response.headers.get('www-authenticate')).toBe('Bearer');
    expect(await response.json()).toEqual({
      error: isAzure
        ? { code: '401', message: expect.stringMatching(/^Access denied due to invalid subscription key/) }
        : {
            message: expect.stringMatching(/^Incorrect API key provided: \S+\. `samtal key` prints yours\.$/),
            type: 'invalid_request_error',
            param: null,
            code: 'invalid_api_key',
          },
    });
  });

  test.each([
    ['nothing', {}],
    ['an empty header', { 'api-key': ' ' }],
    ['a name and a password', { authorization: `Basic ${btoa(`key:${GUEST_KEY}`)}` }],
    ['a key without its scheme', { authorization: GUEST_KEY }],
  ])('%s is no key', async (_, headers) => {
    const response = await ask(path, headers);
    expect(response.status).toBe(401);
    expect(await response.json()).toMatchObject({ error: { code: isAzure ? '401' : null } });
  });

  test('a key in the query is not read', async () => {
    const separator = path.includes('?') ? '&' : '?';
    expect((await ask(`${path}${separator}api-key=${GUEST_KEY}`, {})).status).toBe(401);
  });

  test('a token of the tenant is taken as a bearer and not as a key', async () => {
    const token = await tokenOf();
    expect((await ask(path, { authorization: `Bearer ${token}` })).status).toBe(200);
    expect((await ask(path, { 'api-key': token })).status).toBe(401);
  });

  test.each([
    ['expired', { exp: 1_700_000_000, nbf: 1_699_990_000, iat: 1_699_990_000 }],
    ['not yet valid', { nbf: 4_000_000_000 }],
    ['for another audience', { aud: 'https://management.azure.com' }],
    ["of Azure's audience, which is not accepted unasked", { aud: 'https://cognitiveservices.azure.com' }],
    ['of another issuer', { iss: 'https://login.microsoftonline.com/elsewhere/v2.0' }],
  ])('a token that is %s is refused', async (_, claims) => {
    const response = await ask(path, { authorization: `Bearer ${await tokenOf(claims)}` });
    expect(response.status).toBe(401);
    expect(await response.json()).toMatchObject(
      isAzure
        ? {
            statusCode: 401,
            message: expect.stringMatching(/^Unauthorized\. Access token is missing, invalid/),
          }
        : { error: { code: 'invalid_api_key', type: 'invalid_request_error' } },
    );
  });

  test('a caller without a role is refused by name of the fault', async () => {
    const response = await ask(path, { authorization: `Bearer ${await tokenOf({ oid: STRANGER })}` });
    expect(response.status).toBe(isAzure ? 401 : 403);
    expect(await response.json()).toMatchObject({
      error: { code: isAzure ? 'PermissionDenied' : 'insufficient_permissions' },
    });
  });
});

test('every route but health wants a key', async () => {
  for (const path of [
    '/v1/models',
    '/openai/v1/models/gpt-audio',
    '/openai/models?api-version=2025-01-01-preview',
    '/openai/deployments?api-version=2022-12-01',
    '/v1/chat/completions',
    '/v1/chat/completions/chatcmpl-x/messages',
  ]) {
    expect((await fetch(server.url + path)).status, path).toBe(401);
  }
  expect((await fetch(`${server.url}/health`)).status).toBe(200);
});

test('what one caller has stored is not there for another', async () => {
  const stored = { model: 'gpt-audio', messages: [{ role: 'user', content: 'Hello.' }], store: true };
  const { id } = (await (await server.post('/v1/chat/completions', stored)).json()) as {
    readonly id: string;
  };
  const guest = { headers: { 'api-key': GUEST_KEY } };
  expect((await server.get(`/v1/chat/completions/${id}`)).status).toBe(200);
  expect((await server.get(`/v1/chat/completions/${id}`, guest)).status).toBe(404);
  const removed = await server.get(`/v1/chat/completions/${id}`, { method: 'DELETE', ...guest });
  expect(removed.status).toBe(404);
  expect(await (await server.get('/v1/chat/completions', guest)).json()).toMatchObject({ data: [] });
});

describe('the local identity', () => {
  const query = '?resource=https://cognitiveservices.azure.com&api-version=2019-08-01';

  test('gives a token to who knows its header, and the token is taken', async () => {
    const { header } = await openLocalIdentity({
      home: server.home,
      issuer: () => server.url,
      clock: systemClock,
    });
    const askToken = async (secret: string): Promise<Response> =>
      await fetch(`${server.url}/msi/token${query}`, { headers: { 'x-identity-header': secret } });
    expect((await askToken('wrong')).status).toBe(401);
    const { access_token } = (await (await askToken(header)).json()) as { readonly access_token: string };
    for (const address of ADDRESSES) {
      const path = address.of('gpt-audio', '/chat/completions');
      expect((await ask(path, { authorization: `Bearer ${access_token}` })).status).toBe(200);
    }
  });

  test('is not there when the configuration turns it off', async () => {
    await using other = await startTestServer({ config: { auth: { localIdentity: false } } });
    const paths = [`/msi/token${query}`, '/msi/keys', '/msi/.well-known/openid-configuration'];
    for (const path of paths) expect((await other.get(path)).status).toBe(404);
  });

  test('is not opened for a server that other machines can reach', async () => {
    const home = homeAt(server.home);
    const config = configSchema.parse({});
    for (const host of ['0.0.0.0', '::', '192.0.2.7', 'samtal.example'])
      expect((await openAccess({ config, home, host })).identity).toBeUndefined();
    expect((await openAccess({ config, home, host: '127.0.0.1' })).identity).toBeDefined();
  });
});
