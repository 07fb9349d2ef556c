import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { childProcesses } from '../support/child-processes.ts';
import { findEnginePackage } from '../support/engine-package.ts';
import { CHATML } from '../support/gguf/templates.ts';
import { tinyModel } from '../support/gguf/tiny-model.ts';
import { writeToneEars } from '../support/onnx/tone-ears.ts';
import { writeToneVoice } from '../support/onnx/tone-voice.ts';
import { putModel, putPackage } from '../support/pulled.ts';
import { startTestServer, type TestServer } from '../support/test-server.ts';

const sherpa = (await findEnginePackage('models that arrive', 'sherpa-onnx-node')) ?? '';
const llama = (await findEnginePackage('models that arrive', 'node-llama-cpp')) ?? '';
const SENTENCE = 'turn off the lights in the kitchen';

/** The graph comes first, and is passed over when a model is only looked at. */
function garbleGraph(model: Buffer): Buffer {
  return Buffer.from(model).fill(0xff, 20, 200);
}

interface Health {
  readonly defaults: Readonly<
    Record<'hears' | 'thinks' | 'speaks', { readonly engine: string; readonly because: string } | null>
  >;
  readonly deployments: Readonly<Record<string, { readonly speaks: string | null }>>;
  readonly notices: readonly string[];
}

