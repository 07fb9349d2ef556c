import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { request } from 'node:http';
import { afterAll, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { z } from 'zod';
import { openLocalIdentity } from '../../src/server/auth/local-identity.ts';
import { systemClock } from '../../src/util/clock.ts';
import { startTestServer } from '../support/test-server.ts';

const CALLER_KEY = 'a-key-that-may-call-and-nothing-else-0123456';
const sha256 = createHash('sha256').update(CALLER_KEY).digest('hex');
const server = await startTestServer({
  config: { auth: { keys: [{ name: 'caller', from: { sha256 } }] } },
});
const { port } = new URL(server.url);
afterAll(async () => await server[Symbol.asyncDispose]());

const SIGN_IN = '/samtal/v1/sign-in';
const LINKS = '/samtal/v1/sign-in-links';

async function newSecret(): Promise<string> {
  const { url } = z.object({ url: z.string() }).parse(await (await server.post(LINKS, {})).json());
  expect(url).toMatch(new RegExp(`^http://127\\.0\\.0\\.1:${port}/#sign-in=[0-9A-Za-z]{43}$`));
  return url.slice(url.indexOf('=') + 1);
}

/** As a page posts it: `fetch` in Node sets neither of these headers as it is told. */
async function signIn(secret: unknown, headers: Record<string, string> = {}) {
  const asking = request({ port, host: '127.0.0.1', path: SIGN_IN, method: 'POST' });
  asking.setHeader('content-type', 'application/json');
  for (const [name, value] of Object.entries(headers)) asking.setHeader(name, value);
  asking.end(JSON.stringify({ secret }));
  const [response] = await once(asking, 'response');
  const chunks: Buffer[] = [];
  for await (const chunk of response) chunks.push(chunk);
  return { status: response.statusCode, body: JSON.parse(Buffer.concat(chunks).toString()) };
}

async function newToken(): Promise<string> {
  const { status, body } = await signIn(await newSecret());
  expect(status).toBe(200);
  return body.token;
}

test('a link gives a token for eight hours, once', async () => {
  const secret = await newSecret();
  const { status, body } = await signIn(secret, { origin: server.url });
  expect(status).toBe(200);
  expect(body).toEqual({ token: expect.any(String), expires_at: expect.any(Number) });
  expect(body.expires_at - Date.now() / 1000).toBeGreaterThan(28_700);
  expect(await signIn(secret)).toMatchObject({
    status: 401,
    body: {
      error: { message: expect.stringContaining('has been used or has expired'), code: 'invalid_api_key' },
    },
  });
});

test.each([
  ['a host name that an attacker led here', { host: 'rebound.example' }],
  ['a page of another origin', { origin: 'http://127.0.0.1:1' }],
  ['a page without an origin', { origin: 'null' }],
])('a link is not redeemed for %s, and is not spent by it', async (_name, headers) => {
  const secret = await newSecret();
  expect(await signIn(secret, headers)).toMatchObject({ status: 403 });
  expect(await signIn(secret)).toMatchObject({ status: 200 });
});

test.each([
  ['a number', 7, 400],
  ['nothing', '', 400],
  ['more than a secret', 'x'.repeat(5000), 413],
])('%s in place of the secret is refused', async (_name, secret, status) => {
  expect((await signIn(secret)).status).toBe(status);
});

test('the token opens the API, and a WebSocket as a subprotocol', async () => {
  const token = await newToken();
  const headers = { authorization: `Bearer ${token}` };
  expect((await fetch(`${server.url}/v1/models`, { headers })).status).toBe(200);
  const url = `${server.url.replace('http', 'ws')}/v1/realtime?model=gpt-realtime`;
  const socket = new WebSocket(url, ['realtime', `openai-insecure-api-key.${token}`], { origin: server.url });
  const [message] = await once(socket, 'message');
  expect(JSON.parse(String(message)).type).toBe('session.created');
  socket.close();
});

async function links(secret: string): Promise<Response> {
  return await fetch(server.url + LINKS, { method: 'POST', headers: { authorization: `Bearer ${secret}` } });
}

test('the token does not make more links, nor does a key that may only call', async () => {
  expect((await links(await newToken())).status).toBe(403);
  expect((await links(CALLER_KEY)).status).toBe(403);
  expect((await links(server.key)).status).toBe(200);
});

test('no program gets a token for the page from the managed identity', async () => {
  const { header } = await openLocalIdentity({ home: server.home, issuer: () => '', clock: systemClock });
  const ask = async (resource: string): Promise<Response> =>
    await fetch(`${server.url}/msi/token?resource=${encodeURIComponent(resource)}&api-version=2019-08-01`, {
      headers: { 'x-identity-header': header },
    });
  expect((await ask('samtal:playground')).status).toBe(400);
  const { access_token: token } = z
    .object({ access_token: z.string() })
    .parse(await (await ask('https://cognitiveservices.azure.com')).json());
  expect((await links(token)).status).toBe(403);
});
