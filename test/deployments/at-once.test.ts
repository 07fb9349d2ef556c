import { afterAll, beforeAll, expect, test } from 'vitest';
import { openSession, type RealtimeClient } from '../support/realtime-client.ts';
import { startTestServer, type TestServer } from '../support/test-server.ts';
import { TALK } from './deployment-bodies.ts';
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

function patchOf(samtal: object) {
  return { properties: { samtal } };
}

test('two clients that change different fields at once both have their way, each time', async () => {
  await deployments.put('shared', TALK);
  for (let round = 0; round < 40; round += 1) {
    const instructions = `Round ${round}.`;
    const temperature = (round % 20) / 10;
    // Naming an engine makes the change wait for it, while the other goes by.
    const synthesizer = round % 2 === 0 ? 'flite' : null;
    const changes = [{ engines: { synthesizer }, defaults: { temperature } }, { defaults: { instructions } }];
    if (round % 3 === 0) changes.reverse();
    const answers = await Promise.all(
      changes.map(async (samtal) => await deployments.patch('shared', patchOf(samtal))),
    );
    expect(answers.map(({ status }) => status)).toEqual([200, 200]);
    expect(await deployments.get('shared')).toMatchObject({
      body: patchOf({
        engines: synthesizer === null ? {} : { synthesizer },
        defaults: { instructions, temperature },
      }),
    });
  }
  await deployments.remove('shared');
});

test('a change that waits for an engine to start undoes nothing that was done meanwhile', async () => {
  // With another voice by default, flite starts only when it is named.
  const voice = { type: 'openai-speech', baseUrl: 'http://127.0.0.1:9/v1', model: 'none' };
  await using other = await startTestServer({ config: { engines: { voice } } });
  const waiting = deploymentsOf(other);
  await waiting.put('shared', TALK);
  let isStarted = false;
  const starting = waiting.patch('shared', patchOf({ engines: { synthesizer: 'flite' } })).finally(() => {
    isStarted = true;
  });
  const tags: Record<string, string> = {};
  while (!isStarted && Object.keys(tags).length < 50) {
    const name = `tag${Object.keys(tags).length}`;
    await waiting.patch('shared', { tags: { [name]: 'kept' } });
    tags[name] = 'kept';
  }
  expect((await starting).status).toBe(200);
  const { body } = await waiting.get('shared');
  expect(body).toMatchObject(patchOf({ engines: { synthesizer: 'flite' } }));
  expect(body['tags']).toEqual(tags);
});

test('an account is not deleted around a deployment that is being created', async () => {
  const voice = { type: 'openai-speech', baseUrl: 'http://127.0.0.1:9/v1', model: 'none' };
  await using other = await startTestServer({ config: { engines: { voice } } });
  const emptied = deploymentsOf(other);
  const { value } = (await emptied.list()).body as { readonly value: readonly { readonly name: string }[] };
  for (const { name } of value) await emptied.remove(name);
  const body = { properties: { ...TALK.properties, samtal: { engines: { synthesizer: 'flite' } } } };
  const [created, deleted] = await Promise.all([emptied.put('late', body), emptied.ask('DELETE', '')]);
  // Whichever came first.
  expect([
    [201, 409],
    [404, 200],
  ]).toContainEqual([created.status, deleted.status]);
});

test('of clients that change what they have read, none undoes the change of another', async () => {
  await deployments.put('counted', { ...TALK, tags: { count: '0' } });
  const addOne = async (): Promise<number> => {
    for (let refused = 0; ; refused += 1) {
      const { body, etag } = await deployments.get('counted');
      const { count } = body['tags'] as { readonly count: string };
      const headers = { 'if-match': etag ?? '' };
      const { status } = await deployments.put(
        'counted',
        { ...TALK, tags: { count: `${Number(count) + 1}` } },
        headers,
      );
      if (status === 200) return refused;
      expect(status).toBe(412);
    }
  };
  const clients = Array.from({ length: 4 }, async () => {
    let refused = 0;
    for (let round = 0; round < 10; round += 1) refused += await addOne();
    return refused;
  });
  const refused = (await Promise.all(clients)).reduce((sum, count) => sum + count);
  expect(refused).toBeGreaterThan(0);
  expect(await deployments.get('counted')).toMatchObject({ body: { tags: { count: '40' } } });
  await deployments.remove('counted');
});

test('of clients that create the same deployment, one does', async () => {
  const answers = await Promise.all(
    Array.from({ length: 8 }, async () => await deployments.put('first', TALK, { 'if-none-match': '*' })),
  );
  const statuses = answers.map(({ status }) => status);
  expect(statuses.filter((status) => status === 201)).toHaveLength(1);
  expect(statuses.filter((status) => status === 412)).toHaveLength(7);
  await deployments.remove('first');
});

async function ask(model: string): Promise<Response> {
  return await server.post('/v1/chat/completions', { model, messages: [{ role: 'user', content: 'Hello' }] });
}

async function say(client: RealtimeClient, text: string): Promise<string> {
  const item = { type: 'message', role: 'user', content: [{ type: 'input_text', text }] };
  client.send({ type: 'conversation.item.create', item });
  client.send({ type: 'response.create', response: { output_modalities: ['text'] } });
  await client.until('response.created');
  const done = await client.until('response.output_text.done');
  await client.until('response.done');
  return String(done['text']);
}

test('a session goes on as it began while its deployment is changed and deleted', async () => {
  const headers = { 'api-key': server.key };
  const instructions = 'Be who you were.';
  await deployments.put('lasting', {
    properties: { model: { name: 'gpt-realtime' }, samtal: { defaults: { instructions } } },
  });
  const client = await openSession(`${server.url}/v1/realtime?model=lasting`, { headers });
  const created = await client.until('session.created');
  expect(created).toMatchObject({ session: { model: 'gpt-realtime', instructions } });
  expect(await say(client, 'Hello there')).toContain('You said: Hello there.');
  // What transcribes has no answer to give.
  await deployments.put('lasting', { properties: { model: { name: 'whisper-1' } } });
  expect((await ask('lasting')).status).toBe(400);
  expect(await say(client, 'Hello again')).toContain('You said: Hello again.');
  await deployments.remove('lasting');
  expect((await ask('lasting')).status).toBe(404);
  expect(await say(client, 'Still there')).toContain('You said: Still there.');
  client.send({ type: 'session.update', session: { type: 'realtime', output_modalities: ['text'] } });
  expect(await client.until('session.updated')).toMatchObject({
    session: { model: 'gpt-realtime', instructions },
  });
  await client.close();
});

test('a new session of a changed deployment begins as it is now', async () => {
  const headers = { 'api-key': server.key };
  await deployments.put('lasting', {
    properties: { model: { name: 'gpt-audio' }, samtal: { defaults: { voice: 'ash' } } },
  });
  const client = await openSession(
    `${server.url}/openai/realtime?api-version=2024-10-01-preview&deployment=lasting`,
    { headers },
  );
  expect(await client.until('session.created')).toMatchObject({
    session: { model: 'gpt-audio', voice: 'ash' },
  });
  await client.close();
  await deployments.remove('lasting');
});
