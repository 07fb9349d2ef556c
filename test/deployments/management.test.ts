import { afterAll, beforeAll, expect, test } from 'vitest';
import { startTestServer, type TestServer } from '../support/test-server.ts';
import { deploymentsOf, type ManagementClient } from './management-client.ts';

let server: TestServer;
let deployments: ManagementClient;

beforeAll(async () => {
  server = await startTestServer();
  deployments = deploymentsOf(server);
});

afterAll(async () => {
  await server[Symbol.asyncDispose]();
});

const talk = { properties: { model: { name: 'gpt-audio' } } };

test('a deployment is created, told, replaced and deleted', async () => {
  const created = await deployments.put('talk', talk);
  expect(created.status).toBe(201);
  expect(created.body).toMatchObject({
    id: `${deployments.account}/deployments/talk`,
    name: 'talk',
    type: 'Microsoft.CognitiveServices/accounts/deployments',
    sku: { name: 'GlobalStandard', capacity: 1 },
    properties: {
      model: { format: 'OpenAI', name: 'gpt-audio', version: '1' },
      provisioningState: 'Succeeded',
      capabilities: { chatCompletion: 'true', realtime: 'true' },
      rateLimits: [],
      samtal: { origin: 'created', engines: {}, defaults: {}, answers: { thinks: { engine: 'scripted' } } },
    },
  });
  expect(await deployments.get('talk')).toEqual({ ...created, status: 200 });
  expect(created.etag).toBe(created.body['etag']);
  expect((await deployments.put('talk', talk)).status).toBe(200);
  expect((await deployments.remove('talk')).status).toBe(200);
  expect((await deployments.remove('talk')).status).toBe(204);
  expect(await deployments.get('talk')).toMatchObject({
    status: 404,
    body: { error: { code: 'ResourceNotFound', message: "There is no deployment 'talk'. PUT creates it." } },
  });
});
