import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Llama } from '../../../src/engines/llama/llama.ts';
import { openTestApp, type TestApp } from '../../support/app.ts';
import { childProcesses } from '../../support/child-processes.ts';
import { findEnginePackage } from '../../support/engine-package.ts';
import { endlessModel } from '../../support/gguf/sayings.ts';
import { TinyLlamas } from '../../support/tiny-llama.ts';

const runtime = await findEnginePackage('llama over HTTP', 'node-llama-cpp');

describe.runIf(runtime !== undefined && process.platform === 'linux')('a model over HTTP', () => {
  let llamas: TinyLlamas;
  let model: Llama;
  let app: TestApp;
  let url: string;

  beforeAll(async () => {
    llamas = await TinyLlamas.open(runtime ?? '');
    model = await llamas.run(endlessModel(), { contextTokens: 4_096, sessions: 2 });
    await model.warm();
    app = await openTestApp({ box: { languageModel: model } });
    url = await app.listen();
  });

  afterAll(async () => {
    await app[Symbol.asyncDispose]();
    await llamas[Symbol.asyncDispose]();
  });

  const complete = async (more: object): Promise<Response> =>
    await fetch(`${url}/v1/chat/completions`, {
      method: 'POST',
      headers: { 'api-key': app.key, 'content-type': 'application/json' },
      body: JSON.stringify({
        model: 'box',
        temperature: 0,
        messages: [{ role: 'user', content: 'Go on' }],
        ...more,
      }),
    });

  test('that is killed fails what it was writing with when to retry, and no other', async () => {
    const writing = [1, 2].map(async () => await complete({ max_tokens: 3_500 }));
    await expect.poll(() => model.status.running).toBe(2);
    const waiting = Array.from({ length: 10 }, async () => await complete({ max_tokens: 4 }));
    await expect.poll(() => model.status.waiting).toBe(10);
    for (const child of childProcesses('llama-child')) process.kill(child, 'SIGKILL');
    const outcomes = await Promise.all(writing);
    for (const response of outcomes) {
      expect([response.status, response.headers.get('retry-after')]).toEqual([503, '1']);
      expect(await response.json()).toMatchObject({ error: { code: 'engine_unavailable' } });
    }
    for (const response of await Promise.all(waiting))
      expect(await response.json()).toMatchObject({
        choices: [{ message: { content: 'On and on and' }, finish_reason: 'length' }],
        usage: { completion_tokens: 4 },
      });
  }, 60_000);

  test('refuses a conversation that does not fit as OpenAI does', async () => {
    const messages = [{ role: 'user', content: 'x'.repeat(5_000) }];
    const response = await complete({ messages });
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({
      error: {
        type: 'invalid_request_error',
        param: 'messages',
        code: 'context_length_exceeded',
        message: expect.stringMatching(/takes 50\d\d tokens, and the model has a context of 4096/),
      },
    });
  });

  test('that can not keep a schema says so to who asked for it', async () => {
    const schema = { type: 'object', properties: { code: { type: 'string', pattern: '^a' } } };
    const response = await complete({
      response_format: { type: 'json_schema', json_schema: { name: 'code', schema } },
    });
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({
      error: { code: 'unsupported_value', message: expect.stringContaining('pattern (at /code)') },
    });
  });
});
