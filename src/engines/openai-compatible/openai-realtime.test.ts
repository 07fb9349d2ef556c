import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { expect, test } from 'vitest';
import { WebSocketServer } from 'ws';
import type { UpstreamSessionRequest } from '../../engine/realtime-upstream.ts';
import { openAiRealtime } from './index.ts';
import { realtimeAddress } from './realtime-address.ts';

const ASKED: UpstreamSessionRequest = { dialect: 'ga', purpose: 'conversation', isTraced: false };
const { signal } = new AbortController();

interface FakeRealtime extends AsyncDisposable {
  readonly baseUrl: string;
  readonly requests: IncomingMessage[];
}

/** A fake server of this machine, which does with an upgrade what the test wants. */
async function serveFake(
  answer: (request: IncomingMessage, socket: Duplex, head: Buffer) => unknown,
): Promise<FakeRealtime> {
  const requests: IncomingMessage[] = [];
  const sockets = new Set<Duplex>();
  const server = createServer().on('upgrade', (request, socket, head) => {
    requests.push(request);
    sockets.add(socket);
    answer(request, socket, head);
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  // A server that listens on a port has an address with a port.
  const { port } = server.address() as AddressInfo;
  return {
    baseUrl: `ws://127.0.0.1:${port}/v1`,
    requests,
    [Symbol.asyncDispose]: async () => {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}

/** Accepts, and says `messages` in one go. */
async function serveMessages(...messages: readonly string[]): Promise<FakeRealtime> {
  const door = new WebSocketServer({ noServer: true });
  return await serveFake((request, socket, head) =>
    door.handleUpgrade(request, socket, head, (opened) => {
      for (const message of messages) opened.send(message);
    }),
  );
}

test.each([
  [{}, undefined, '/realtime', { model: 'm' }, {}],
  [{ dialect: 'preview' }, undefined, '/realtime', { model: 'm' }, { 'openai-beta': 'realtime=v1' }],
  [{ purpose: 'transcription' }, undefined, '/realtime', { intent: 'transcription' }, {}],
  [{ isTraced: true }, undefined, '/realtime', { model: 'm', 'samtal-trace': '1' }, {}],
  [{}, { deployment: 'd' }, '/openai/v1/realtime', { model: 'd' }, {}],
  [
    { dialect: 'preview' },
    { deployment: 'd' },
    '/openai/realtime',
    { 'api-version': '2025-04-01-preview', deployment: 'd' },
    {},
  ],
  [
    { dialect: 'preview', purpose: 'transcription' },
    { deployment: 'd', apiVersion: '2024-12-17' },
    '/openai/realtime',
    { 'api-version': '2024-12-17', deployment: 'd', intent: 'transcription' },
    {},
  ],
] as const)('what is asked for as %j of %j has its address', (asked, azure, path, query, headers) => {
  expect(realtimeAddress({ ...ASKED, ...asked }, { model: 'm', azure })).toEqual({ path, query, headers });
});

test('an open session has its first event, and loses none that comes with it', async () => {
  await using upstream = await serveMessages('{"type":"session.created"}', '{"type":"second"}');
  const { baseUrl } = upstream;
  const engine = openAiRealtime({ baseUrl, model: 'gpt-realtime', apiKey: 'sk-secret-key' });
  const { socket, takeEarly, redact } = await engine.open(ASKED, { signal });
  expect(takeEarly()).toEqual(['{"type":"session.created"}', '{"type":"second"}']);
  expect(redact('of sk-secret-key')).toBe('of ***');
  expect(upstream.requests[0]).toMatchObject({
    url: '/v1/realtime?model=gpt-realtime',
    headers: { authorization: 'Bearer sk-secret-key' },
  });
  socket.terminate();
});

test('a deployment of Azure is asked with its own header', async () => {
  await using upstream = await serveMessages('{"type":"session.created"}');
  const azure = { deployment: 'talk' };
  const baseUrl = upstream.baseUrl.replace('/v1', '');
  const engine = openAiRealtime({ baseUrl, model: 'm', apiKey: 'azure-key', azure });
  const { socket } = await engine.open(ASKED, { signal });
  expect(upstream.requests[0]?.headers).toMatchObject({ 'api-key': 'azure-key' });
  expect(upstream.requests[0]?.headers).not.toHaveProperty('authorization');
  socket.terminate();
});

test('a handshake that is refused keeps its words and when to come again', async () => {
  const body = '{"error":{"message":"Too many for sk-secret-key."}}';
  await using upstream = await serveFake((_, socket) =>
    socket.end(
      `HTTP/1.1 429 Too Many Requests\r\nretry-after: 7\r\ncontent-length: ${body.length}\r\n\r\n${body}`,
    ),
  );
  const engine = openAiRealtime({ baseUrl: upstream.baseUrl, model: 'm', apiKey: 'sk-secret-key' });
  await expect(engine.open(ASKED, { signal })).rejects.toMatchObject({
    reason: 'busy',
    retryAfterSeconds: 7,
    message: expect.stringContaining('answered 429: Too many for ***.'),
  });
});

test.each([
  ['invalid_api_key', 401, 'unavailable'],
  ['model_not_found', 404, 'unavailable'],
  ['rate_limit_exceeded', 429, 'busy'],
  ['beta_api_shape_disabled', 400, 'failed'],
])('a session that begins with the error %s is refused', async (code, status, reason) => {
  const error = { type: 'invalid_request_error', code, message: 'No.' };
  await using upstream = await serveMessages(JSON.stringify({ type: 'error', error }));
  const engine = openAiRealtime({ baseUrl: upstream.baseUrl, model: 'm' });
  await expect(engine.open(ASKED, { signal })).rejects.toMatchObject({ reason, status });
});

test('a server that says nothing is not waited for', async () => {
  await using upstream = await serveMessages();
  const engine = openAiRealtime({ baseUrl: upstream.baseUrl, model: 'm', timeouts: { connectMs: 30 } });
  await expect(engine.open(ASKED, { signal })).rejects.toMatchObject({
    reason: 'unavailable',
    message: expect.stringContaining('did not answer for 0.03 s.'),
  });
});

test('a client that leaves while the session is being opened ends that', async () => {
  const closed = Promise.withResolvers<void>();
  const leaving = new AbortController();
  const reason = new Error('left');
  await using upstream = await serveFake((_, socket) => {
    socket.on('end', closed.resolve);
    socket.resume();
    leaving.abort(reason);
  });
  const engine = openAiRealtime({ baseUrl: upstream.baseUrl, model: 'm' });
  const opening = engine.open(ASKED, { signal: leaving.signal });
  await expect(opening).rejects.toBe(reason);
  await closed.promise;
});
