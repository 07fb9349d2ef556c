import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Fastify, { type FastifyInstance } from 'fastify';
import OpenAI, { AzureOpenAI } from 'openai';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { systemClock } from '../../util/clock.ts';
import { openDefaultKey, readDefaultKey } from './api-keys.ts';
import { createAuthenticator } from './authenticator.ts';
import { readCredentials } from './credentials.ts';
import { FailedAttempts } from './failed-attempts.ts';
import { openLocalIdentity } from './local-identity.ts';
import { localIssuer } from './local-identity-route.ts';

let home: string;
let app: FastifyInstance;
let origin: string;
let apiKey: string;
let token: string;
/** What the server made of each request. */
const outcomes: unknown[] = [];

beforeAll(async () => {
  // The clients would take these for settings of the test.
  for (const name of ['AZURE_OPENAI_API_KEY', 'OPENAI_API_KEY', 'OPENAI_BASE_URL'])
    vi.stubEnv(name, undefined);
  home = await mkdtemp(join(tmpdir(), 'samtal-clients-'));
  const identity = await openLocalIdentity({ home, issuer: () => localIssuer(origin), clock: systemClock });
  const authenticator = createAuthenticator({
    keys: [await openDefaultKey(home)],
    verifiers: [identity],
    attempts: new FailedAttempts({ clock: systemClock }),
    clock: systemClock,
  });
  app = Fastify();
  app.all('*', async ({ raw, ip }) => {
    const credentials = readCredentials({ rawHeaders: raw.rawHeaders, address: ip });
    outcomes.push(await authenticator.authenticate(credentials));
    return { data: [] };
  });
  origin = await app.listen({ host: '127.0.0.1', port: 0 });
  apiKey = await readDefaultKey(home);
  token = (await identity.issue('https://cognitiveservices.azure.com'))?.access_token ?? '';
});

afterAll(async () => {
  vi.unstubAllEnvs();
  await app.close();
  await rm(home, { recursive: true });
});

const byKey = { ok: true, principal: { id: 'key:default', name: 'default', roles: ['contributor'] } };
const byToken = { ok: true, principal: { id: 'local', name: 'local', roles: ['user'] } };

test.each<readonly [client: string, make: () => OpenAI, outcome: object]>([
  ['OpenAI with a key', () => new OpenAI({ baseURL: `${origin}/v1`, apiKey }), byKey],
  [
    "OpenAI with a key at Azure's v1 address",
    () => new OpenAI({ baseURL: `${origin}/openai/v1/`, apiKey }),
    byKey,
  ],
  [
    'OpenAI with a token',
    () => new OpenAI({ baseURL: `${origin}/openai/v1/`, apiKey: async () => token }),
    byToken,
  ],
  [
    'AzureOpenAI with a key',
    () => new AzureOpenAI({ endpoint: origin, apiKey, apiVersion: '2025-01-01-preview' }),
    byKey,
  ],
  [
    'AzureOpenAI with a token',
    () =>
      new AzureOpenAI({
        endpoint: origin,
        azureADTokenProvider: async () => token,
        apiVersion: '2025-01-01-preview',
      }),
    byToken,
  ],
])('the client %s is known', async (_client, make, outcome) => {
  await make().models.list();
  expect(outcomes.pop()).toEqual(outcome);
});
