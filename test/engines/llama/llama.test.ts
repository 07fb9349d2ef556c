import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, test } from 'vitest';
import { languageModelConformance } from '../../../src/engine/conformance/language-model.ts';
import { type Llama, llama } from '../../../src/engines/llama/llama.ts';
import { CHATML } from '../../support/gguf/templates.ts';
import { tinyModel } from '../../support/gguf/tiny-model.ts';
import { findLlamaRuntime } from '../../support/llama.ts';

const runtime = await findLlamaRuntime('llama');

const SENTENCE = [
  'Every',
  ' good',
  ' talk',
  ' begins',
  ' with',
  ' someone',
  ' who',
  ' listens',
  '.',
] as const;

describe.runIf(runtime !== undefined)('llama is a language model', () => {
  let folder: string;
  let model: Llama;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'samtal-llama-'));
    const path = join(folder, 'tiny.gguf');
    const chains = [['\n', ...SENTENCE, '<|im_end|>']];
    await writeFile(path, tinyModel({ template: CHATML, chains, leanings: { '"': 6, '}': 5, ']': 5 } }));
    model = llama({ runtime: runtime ?? '', model: path });
    await model.warm();
  });

  afterAll(async () => {
    await model[Symbol.asyncDispose]();
    await rm(folder, { recursive: true });
  });

  test.each(languageModelConformance)('$name', async ({ run }) => {
    await run({ model, prompt: 'What makes a talk good?', isDeterministic: true, callsTools: true });
  });
});
