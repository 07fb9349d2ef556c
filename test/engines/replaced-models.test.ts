import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { findEnginePackage } from '../support/engine-package.ts';
import { CHATML } from '../support/gguf/templates.ts';
import { tinyModel } from '../support/gguf/tiny-model.ts';
import { putModel, putPackage } from '../support/pulled.ts';
import { startTestServer, type TestServer } from '../support/test-server.ts';

const llama = (await findEnginePackage('models that are replaced', 'node-llama-cpp')) ?? '';
const OWN_DEPLOYMENT =
  '/subscriptions/s/resourceGroups/g/providers/Microsoft.CognitiveServices/accounts/samtal/deployments/own?api-version=2024-10-01';
const LATER = { timeout: 60_000, interval: 100 };

describe.runIf(llama !== '')('a server whose models go and come', { timeout: 120_000 }, () => {
  let server: TestServer;

  beforeEach(async () => {
    server = await startTestServer();
    await putPackage(server.home, 'node-llama-cpp', llama);
  });
  afterEach(async () => await server[Symbol.asyncDispose]());

  async function put(name: string, model: Uint8Array): Promise<void> {
    await putModel(server.home, name, async (folder) => {
      await writeFile(join(folder, 'model.gguf'), model);
    });
  }

  async function remove(name: string): Promise<void> {
    await rm(join(server.home, 'models', name), { recursive: true });
  }

  async function replyOf(model: string): Promise<string> {
    const messages = [{ role: 'user', content: 'Hello' }];
    const response = await server.post('/v1/chat/completions', { model, modalities: ['text'], messages });
    const { choices } = (await response.json()) as { choices?: [{ message: { content: string } }] };
    return choices?.[0].message.content ?? `status ${response.status}`;
  }

  const reply = (model: string) => expect.poll(async () => await replyOf(model), LATER);

  test('answers with the one that took the place of another of its name', async () => {
    await put('qwen3-0.6b', saying('old'));
    await reply('gpt-audio').toBe('old.');
    await remove('qwen3-0.6b');
    await put('qwen3-0.6b', saying('new'));
    await reply('gpt-audio').toBe('new.');
  });

  test('answers with the one that starts of two, and tells why the better does not', async () => {
    await put('qwen3-1.7b', Buffer.from('no model at all'));
    await put('qwen3-0.6b', saying('small'));
    await reply('gpt-audio').toBe('small.');
    const { notices } = (await (await server.get('/health')).json()) as { notices: readonly string[] };
    expect(notices.join()).toMatch(/qwen3-1\.7b.* is no GGUF file/);
  });

  test('serves a deployment again when the model that it names is back', async () => {
    await put('qwen3-1.7b', saying('default'));
    await put('qwen3-0.6b', saying('named'));
    await reply('gpt-audio').toBe('default.');
    const properties = {
      model: { name: 'gpt-audio' },
      samtal: { engines: { languageModel: 'qwen3-0.6b' } },
    };
    const made = await server.get(OWN_DEPLOYMENT, {
      method: 'PUT',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ properties }),
    });
    expect(made.status).toBe(201);
    expect(await replyOf('own')).toBe('named.');
    await remove('qwen3-0.6b');
    await reply('own').toBe('status 400');
    await put('qwen3-0.6b', saying('back'));
    await reply('own').toBe('back.');
  });
});

function saying(word: string): Uint8Array {
  return tinyModel({ template: CHATML, chains: [['\n', word, '.', '<|im_end|>']] });
}