describe.runIf(sherpa !== '' && llama !== '')('models that arrive while the server runs', () => {
  let server: TestServer;

  beforeEach(async () => {
    server = await startTestServer();
  });
  afterEach(async () => await server[Symbol.asyncDispose]());

  async function health(): Promise<Health> {
    return (await (await server.get('/health')).json()) as Health;
  }

  async function whenAnswers(part: keyof Health['defaults'], engine: RegExp): Promise<Health> {
    await expect
      .poll(async () => (await health()).defaults[part]?.engine, { timeout: 60_000, interval: 100 })
      .toMatch(engine);
    return await health();
  }

  async function putVoice(): Promise<void> {
    await putModel(server.home, 'kokoro-en-v0.19', writeToneVoice);
  }

  async function speak(): Promise<Buffer> {
    const response = await server.post('/v1/audio/speech', {
      model: 'tts-1',
      voice: 'alloy',
      input: SENTENCE,
      response_format: 'wav',
    });
    expect(response.status).toBe(200);
    return Buffer.from(await response.arrayBuffer());
  }

  async function hear(wav: Buffer): Promise<string> {
    const body = new FormData();
    body.set('model', 'whisper-1');
    body.set('file', new Blob([Uint8Array.from(wav)]), 'speech.wav');
    const { text } = (await (
      await server.get('/v1/audio/transcriptions', { method: 'POST', body })
    ).json()) as {
      text: string;
    };
    return text;
  }

  test('a voice and a recognizer do the work as soon as they are there, and hear each other', async () => {
    expect((await health()).defaults.speaks?.engine).toMatch(/^flite/);
    await putPackage(server.home, 'sherpa-onnx-node', sherpa);
    await putVoice();
    const { defaults, deployments } = await whenAnswers('speaks', /kokoro-en-v0\.19/);
    expect(defaults.speaks?.because).toContain('the best of what has been pulled');
    expect(deployments['gpt-audio']?.speaks).toBe(defaults.speaks?.engine);
    await putModel(server.home, 'parakeet-tdt-0.6b-v3', writeToneEars);
    await whenAnswers('hears', /parakeet-tdt-0\.6b-v3/);
    expect(await hear(await speak())).toBe(SENTENCE);
  });

  test('a model whose runtime is not there yet is told with the remedy, and used once that has come', async () => {
    await putVoice();
    await expect
      .poll(async () => (await health()).notices, { timeout: 60_000, interval: 100 })
      .toContain(
        'What runs kokoro-en-v0.19 is not there: sherpa-onnx-node. Get it: samtal pull sherpa-onnx-node',
      );
    expect((await health()).defaults.speaks?.engine).toMatch(/^flite/);
    await putPackage(server.home, 'sherpa-onnx-node', sherpa);
    await whenAnswers('speaks', /kokoro-en-v0\.19/);
  });

  async function putDamagedVoice(damage: (model: Buffer) => Buffer): Promise<void> {
    await putPackage(server.home, 'sherpa-onnx-node', sherpa);
    await putModel(server.home, 'kokoro-en-v0.19', async (folder) => {
      await writeToneVoice(folder);
      const path = join(folder, 'model.onnx');
      await writeFile(path, damage(await readFile(path)));
    });
    await expect
      .poll(async () => (await health()).notices.join(), { timeout: 60_000, interval: 100 })
      .toContain('kokoro-en-v0.19');
  }

  test.each([
    ['is no model at all', (_model: Buffer) => Buffer.from('no model at all')],
    ['ends in the middle', (model: Buffer) => model.subarray(0, model.length / 2)],
    ['is garbled at its end', (model: Buffer) => Buffer.from(model).fill(0xff, model.length / 2)],
    ['is garbled where only loading it tells', garbleGraph],
  ])('a model whose file %s is told of, and the work goes on as before', async (_name, damage) => {
    await putDamagedVoice(damage);
    expect((await health()).defaults.speaks?.engine).toMatch(/^flite/);
    expect((await speak()).length).toBeGreaterThan(10_000);
  });

  test.runIf(process.platform === 'linux')(
    'of a model that can not be loaded no process is left',
    async () => {
      await putDamagedVoice(garbleGraph);
      expect(childProcesses('synthesizer-child')).toEqual([]);
    },
  );

  test('a server whose best model is damaged starts, and tells so', async () => {
    const home = await mkdtemp(join(tmpdir(), 'samtal-damaged-'));
    try {
      await putPackage(home, 'sherpa-onnx-node', sherpa);
      await putModel(home, 'parakeet-tdt-0.6b-v3', async (folder) => {
        await writeToneEars(folder);
        const path = join(folder, 'model.onnx');
        await writeFile(path, garbleGraph(await readFile(path)));
      });
      await using damaged = await startTestServer({ home });
      const { notices } = (await (await damaged.get('/health')).json()) as Health;
      expect(notices.join()).toContain('parakeet-tdt-0.6b-v3');
    } finally {
      await rm(home, { recursive: true });
    }
  });

  test('a language model writes the replies of every deployment that names none', async () => {
    await putPackage(server.home, 'node-llama-cpp', llama);
    await putModel(server.home, 'qwen3-0.6b', async (folder) => {
      const chains = [['\n', 'A', ' good', ' day', '.', '<|im_end|>']];
      await writeFile(join(folder, 'model.gguf'), tinyModel({ template: CHATML, chains }));
    });
    await whenAnswers('thinks', /qwen3-0\.6b/);
    const response = await server.post('/v1/chat/completions', {
      model: 'gpt-audio',
      modalities: ['text'],
      messages: [{ role: 'user', content: 'Hello' }],
    });
    const { choices } = (await response.json()) as { choices: [{ message: { content: string } }] };
    expect(choices[0].message.content).toBe('A good day.');
  });

  test('a deployment can name a model, and is told how to get one that is not there', async () => {
    await putPackage(server.home, 'sherpa-onnx-node', sherpa);
    await putVoice();
    await whenAnswers('speaks', /kokoro-en-v0\.19/);
    const deploy = async (synthesizer: string): Promise<Response> =>
      await server.get(
        '/subscriptions/s/resourceGroups/g/providers/Microsoft.CognitiveServices/accounts/samtal/deployments/own?api-version=2024-10-01',
        {
          method: 'PUT',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify({
            properties: { model: { name: 'gpt-audio' }, samtal: { engines: { synthesizer } } },
          }),
        },
      );
    expect((await deploy('kokoro-en-v0.19')).status).toBe(201);
    const refused = await deploy('kitten-nano-en');
    expect(refused.status).toBe(400);
    expect(await refused.text()).toContain('samtal pull kitten-nano-en');
  });
});
