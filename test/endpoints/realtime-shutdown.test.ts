import { once } from 'node:events';
import { createServer } from 'node:http';
import { pino } from 'pino';
import { expect, test } from 'vitest';
import { cascade } from '../../src/conversation/cascade.ts';
import { fakeLanguageModel } from '../../src/engines/fake/fake-language-model.ts';
import { Deployments } from '../../src/server/deployment.ts';
import { RealtimeServer } from '../../src/server/realtime/realtime-server.ts';
import { systemClock } from '../../src/util/clock.ts';
import { newId } from '../../src/util/ids.ts';
import { LIMITS, testAuthenticator } from '../support/app.ts';
import { openRefused, openSession } from '../support/realtime-client.ts';

const headers = { 'api-key': 'test-key-of-thirty-two-characters' };
const TEXT = { type: 'response.create', response: { output_modalities: ['text'] } };

interface Serving extends AsyncDisposable {
  readonly realtime: RealtimeServer;
  readonly url: string;
}

/** A server whose model gives each of `words` words after `delayMs`. */
async function serve(words: number, delayMs: number): Promise<Serving> {
  const languageModel = fakeLanguageModel({
    reply: () => ({ text: 'la '.repeat(words) }),
    behaviour: () => ({ delayMs }),
  });
  const deployment = {
    name: 'talk',
    model: 'talk',
    createdAt: 0,
    recognizer: undefined,
    synthesizer: undefined,
    voiceActivity: undefined,
    noiseReducer: undefined,
    responder: cascade({ recognizer: undefined, languageModel, synthesizer: undefined, newId }),
    defaults: { voice: 'alloy', instructions: '', temperature: undefined, maxOutputTokens: undefined },
  };
  const realtime = new RealtimeServer({
    authenticator: testAuthenticator(),
    deployments: new Deployments([deployment]),
    limits: LIMITS,
    origins: { allowed: [], isLocal: true },
    trustProxy: false,
    clock: systemClock,
    logger: pino({ level: 'silent' }),
  });
  const server = createServer().on('upgrade', (...visit) => realtime.upgrade(...visit));
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const address = server.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  return {
    realtime,
    url: `http://127.0.0.1:${port}/v1/realtime?model=talk`,
    [Symbol.asyncDispose]: async () => {
      await realtime.close(0);
      server.close();
    },
  };
}

test('a server that closes lets a reply end, and refuses who comes meanwhile', async () => {
  await using serving = await serve(20, 10);
  const client = await openSession(serving.url, { headers });
  client.send(TEXT);
  await client.until('response.output_text.delta');
  const closed = serving.realtime.close(20_000);
  expect(await openRefused(serving.url, { headers })).toMatchObject({
    status: 503,
    headers: { 'retry-after': '10' },
  });
  expect(await client.until('response.done')).toMatchObject({ response: { status: 'completed' } });
  expect(await client.closed).toEqual({ code: 1001, reason: 'The server is shutting down.' });
  await closed;
});

test('a reply that takes longer than the deadline is cut, and its end told', async () => {
  await using serving = await serve(100_000, 10);
  const client = await openSession(serving.url, { headers });
  client.send(TEXT);
  await client.until('response.output_text.delta');
  await serving.realtime.close(50);
  expect(await client.until('response.done')).toMatchObject({ response: { status: 'cancelled' } });
  expect(await client.closed).toMatchObject({ code: 1001 });
});

test('sessions in which nothing is said end at once', async () => {
  await using serving = await serve(1, 0);
  const clients = [await openSession(serving.url, { headers }), await openSession(serving.url, { headers })];
  await Promise.all(clients.map(async (client) => await client.until('session.created')));
  await serving.realtime.close(20_000);
  expect(await Promise.all(clients.map(async (client) => await client.closed))).toMatchObject([
    { code: 1001 },
    { code: 1001 },
  ]);
});
