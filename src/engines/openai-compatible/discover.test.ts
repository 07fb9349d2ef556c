import { expect, test } from 'vitest';
import { discoverLanguageModel, type ModelServerCandidate } from './discover.ts';
import { type FakeUpstream, serveFake } from './fake-upstream.ts';

const signal = new AbortController().signal;

function at(upstream: FakeUpstream, name = 'ollama'): ModelServerCandidate {
  return { name, baseUrl: upstream.baseUrl };
}

async function outcomeOf(body: string, headers = {}): Promise<string | undefined> {
  await using upstream = await serveFake((_, response) => response.writeHead(200, headers).end(body));
  const { tried } = await discoverLanguageModel({ signal, candidates: [at(upstream)] });
  return tried[0]?.outcome;
}

test('the first chat model of the first server that has one is taken', async () => {
  const gone = await serveFake(() => {});
  await gone[Symbol.asyncDispose]();
  const paths: unknown[] = [];
  const list = {
    object: 'list',
    data: [{ id: 'nomic-embed-text:latest' }, { id: 'llama3.2:3b' }, { id: 'other' }],
  };
  await using upstream = await serveFake((request, response) => {
    paths.push(request.url);
    response.end(JSON.stringify(list));
  });
  const candidates = [at(gone, 'vllm'), at(upstream), at(upstream, 'later')];
  expect(await discoverLanguageModel({ signal, candidates })).toEqual({
    found: { name: 'ollama', baseUrl: upstream.baseUrl, model: 'llama3.2:3b' },
    tried: [
      { name: 'vllm', baseUrl: gone.baseUrl, outcome: 'no server' },
      { name: 'ollama', baseUrl: upstream.baseUrl, outcome: 'chat model llama3.2:3b' },
      { name: 'later', baseUrl: upstream.baseUrl, outcome: 'chat model llama3.2:3b' },
    ],
  });
  expect(paths).toEqual(['/v1/models', '/v1/models']);
});

test.each([
  ['{"data":[{"id":"gpt-4o-audio-preview","owned_by":"samtal"}]}', {}, 'a Samtal server'],
  ['{"data":[{"id":"m"}]}', { server: 'Samtal/0.1' }, 'a Samtal server'],
  ['{"data":[{"id":"m"}]}', { 'x-samtal': '0.1.0' }, 'a Samtal server'],
  ['{"data":[{"id":"bge-m3"},{"id":"whisper-large-v3"}]}', {}, 'no chat model'],
  ['{"data":null}', {}, 'not a model server'],
  ['<html></html>', {}, 'not a model server'],
])('%s %j is %s', async (body, headers, outcome) => {
  expect(await outcomeOf(body, headers)).toBe(outcome);
});

test('a server that hangs is left after the time', async () => {
  await using upstream = await serveFake(() => {});
  const { found, tried } = await discoverLanguageModel({ signal, candidates: [at(upstream)], timeoutMs: 30 });
  expect(found).toBeUndefined();
  expect(tried[0]?.outcome).toBe('no answer in time');
});

test('an aborted search rejects with the reason', async () => {
  await using upstream = await serveFake(() => {});
  const controller = new AbortController();
  const search = discoverLanguageModel({ signal: controller.signal, candidates: [at(upstream)] });
  controller.abort(new Error('never mind'));
  await expect(search).rejects.toThrow('never mind');
});
