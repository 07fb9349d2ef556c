import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startTestServer, type TestServer } from '../support/test-server.ts';
import { fault, TALK } from './deployment-bodies.ts';
import { deploymentsOf, type ManagementClient } from './management-client.ts';

const GUEST_KEY = 'guest-key-of-the-deployment-tests-0123456789';
const asGuest = { 'api-key': GUEST_KEY };

let server: TestServer;
let deployments: ManagementClient;

beforeAll(async () => {
  const sha256 = createHash('sha256').update(GUEST_KEY).digest('hex');
  server = await startTestServer({
    config: {
      auth: { keys: [{ name: 'guest', from: { sha256 }, roles: ['user'] }] },
      deployments: { fixed: {} },
      server: { allowedOrigins: ['https://app.example.com'] },
    },
  });
  deployments = deploymentsOf(server);
});

afterAll(async () => {
  await server[Symbol.asyncDispose]();
});

describe('who may', () => {
  test('read: every caller', async () => {
    expect((await deployments.get('gpt-audio', asGuest)).status).toBe(200);
    expect((await deployments.ask('GET', '/deployments', { headers: asGuest })).status).toBe(200);
    expect((await deployments.ask('GET', '', { headers: asGuest })).status).toBe(200);
    expect((await server.get('/samtal/v1/engines', { headers: asGuest })).status).toBe(200);
  });

  test.each([
    ['PUT', '/deployments/talk', TALK],
    ['PATCH', '/deployments/gpt-audio', {}],
    ['DELETE', '/deployments/gpt-audio', undefined],
    ['PUT', '', {}],
    ['DELETE', '', undefined],
  ])('%s %s: contributors', async (method, path, body) => {
    const verb = method === 'DELETE' ? 'delete' : 'write';
    const action = `'Microsoft.CognitiveServices/accounts/deployments/${verb}'`;
    expect(await deployments.ask(method, path, { body, headers: asGuest })).toMatchObject({
      status: 403,
      body: fault(
        'AuthorizationFailed',
        expect.stringContaining(
          `The client 'key:guest' does not have authorization to perform action ${action}`,
        ),
      ),
    });
    expect((await deployments.get('gpt-audio')).status).toBe(200);
  });

  test('do anything: nobody without a key', async () => {
    expect(await deployments.get('gpt-audio', { 'api-key': '' })).toMatchObject({
      status: 401,
      body: fault('AuthenticationFailed'),
    });
    expect(await deployments.get('gpt-audio', { 'api-key': 'wrong-key-of-somebody-else' })).toMatchObject({
      status: 401,
      body: fault('AuthenticationFailed', expect.stringContaining('samtal key')),
    });
  });
});

describe('the address', () => {
  test.each(['2024-10-01', '2023-05-01', '2025-06-01-preview'])(
    'is served in version %s',
    async (version) => {
      expect((await deployments.ask('GET', `/deployments?api-version=${version}`)).status).toBe(200);
    },
  );

  test.each([
    ['/deployments?', 'MissingApiVersionParameter'],
    ['/deployments?api-version=', 'MissingApiVersionParameter'],
    ['/deployments?api-version=latest', 'InvalidApiVersionParameter'],
  ])('%s is refused as %s', async (path, code) => {
    expect(await deployments.ask('GET', path)).toMatchObject({ status: 400, body: fault(code) });
  });

  test('names any subscription and group, and the ids with them', async () => {
    const group = '/subscriptions/a%20b/resourceGroups/G/providers/Microsoft.CognitiveServices/accounts';
    const response = await server.get(`${group}/Samtal/deployments/tts-1?api-version=2025-06-01`);
    expect(response.status).toBe(200);
    expect(await response.json()).toMatchObject({ id: `${group}/samtal/deployments/tts-1` });
  });

  test('names the one account that there is', async () => {
    const path = deployments.account.replace(/samtal$/, 'other');
    const response = await server.get(`${path}/deployments?api-version=2025-06-01`);
    expect(response.status).toBe(404);
    expect(await response.json()).toEqual(
      fault('ResourceNotFound', expect.stringContaining("The one account of this server is 'samtal'.")),
    );
  });

  test('of something else is not found, in the words of the plane', async () => {
    expect(await deployments.ask('GET', '/raiPolicies')).toMatchObject({
      status: 404,
      body: fault('ResourceNotFound'),
    });
  });

  test('lets pages that are allowed change deployments', async () => {
    const response = await server.get(`${deployments.account}/deployments/talk?api-version=2025-06-01`, {
      method: 'OPTIONS',
      headers: { origin: 'https://app.example.com', 'access-control-request-method': 'PATCH' },
    });
    expect(response.headers.get('access-control-allow-methods')).toContain('PATCH');
  });
});

describe('the list of the data plane', () => {
  const path = '/openai/deployments';
  const version = '?api-version=2022-12-01';

  test('makes a deployment under a name of its own, and deletes it', async () => {
    const response = await server.post(path + version, {
      model: 'gpt-audio',
      scale_settings: { scale_type: 'standard' },
    });
    expect(response.status).toBe(201);
    const made = (await response.json()) as { readonly id: string };
    expect(made).toMatchObject({
      id: expect.stringMatching(/^deployment-[0-9a-f]{32}$/),
      object: 'deployment',
      model: 'gpt-audio',
      status: 'succeeded',
    });
    const one = `${path}/${made.id}${version}`;
    expect(await (await server.get(one)).json()).toEqual(made);
    expect((await deployments.get(made.id)).status).toBe(200);
    expect((await server.get(one, { method: 'DELETE' })).status).toBe(204);
    expect((await server.get(one)).status).toBe(404);
    expect((await server.get(one, { method: 'DELETE' })).status).toBe(404);
  });

  test.each([
    [{}, 'model'],
    [{ model: 7 }, 'model'],
    [{ model: 'gpt-audio', scale_settings: { scale_type: 'wide' } }, 'scale_settings.scale_type'],
    [{ model: 'gpt-audio', owner: 'me' }, 'owner'],
  ])('refuses %j', async (body, param) => {
    const response = await server.post(path + version, body);
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ error: { param } });
  });

  test('is changed by contributors alone, and never where the configuration stands', async () => {
    const make = await server.post(path + version, { model: 'gpt-audio' }, { headers: asGuest });
    // As Azure's data plane answers a missing role.
    expect(make.status).toBe(401);
    expect(await make.json()).toMatchObject({ error: { code: 'PermissionDenied' } });
    const remove = { method: 'DELETE' };
    expect((await server.get(`${path}/tts-1${version}`, { ...remove, headers: asGuest })).status).toBe(401);
    expect((await server.get(`${path}/fixed${version}`, remove)).status).toBe(409);
    const put = await server.post(`${path}/tts-1${version}`, {}, { method: 'PUT' });
    expect([put.status, put.headers.get('allow')]).toEqual([405, 'GET, HEAD, DELETE']);
  });
});
