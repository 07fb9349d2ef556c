import { once } from 'node:events';
import { request } from 'node:http';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { fakeLanguageModel } from '../../src/engines/fake/fake-language-model.ts';
import { fakeRecognizer } from '../../src/engines/fake/fake-recognizer.ts';
import { fakeSynthesizer } from '../../src/engines/fake/fake-synthesizer.ts';
import { openTestApp, type TestApp } from '../support/app.ts';
import {
  openRealtime,
  openRefused,
  openSession,
  RealtimeClient,
  type RealtimeClientOptions,
} from '../support/realtime-client.ts';

const VERSION = 'api-version=2024-10-01-preview';
const AZURE = `/openai/realtime?${VERSION}&deployment=talk`;
const AZURE_V1 = '/openai/v1/realtime?model=talk';
const OPENAI = '/v1/realtime?model=talk';

const engines = {
  talk: { recognizer: fakeRecognizer(), languageModel: fakeLanguageModel(), synthesizer: fakeSynthesizer() },
  hear: { recognizer: fakeRecognizer() },
};

let served: TestApp;
let url: string;
let auth: Record<string, string>;

beforeAll(async () => {
  served = await openTestApp(engines);
  url = await served.listen();
  auth = { 'api-key': served.key };
});

afterAll(async () => {
  await served?.[Symbol.asyncDispose]();
});

async function greeting(client: RealtimeClient): Promise<unknown> {
  const event = await client.until('session.created');
  await client.close();
  return event['session'];
}

describe.each([
  [AZURE, 'preview'],
  [`//openai//realtime?${VERSION}&deployment=talk`, 'preview'],
  [AZURE_V1, 'ga'],
  ['/openai/v1/realtime?deployment=talk', 'ga'],
  [OPENAI, 'ga'],
  ['//v1/realtime?model=talk', 'ga'],
])('at %s', (path, dialect) => {
  const inQuery = (name: string, value: string): string => `${path}&${name}=${encodeURIComponent(value)}`;
  const places: readonly (readonly [string, () => readonly [string, RealtimeClientOptions]])[] = [
    ['the header api-key', () => [path, { headers: auth }]],
    ['a bearer', () => [path, { headers: { authorization: `Bearer ${served.key}` } }]],
    ['the query api-key', () => [inQuery('api-key', served.key), {}]],
    ['the query Authorization', () => [inQuery('Authorization', `Bearer ${served.key}`), {}]],
    ['the subprotocol', () => [path, { protocols: ['realtime', `openai-insecure-api-key.${served.key}`] }]],
  ];

  test.each(places)('a key in %s opens a session in the dialect of the address', async (_place, of) => {
    const [address, options] = of();
    const session = await greeting(await openSession(url + address, options));
    expect(session).toHaveProperty(dialect === 'ga' ? 'output_modalities' : 'modalities');
  });
});

test.each([
  ['a header', { headers: { 'openai-beta': 'realtime=v1' } }],
  ['a subprotocol', { protocols: ['realtime', 'openai-beta.realtime-v1'] }],
])('the beta marker in %s makes a session of the preview', async (_where, marker) => {
  const headers = { ...auth, ...('headers' in marker ? marker.headers : {}) };
  const client = await openSession(url + OPENAI, { ...marker, headers });
  expect(await greeting(client)).toHaveProperty('modalities');
});

test('of the protocols that are offered, realtime is chosen', async () => {
  const protocols = ['openai-insecure-api-key.x', 'openai-beta.realtime-v1', 'realtime'];
  const client = await openSession(url + OPENAI, {
    protocols: protocols.map((name) => name.replace(/x$/, served.key)),
  });
  expect(client.protocol).toBe('realtime');
  await client.close();
});

test('a transcription session needs no model', async () => {
  const client = await openSession(`${url}/v1/realtime?intent=transcription`, { headers: auth });
  expect(await greeting(client)).toMatchObject({ type: 'transcription' });
});

test('a deployment that only hears opens transcription sessions', async () => {
  const client = await openSession(`${url}/v1/realtime?intent=transcription&model=hear`, { headers: auth });
  expect(await greeting(client)).toMatchObject({ type: 'transcription' });
});

describe('Azure refuses with an HTTP answer', () => {
  test.each([
    ['no key', AZURE, {}, 401, '401'],
    ['a wrong key', AZURE, { 'api-key': 'wrong' }, 401, '401'],
    ['a wrong key at v1', AZURE_V1, { 'api-key': 'wrong' }, 401, '401'],
    [
      'an unknown deployment',
      `/openai/realtime?${VERSION}&deployment=none`,
      'key',
      404,
      'DeploymentNotFound',
    ],
    ['an unknown model', '/openai/v1/realtime?model=none', 'key', 404, 'DeploymentNotFound'],
    ['no api-version', '/openai/realtime?deployment=talk', 'key', 404, '404'],
    ['what is no api-version', '/openai/realtime?api-version=latest&deployment=talk', 'key', 404, '404'],
    ['no deployment', `/openai/realtime?${VERSION}`, 'key', 400, 'missing_required_parameter'],
    [
      'a deployment that only hears',
      `/openai/realtime?${VERSION}&deployment=hear`,
      'key',
      400,
      'OperationNotSupported',
    ],
  ])('%s', async (_what, path, headers, status, code) => {
    const refusal = await openRefused(url + path, { headers: headers === 'key' ? auth : headers });
    expect(refusal).toMatchObject({ status, body: { error: { code } } });
    expect(refusal.headers['apim-request-id']).toMatch(/^req_/);
    expect(refusal.headers['content-type']).toContain('application/json');
  });
});

