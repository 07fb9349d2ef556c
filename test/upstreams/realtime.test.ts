import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { OpenAI } from 'openai';
import { OpenAIRealtimeWS as BetaRealtimeWS } from 'openai/beta/realtime/ws';
import { OpenAIRealtimeWS } from 'openai/realtime/ws';
import { LowLevelRTClient } from 'rt-client';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { openRealtime, openRefused, openSession, RealtimeClient } from '../support/realtime-client.ts';
import { startTestServer } from '../support/test-server.ts';
import { startTwoServers, type TwoServers, UPSTREAM_PLACES } from './two-servers.ts';

let servers: TwoServers;
beforeAll(async () => {
  servers = await startTwoServers();
});
afterAll(async () => await servers[Symbol.asyncDispose]());

const open: RealtimeClient[] = [];
afterEach(async () => {
  for (const client of open.splice(0)) await client.close();
});

const STORY = {
  type: 'conversation.item.create',
  item: { type: 'message', role: 'user', content: [{ type: 'input_text', text: 'Tell me a long story.' }] },
};

async function connect(path: string): Promise<RealtimeClient> {
  const headers = { 'api-key': servers.front.key };
  const client = await openSession(servers.front.url + path, { headers });
  open.push(client);
  return client;
}

/** The helpers of the `openai` package write `wss:`, whatever the address says. */
async function stockClient() {
  const { url, home, key } = servers.front;
  const ca = await readFile(join(home, 'tls', 'authority.pem'), 'utf8');
  const baseURL = `${url.replace('http:', 'https:')}/v1`;
  return { openai: new OpenAI({ baseURL, apiKey: key }), options: { ca } };
}

describe('a session that is passed on', () => {
  test('speaks the GA dialect with the stock client', async () => {
    const { openai, options } = await stockClient();
    const client = new OpenAIRealtimeWS({ model: 'cloud', options }, openai);
    const told: string[] = [];
    let transcript = '';
    const done = new Promise<void>((resolve, reject) => {
      client.on('event', (event) => told.push(event.type));
      client.on('error', reject);
      client.on('response.output_audio_transcript.done', (event) => {
        transcript = event.transcript;
      });
      client.on('response.done', () => resolve());
    });
    await once(client.socket, 'open');
    client.send({ type: 'session.update', session: { type: 'realtime', instructions: 'Be brief.' } });
    client.send({ type: 'conversation.item.create', item: userMessage('Good morning.') });
    client.send({ type: 'response.create' });
    await done;
    client.close();
    expect(transcript).toBe('I heard: Good morning.');
    expect(told.slice(0, 2)).toEqual(['session.created', 'session.updated']);
    expect(told).toContain('response.output_audio.delta');
  });

  test.each(['cloud', 'azure'])('speaks the preview dialect with rt-client (%s)', async (deployment) => {
    const { front } = servers;
    const client = new LowLevelRTClient(new URL(front.url), { key: front.key }, { deployment });
    const told: string[] = [];
    for await (const message of client.messages()) {
      told.push(message.type);
      if (message.type === 'session.created') {
        await client.send({ type: 'conversation.item.create', item: userMessage('Good morning.') });
        await client.send({
          type: 'response.create',
          response: { modalities: ['text', 'audio'], commit: false, cancel_previous: false },
        });
      }
      if (message.type === 'response.done') await client.close();
    }
    expect(told[0]).toBe('session.created');
    expect(told).toContain('response.audio.delta');
    expect(told.at(-1)).toBe('response.done');
  });

  test('is asked for in the dialect of the beta header', async () => {
    const { openai, options } = await stockClient();
    const client = new BetaRealtimeWS({ model: 'cloud', options }, openai);
    const [created] = await once(client.socket, 'message');
    client.close();
    expect(JSON.parse(String(created)).session.modalities).toEqual(['audio', 'text']);
  });

  test('sends sound up, and hears of its words', async () => {
    const client = await connect('/openai/v1/realtime?model=cloud');
    const audio = Buffer.alloc(48_000).toString('base64');
    client.send({ type: 'input_audio_buffer.append', audio });
    client.send({ type: 'input_audio_buffer.append', audio });
    client.send({ type: 'input_audio_buffer.clear' });
    expect(await client.until('input_audio_buffer.cleared')).toMatchObject({
      type: 'input_audio_buffer.cleared',
    });
  });

  test('cancels a response there', async () => {
    const client = await connect('/openai/v1/realtime?model=cloud');
    client.send(STORY);
    client.send({ type: 'response.create' });
    await client.until('response.output_audio_transcript.delta');
    client.send({ type: 'response.cancel' });
    expect(await client.until('response.done')).toMatchObject({ response: { status: 'cancelled' } });
  });

  test('is told in its own words that it sent a binary frame', async () => {
    const client = await connect('/openai/v1/realtime?model=cloud');
    client.socket.send(Buffer.from([1, 2, 3]), { binary: true });
    expect(await client.until('error')).toMatchObject({ error: { code: 'invalid_event' } });
  });

  test('ends there when its client leaves, and its place is free again', async () => {
    const clients: RealtimeClient[] = [];
    for (let index = 0; index < UPSTREAM_PLACES; index += 1)
      clients.push(await connect('/v1/realtime?model=cloud'));
    const [leaving] = clients;
    leaving?.send(STORY);
    leaving?.send({ type: 'response.create' });
    await leaving?.until('response.output_audio_transcript.delta');
    const refused = await openRefused(`${servers.front.url}/openai/v1/realtime?model=cloud`, {
      headers: { 'api-key': servers.front.key },
    });
    expect(refused).toMatchObject({ status: 503, headers: { 'retry-after': '1' } });
    expect(JSON.stringify(refused.body)).toContain('answered 429: This key has 3 sessions open');
    leaving?.socket.terminate();
    const next = await untilThereIsRoom();
    expect(next.events[0]?.type).toBe('session.created');
  });
});

