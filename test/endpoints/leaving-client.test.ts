import { once } from 'node:events';
import { type ClientRequest, type IncomingMessage, request } from 'node:http';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { LanguageModel } from '../../src/engine/language-model.ts';
import { flite } from '../../src/engines/flite/flite.ts';
import { openTestApp, type TestApp, testAuthenticator } from '../support/app.ts';

const ABORTED_WITHIN_MS = 100;

/** A fake: says a first sentence, then nothing until it is aborted, and tells when that was. */
function fakeEndlessModel() {
  const asked = Promise.withResolvers<void>();
  const aborted = Promise.withResolvers<number>();
  const model: LanguageModel = {
    name: 'fake-endless',
    generate: async function* (_, { signal }) {
      const ended = once(signal, 'abort');
      asked.resolve();
      yield { type: 'text-delta', delta: 'This is the first sentence. And this ' };
      await ended;
      aborted.resolve(performance.now());
      throw signal.reason;
    },
  };
  return { model, asked: asked.promise, aborted: aborted.promise };
}

const voice = flite();
const textual = fakeEndlessModel();
const spoken = fakeEndlessModel();
const streamed = fakeEndlessModel();
let server: TestApp;
let url: string;

beforeAll(async () => {
  await voice.warm();
  server = await openTestApp({
    textual: { languageModel: textual.model },
    spoken: { languageModel: spoken.model, synthesizer: voice },
    streamed: { languageModel: streamed.model, synthesizer: voice },
  });
  url = await server.listen();
});

afterAll(async () => {
  await server[Symbol.asyncDispose]();
  await voice[Symbol.asyncDispose]();
});

function ask(body: Readonly<Record<string, unknown>>): ClientRequest {
  const headers = { 'content-type': 'application/json', 'api-key': server.key };
  const sent = request(`${url}/v1/chat/completions`, { method: 'POST', headers, agent: false });
  // What a client that hangs up is told by its own end.
  sent.on('error', () => {});
  sent.end(JSON.stringify({ messages: [{ role: 'user', content: 'Hello' }], ...body }));
  return sent;
}

/** From hanging up until the model's signal is aborted. */
async function leaveAndMeasure(client: ClientRequest, aborted: Promise<number>): Promise<number> {
  const left = performance.now();
  client.destroy();
  return (await aborted) - left;
}

describe('a client that leaves in the middle of a completion ends the work of the engines', () => {
  test('before its answer', async () => {
    const client = ask({ model: 'textual' });
    await textual.asked;
    expect(await leaveAndMeasure(client, textual.aborted)).toBeLessThan(ABORTED_WITHIN_MS);
  });

  test('before its spoken answer', async () => {
    const audio = { voice: 'alloy', format: 'wav' };
    const client = ask({ model: 'spoken', modalities: ['text', 'audio'], audio });
    await spoken.asked;
    expect(await leaveAndMeasure(client, spoken.aborted)).toBeLessThan(ABORTED_WITHIN_MS);
  });

  test('between the pieces of a stream of speech', async () => {
    const audio = { voice: 'alloy', format: 'pcm16' };
    const client = ask({ model: 'streamed', stream: true, modalities: ['text', 'audio'], audio });
    const [response] = (await once(client, 'response')) as [IncomingMessage];
    await firstSound(response);
    expect(await leaveAndMeasure(client, streamed.aborted)).toBeLessThan(ABORTED_WITHIN_MS);
  });
});

test('a client that leaves while its token is judged takes no place', async () => {
  const judging = Promise.withResolvers<void>();
  const left = Promise.withResolvers<void>();
  const known = testAuthenticator();
  let isFirst = true;
  await using narrow = await openTestApp(
    {},
    { concurrentPerKey: 1 },
    {
      authenticator: {
        authenticate(credentials) {
          const outcome = known.authenticate(credentials);
          if (!isFirst) return outcome;
          isFirst = false;
          judging.resolve();
          return left.promise.then(() => outcome);
        },
      },
    },
  );
  narrow.app.server.once('connection', (socket) => socket.once('close', () => left.resolve()));
  const models = `${await narrow.listen()}/v1/models`;
  const headers = { 'api-key': narrow.key };
  const client = request(models, { headers, agent: false })
    .on('error', () => {})
    .end();
  await judging.promise;
  client.destroy();
  await left.promise;
  expect((await fetch(models, { headers })).status).toBe(200);
});

async function firstSound(response: IncomingMessage): Promise<void> {
  let text = '';
  for await (const piece of response.iterator({ destroyOnReturn: false })) {
    text += String(piece);
    if (/"audio":\{[^}]*"data":"[^"]/.test(text)) return;
  }
  throw new Error(`The stream ended without sound: ${text.slice(0, 500)}`);
}
