import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { CognitiveServicesManagementClient } from '@azure/arm-cognitiveservices';
import { AzureOpenAI } from 'openai';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startTestServer, type TestServer } from '../support/test-server.ts';

let server: TestServer;
let client: CognitiveServicesManagementClient;

/** The stock client of the management plane, which sends its token over TLS alone. */
beforeAll(async () => {
  server = await startTestServer();
  const endpoint = server.url.replace('http:', 'https:');
  const credential = {
    getToken: async () => ({ token: server.key, expiresOnTimestamp: Date.now() + 3.6e6 }),
  };
  client = new CognitiveServicesManagementClient(credential, 'any-subscription', {
    endpoint,
    $host: endpoint,
    tlsOptions: { ca: await readFile(join(server.home, 'tls', 'authority.pem'), 'utf8') },
  });
});

afterAll(async () => {
  await server[Symbol.asyncDispose]();
});

const GROUP = 'any-group';
const ACCOUNT = 'samtal';

test('a program written for Azure creates a deployment, talks to it, changes and deletes it', async () => {
  const { deployments } = client;
  const created = await deployments.beginCreateOrUpdateAndWait(GROUP, ACCOUNT, 'from-azure', {
    sku: { name: 'GlobalStandard', capacity: 10 },
    properties: {
      model: { format: 'OpenAI', name: 'gpt-4o-mini-audio-preview', version: '2024-12-17' },
      versionUpgradeOption: 'OnceNewDefaultVersionAvailable',
      raiPolicyName: 'Microsoft.DefaultV2',
    },
  });
  expect(created).toMatchObject({
    name: 'from-azure',
    sku: { name: 'GlobalStandard', capacity: 10 },
    properties: {
      provisioningState: 'Succeeded',
      model: { format: 'OpenAI', name: 'gpt-4o-mini-audio-preview', version: '2024-12-17' },
      versionUpgradeOption: 'OnceNewDefaultVersionAvailable',
      raiPolicyName: 'Microsoft.DefaultV2',
      capabilities: { chatCompletion: 'true' },
    },
  });
  const openai = new AzureOpenAI({
    endpoint: server.url,
    apiKey: server.key,
    apiVersion: '2025-01-01-preview',
  });
  const completion = await openai.chat.completions.create({
    model: 'from-azure',
    messages: [{ role: 'user', content: 'Hello' }],
  });
  expect(completion.model).toBe('gpt-4o-mini-audio-preview');
  const changed = await deployments.beginUpdateAndWait(GROUP, ACCOUNT, 'from-azure', {
    sku: { name: 'Standard', capacity: 2 },
    tags: { team: 'voice' },
  });
  expect(changed).toMatchObject({ sku: { name: 'Standard', capacity: 2 }, tags: { team: 'voice' } });
  expect(changed.properties?.model?.version).toBe('2024-12-17');
  expect(await deployments.get(GROUP, ACCOUNT, 'from-azure')).toEqual(changed);
  await deployments.beginDeleteAndWait(GROUP, ACCOUNT, 'from-azure');
  await expect(deployments.get(GROUP, ACCOUNT, 'from-azure')).rejects.toMatchObject({
    statusCode: 404,
    code: 'ResourceNotFound',
  });
});

test('the list goes to its end', async () => {
  const names = await Array.fromAsync(client.deployments.list(GROUP, ACCOUNT), ({ name }) => name);
  expect(names).toContain('gpt-4o-realtime-preview');
  expect(names).toContain('whisper-1');
});

test('the account tells where it is called, and is not deleted with deployments in it', async () => {
  const account = await client.accounts.get(GROUP, ACCOUNT);
  expect(account).toMatchObject({
    name: 'samtal',
    kind: 'OpenAI',
    properties: { provisioningState: 'Succeeded' },
  });
  expect(account.properties?.endpoint).toBe(`${server.url.replace('http:', 'https:')}/`);
  const updated = await client.accounts.beginCreateAndWait(GROUP, ACCOUNT, {
    kind: 'OpenAI',
    location: 'swedencentral',
    sku: { name: 'S0' },
    properties: {},
  });
  expect(updated.location).toBe('swedencentral');
  await expect(client.accounts.beginDeleteAndWait(GROUP, ACCOUNT)).rejects.toMatchObject({
    statusCode: 409,
    code: 'CannotDeleteResource',
  });
});