/** Asks until the upstream has noticed that a session is over. */
async function untilThereIsRoom(): Promise<RealtimeClient> {
  for (;;) {
    const headers = { 'api-key': servers.front.key };
    const outcome = await openRealtime(`${servers.front.url}/openai/v1/realtime?model=cloud`, { headers });
    if (!(outcome instanceof RealtimeClient)) continue;
    open.push(outcome);
    await outcome.until('session.created');
    return outcome;
  }
}

describe('an upstream that refuses a session', () => {
  test.each([
    ['wrong', /answered 401: .*Check the API key\./],
    ['lost', /answered 404: The model `nobody` does not exist/],
  ])('is told over HTTP at an address of Azure (%s)', async (model, message) => {
    const refused = await openRefused(`${servers.front.url}/openai/v1/realtime?model=${model}`, {
      headers: { 'api-key': servers.front.key },
    });
    expect(refused.status).toBe(503);
    expect(JSON.stringify(refused.body)).toMatch(message);
    expect(JSON.stringify(refused.body)).not.toContain('sk-wrong-key-of-the-front');
  });

  test('is told in one event and a close at an address of OpenAI', async () => {
    const client = await openSession(`${servers.front.url}/v1/realtime?model=wrong`, {
      headers: { 'api-key': servers.front.key },
    });
    expect(await client.until('error')).toMatchObject({ error: { code: 'engine_unavailable' } });
    expect((await client.closed).code).toBe(4000);
    expect(client.events.length).toBe(1);
  });

  test('a server that is not there is named', async () => {
    const live = { type: 'openai-realtime', baseUrl: 'http://127.0.0.1:9/v1', model: 'nobody' };
    const config = { engines: { live }, deployments: { away: { realtime: 'live' } } };
    await using front = await startTestServer({ config });
    const refused = await openRefused(`${front.url}/openai/v1/realtime?model=away`, {
      headers: { 'api-key': front.key },
    });
    expect(refused.status).toBe(503);
    expect(JSON.stringify(refused.body)).toContain('Nothing answers at http://127.0.0.1:9/v1 (ECONNREFUSED)');
  });
});

describe('the end of a session that is passed on', () => {
  test('an upstream that dies is one error and close 1011', async () => {
    await using own = await startTwoServers();
    const client = await openSession(`${own.front.url}/v1/realtime?model=cloud`, {
      headers: { 'api-key': own.front.key },
    });
    client.send(STORY);
    client.send({ type: 'response.create' });
    await client.until('response.output_audio_transcript.delta');
    await own.upstream.kill();
    expect(await client.until('error')).toMatchObject({
      error: { type: 'server_error', code: 'server_error' },
    });
    expect((await client.closed).code).toBe(1011);
    expect(client.events.filter(({ type }) => type === 'error').length).toBe(1);
  });

  test('an upstream that says goodbye is passed on, code and words', async () => {
    await using own = await startTwoServers();
    const client = await openSession(`${own.front.url}/v1/realtime?model=cloud`, {
      headers: { 'api-key': own.front.key },
    });
    await client.until('session.created');
    await own.upstream.stop();
    expect(await client.closed).toEqual({ code: 1001, reason: 'The server is shutting down.' });
  });

  test('a session is idle for no longer than this server allows', async () => {
    await using own = await startTwoServers({ sessionIdleSeconds: 1 });
    const client = await openSession(`${own.front.url}/v1/realtime?model=cloud`, {
      headers: { 'api-key': own.front.key },
    });
    expect(await client.until('error')).toMatchObject({
      error: { code: 'session_expired', message: 'Your session was idle for 1 second.' },
    });
    expect((await client.closed).code).toBe(1001);
    await own.upstream.logged(/"msg":"session"/);
  });
});

function userMessage(text: string) {
  return {
    type: 'message' as const,
    role: 'user' as const,
    content: [{ type: 'input_text' as const, text }],
  };
}
