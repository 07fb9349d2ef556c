import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openTestApp, type TestApp } from '../../support/app.ts';
import { findEnginePackage } from '../../support/engine-package.ts';
import { sayingModel } from '../../support/gguf/sayings.ts';
import { openSession, type RealtimeClient } from '../../support/realtime-client.ts';
import { TinyLlamas } from '../../support/tiny-llama.ts';

const runtime = await findEnginePackage('long realtime sessions', 'node-llama-cpp');
const SENTENCE = 'Every good talk begins with someone who listens.';

describe.runIf(runtime !== undefined)('a session that is longer than the context of its model', () => {
  let llamas: TinyLlamas;
  let app: TestApp;
  let url: string;

  beforeAll(async () => {
    llamas = await TinyLlamas.open(runtime ?? '');
    const languageModel = await llamas.run(sayingModel(), { contextTokens: 512 });
    app = await openTestApp({ box: { languageModel } });
    url = await app.listen();
  });
  afterAll(async () => {
    await app[Symbol.asyncDispose]();
    await llamas[Symbol.asyncDispose]();
  });

  async function openLong(session: object): Promise<RealtimeClient> {
    const client = await openSession(`${url}/v1/realtime?model=box`, {
      headers: { authorization: `Bearer ${app.key}` },
    });
    client.send({
      type: 'session.update',
      session: { type: 'realtime', output_modalities: ['text'], instructions: 'Be brief.', ...session },
    });
    await client.until('session.updated');
    for (let turn = 0; turn < 20; turn += 1) {
      const content = [{ type: 'input_text', text: 'x'.repeat(50) }];
      client.send({ type: 'conversation.item.create', item: { type: 'message', role: 'user', content } });
    }
    client.send({ type: 'response.create' });
    return client;
  }

  test('goes on without its oldest part', async () => {
    const client = await openLong({});
    expect(await client.until('response.output_text.done')).toMatchObject({ text: SENTENCE });
    expect(await client.until('response.done')).toMatchObject({ response: { status: 'completed' } });
    await client.close();
  });

  test('fails with both numbers where nothing may be left out', async () => {
    const client = await openLong({ truncation: 'disabled' });
    expect(await client.until('response.done')).toMatchObject({
      response: {
        status: 'failed',
        status_details: { error: { message: expect.stringContaining('a context of 512') } },
      },
    });
    await client.close();
  });
});
