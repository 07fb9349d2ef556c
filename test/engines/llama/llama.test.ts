import { afterAll, beforeAll, describe, test } from 'vitest';
import { languageModelConformance } from '../../../src/engine/conformance/language-model.ts';
import type { Llama } from '../../../src/engines/llama/llama.ts';
import { findEnginePackage } from '../../support/engine-package.ts';
import { sayingModel } from '../../support/gguf/sayings.ts';
import { TinyLlamas } from '../../support/tiny-llama.ts';

const runtime = await findEnginePackage('llama', 'node-llama-cpp');

describe.runIf(runtime !== undefined)('llama is a language model', () => {
  let llamas: TinyLlamas;
  let model: Llama;

  beforeAll(async () => {
    llamas = await TinyLlamas.open(runtime ?? '');
    model = await llamas.run(sayingModel());
    await model.warm();
  });

  afterAll(async () => await llamas[Symbol.asyncDispose]());

  test.each(languageModelConformance)('$name', async ({ run }) => {
    await run({ model, prompt: 'What makes a talk good?', isDeterministic: true, callsTools: true });
  });
});
