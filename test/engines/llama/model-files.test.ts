import { open, writeFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { randomNumbers } from '../../../src/util/random-numbers.ts';
import { findEnginePackage } from '../../support/engine-package.ts';
import { toGguf } from '../../support/gguf/gguf-file.ts';
import { sayingModel } from '../../support/gguf/sayings.ts';
import { tinyModel } from '../../support/gguf/tiny-model.ts';
import { ask, reply, TinyLlamas } from '../../support/tiny-llama.ts';

const runtime = await findEnginePackage('llama models', 'node-llama-cpp');

const whole = sayingModel();

/** The model with one number of its header, which begins at `offset`, changed. */
function withNumber(offset: number, value: bigint): Uint8Array {
  const bytes = whole.slice();
  new DataView(bytes.buffer).setBigUint64(offset, value, true);
  return bytes;
}

function ofArchitecture(name: string): Uint8Array {
  return toGguf({ 'general.architecture': { type: 'string', value: name } }, []);
}

describe.runIf(runtime !== undefined)('a file that is no model that chats', () => {
  let llamas: TinyLlamas;
  beforeAll(async () => {
    llamas = await TinyLlamas.open(runtime ?? '');
  });
  afterAll(async () => await llamas[Symbol.asyncDispose]());

  test.each<[name: string, bytes: Uint8Array, told: RegExp]>([
    ['is empty', new Uint8Array(), /is no GGUF file/],
    ['is something else', Buffer.from('PK\u0003\u0004 and so on, for a while'), /is no GGUF file/],
    ['ends in its first line', whole.slice(0, 12), /is damaged/],
    ['ends in its metadata', whole.slice(0, 2_000), /is damaged/],
    ['ends in its weights', whole.slice(0, whole.length >> 1), /is damaged/],
    ['lacks its last byte', whole.slice(0, -1), /is damaged/],
    ['is of another version', withNumber(0, 0x09_46_55_47_47n), /is damaged, or of a kind that is too new/],
    ['counts more fields than there can be', withNumber(16, 2n ** 62n), /is damaged/],
    ['has no architecture', toGguf({}, []), /has no tokenizer/],
    ['has an architecture of its own', ofArchitecture('perpetuum'), /has no tokenizer/],
    ['is a model of embeddings', ofArchitecture('nomic-bert'), /writes no text \(nomic-bert\)/],
    ['is the projector of another model', ofArchitecture('clip'), /writes no text \(clip\)/],
  ])('is told so when it %s', async (_name, bytes, told) => {
    const model = await llamas.run(bytes);
    await expect(model.warm()).rejects.toMatchObject({
      name: 'EngineError',
      reason: 'unavailable',
      message: expect.stringMatching(told),
    });
    await expect(reply(model, ask('Hello'))).rejects.toMatchObject({ reason: 'unavailable' });
  });

  test('is told so when it is missing, and when it is a folder', async () => {
    for (const path of ['/nowhere/model.gguf', import.meta.dirname]) {
      const model = await llamas.run(path);
      await expect(model.warm()).rejects.toMatchObject({
        reason: 'unavailable',
        message: expect.stringContaining(`The model ${path} can not be read`),
      });
    }
  });

  test('is used as soon as it is replaced', async () => {
    const path = await llamas.write(whole.slice(0, -1));
    const model = await llamas.run(path);
    await expect(model.warm()).rejects.toMatchObject({ reason: 'unavailable' });
    await writeFile(path, whole);
    expect((await reply(model, ask('Hello', { maxOutputTokens: 1 }))).text).toBe('Every');
  });

  test('is told so when it has no tokenizer', async () => {
    const path = await llamas.write(whole);
    const file = await open(path, 'r+');
    // Under another name the tokens are none: "tokenizer.ggml.tokens" comes once.
    const at = Buffer.from(whole).indexOf('tokenizer.ggml.tokens');
    await file.write('t0kenizer.ggml.tokens', at);
    await file.close();
    await expect((await llamas.run(path)).warm()).rejects.toMatchObject({
      reason: 'unavailable',
      message: expect.stringContaining('has no tokenizer'),
    });
  });

  test('is told so when the runtime is missing, with how to get it', async () => {
    const model = await llamas.run(whole, { runtime: '/nowhere/index.js' });
    await expect(model.warm()).rejects.toMatchObject({
      reason: 'unavailable',
      message: expect.stringContaining('samtal pull node-llama-cpp'),
    });
  });

  test('ends nothing but its own process, whatever byte of its header is wrong', async () => {
    const random = randomNumbers(11);
    for (let round = 0; round < 12; round += 1) {
      const bytes = whole.slice();
      for (let change = 0; change < 4; change += 1)
        bytes[Math.floor(random() * 12_000)] = Math.floor(random() * 256);
      const model = await llamas.run(bytes, { silenceMs: 2_000 });
      const outcome = await reply(model, ask('Hello', { maxOutputTokens: 4 })).then(
        () => 'answered',
        (error: unknown) => error,
      );
      if (outcome !== 'answered')
        expect(outcome).toMatchObject({
          name: 'EngineError',
          reason: expect.stringMatching(/unavailable|failed/),
        });
      await model[Symbol.asyncDispose]();
    }
  }, 120_000);

  test('chats without a template of its own, as plain text', async () => {
    const words = ['Yes', ' I', ' do', '.'];
    const model = await llamas.run(
      tinyModel({
        chains: [
          [':', ...words, '<|im_end|>'],
          [' ', ...words],
        ],
      }),
    );
    expect(
      (await reply(model, ask('Do you?', { maxOutputTokens: 6 }))).finish.usage.outputTokens,
    ).toBeGreaterThan(0);
  });
});