describe('OpenAI accepts, says why not, and closes', () => {
  test.each([
    ['no key', OPENAI, {}, 'invalid_api_key', 3000, 'invalid_request_error.invalid_api_key'],
    [
      'a wrong key',
      OPENAI,
      { 'api-key': 'x' },
      'invalid_api_key',
      3000,
      'invalid_request_error.invalid_api_key',
    ],
    ['no model', '/v1/realtime', 'key', 'missing_model', 4000, 'invalid_request_error.missing_model'],
    [
      'an unknown model',
      '/v1/realtime?model=none',
      'key',
      'model_not_found',
      4004,
      'invalid_request_error.model_not_found',
    ],
  ])('%s', async (_what, path, headers, code, closeCode, reason) => {
    const client = await openSession(url + path, { headers: headers === 'key' ? auth : headers });
    expect(await client.closed).toEqual({ code: closeCode, reason });
    expect(client.events).toMatchObject([{ type: 'error', error: { code, event_id: null } }]);
  });
});

test('fifteen mebibytes of audio in one event are taken, and an event that holds more ends the connection', async () => {
  await using fast = await openTestApp(engines, { sessionAudioPace: 1000 });
  const client = await openSession((await fast.listen()) + AZURE, { headers: { 'api-key': fast.key } });
  client.send({ type: 'session.update', session: { turn_detection: null } });
  const audio = Buffer.alloc(15 * 2 ** 20).toString('base64');
  client.send({ type: 'input_audio_buffer.append', audio });
  client.send({ type: 'input_audio_buffer.clear' });
  await client.until('input_audio_buffer.cleared');
  client.send({ type: 'input_audio_buffer.append', audio: audio + audio });
  expect(await client.closed).toMatchObject({ code: 1009 });
  expect(client.events.filter(({ type }) => type === 'error')).toEqual([]);
});

test('where there are no sessions, an upgrade is refused', async () => {
  const refusal = await openRefused(`${url}/v1/chat/completions`, { headers: auth });
  expect(refusal).toMatchObject({ status: 404, body: { error: { code: 'unknown_url' } } });
});

test.each([AZURE, OPENAI])(
  'a page of another origin is refused before its key is looked at: %s',
  async (path) => {
    const refusal = await openRefused(url + path, { origin: 'https://else.example' });
    expect(refusal).toMatchObject({
      status: 403,
      body: { error: { message: expect.stringContaining('server.allowedOrigins') } },
    });
  },
);

test('a page of this machine may', async () => {
  const client = await openSession(url + OPENAI, { origin: 'http://localhost:5173', headers: auth });
  expect(await greeting(client)).toMatchObject({ object: 'realtime.session' });
});

async function ask(headers: Record<string, string>, path: string): Promise<number> {
  const asked = request(url + path, { headers, agent: false });
  asked.end();
  const [response]: { statusCode?: number; resume(): void }[] = await once(asked, 'response');
  response?.resume();
  return response?.statusCode ?? 0;
}

test('a request that offers HTTP/2 is answered as if it did not', async () => {
  expect(await ask({ connection: 'Upgrade, HTTP2-Settings', upgrade: 'h2c' }, '/health')).toBe(200);
});

test('a handshake that is none is answered, and takes no place', async () => {
  await using small = await openTestApp(engines, { sessions: 1, sessionsPerKey: 1 });
  const base = await small.listen();
  const headers = { connection: 'Upgrade', upgrade: 'websocket', 'api-key': small.key };
  const asked = request(base + OPENAI, { headers, agent: false });
  asked.end();
  const [response]: { statusCode?: number; resume(): void }[] = await once(asked, 'response');
  response?.resume();
  expect(response?.statusCode).toBe(400);
  await (await openUntilAdmitted(base, small.key)).close();
});

/** A place is given back a moment after its client has seen the end. */
async function openUntilAdmitted(base: string, key: string): Promise<RealtimeClient> {
  for (;;) {
    const outcome = await openRealtime(base + AZURE, { headers: { 'api-key': key } });
    if (outcome instanceof RealtimeClient) return outcome;
  }
}

test('a session over the limit is refused before it begins, and has its place once another ends', async () => {
  await using small = await openTestApp(engines, { sessions: 4, sessionsPerKey: 1 });
  const base = await small.listen();
  const headers = { 'api-key': small.key };
  const first = await openSession(base + AZURE, { headers });
  await first.until('session.created');
  const refusal = await openRefused(base + AZURE, { headers });
  expect(refusal).toMatchObject({ status: 429, headers: { 'retry-after': '10' } });
  const told = await openSession(base + OPENAI, { headers });
  expect(await told.closed).toMatchObject({ code: 1013 });
  expect(told.events).toMatchObject([
    { type: 'error', error: { code: 'rate_limit_exceeded', message: expect.stringContaining('in 10s') } },
  ]);
  await first.close();
  await (await openUntilAdmitted(base, small.key)).close();
});

test('a session over the limit of the server is refused as one', async () => {
  await using small = await openTestApp(engines, { sessions: 1 });
  const base = await small.listen();
  const headers = { 'api-key': small.key };
  const first = await openSession(base + AZURE, { headers });
  expect(await openRefused(base + AZURE, { headers })).toMatchObject({
    status: 503,
    headers: { 'retry-after': '10' },
  });
  await first.close();
});
