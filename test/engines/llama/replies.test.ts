import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ModelMessage, ToolDefinition } from '../../../src/engine/language-model.ts';
import type { Llama } from '../../../src/engines/llama/llama.ts';
import { findEnginePackage } from '../../support/engine-package.ts';
import { callingModel, endlessModel, sayingModel, thinkingModel } from '../../support/gguf/sayings.ts';
import { ALWAYS_THINKING, CHATML, THINKING } from '../../support/gguf/templates.ts';
import { randomModel, tinyModel } from '../../support/gguf/tiny-model.ts';
import { ask, reply, TinyLlamas } from '../../support/tiny-llama.ts';

const runtime = await findEnginePackage('llama replies', 'node-llama-cpp');

const SENTENCE = 'Every good talk begins with someone who listens.';
const TOOLS: readonly ToolDefinition[] = [
  {
    name: 'get_weather',
    parameters: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] },
  },
  { name: 'hang_up', description: 'Ends the call.' },
];

let llamas: TinyLlamas;
let saying: Llama;
let random: Llama;
beforeAll(async () => {
  llamas = await TinyLlamas.open(runtime ?? '');
  saying = await llamas.run(sayingModel());
  random = await llamas.run(randomModel(CHATML, 3));
});
afterAll(async () => await llamas[Symbol.asyncDispose]());

describe.runIf(runtime !== undefined)('a conversation that goes on', () => {
  const spoken: readonly ModelMessage[] = [
    { role: 'user', text: 'Hello' },
    { role: 'assistant', text: SENTENCE },
  ];

  test('costs its new words and what the template writes around them', async () => {
    const first = await reply(saying, ask('Hello'));
    const messages: ModelMessage[] = [...spoken, { role: 'user', text: 'More' }];
    const { usage } = (await reply(saying, ask('', {}, { messages }))).finish;
    // 4 letters; <|im_end|>, \n, <|im_start|>, user, \n, <|im_end|>, \n, <|im_start|>, assistant and \n.
    const added = 4 + 8 + 'user'.length + 'assistant'.length;
    expect(usage.inputTokens - (usage.cachedInputTokens ?? 0)).toBe(added);
    expect(usage.inputTokens).toBe(first.finish.usage.inputTokens + 9 + added);
  });

  test('keeps its place beside another one with the same instructions', async () => {
    const model = await llamas.run(sayingModel(), { sessions: 2 });
    const system: ModelMessage = { role: 'system', text: 'You are a friendly voice.' };
    const ofOne: ModelMessage[] = [system, { role: 'user', text: 'A long first question of one caller.' }];
    const ofOther: ModelMessage[] = [system, { role: 'user', text: 'What another caller wants to know.' }];
    await reply(model, ask('', {}, { messages: ofOne }));
    await reply(model, ask('', {}, { messages: ofOther }));
    for (const messages of [ofOne, ofOther]) {
      const { usage } = (await reply(model, ask('', {}, { messages }))).finish;
      expect(usage.cachedInputTokens).toBe(usage.inputTokens - 1);
    }
  });

  test('says the same whether its beginning was kept or is read again', async () => {
    const model = await llamas.run(randomModel(CHATML, 7), { sessions: 1 });
    const opening = 'The beginning of a long conversation about nothing in particular.';
    const asked = ask(`${opening} And now its end.`, { maxOutputTokens: 24 });
    const fresh = await reply(model, asked);
    await reply(model, ask('Something else. '.repeat(10), { maxOutputTokens: 4 }));
    const again = await reply(model, ask(opening, { maxOutputTokens: 1 }));
    const kept = await reply(model, asked);
    expect(fresh.finish.usage.cachedInputTokens).toBe(0);
    expect(again.finish.usage.cachedInputTokens).toBeLessThan(opening.length);
    expect(kept.finish.usage.cachedInputTokens).toBeGreaterThan(opening.length);
    expect(kept.text).toBe(fresh.text);
    expect(kept.text).toHaveLength(24);
  });

  test('is refused when it is longer than the context, with both numbers', async () => {
    const model = await llamas.run(sayingModel(), { contextTokens: 256 });
    await expect(reply(model, ask('x'.repeat(400)))).rejects.toMatchObject({
      reason: 'too-long',
      message: expect.stringMatching(/takes 4\d\d tokens, and the model has a context of 256/),
    });
  });

  test('ends with its context, and not before it', async () => {
    const model = await llamas.run(endlessModel(), { contextTokens: 256 });
    const { finish } = await reply(model, ask('Go on'));
    expect(finish.reason).toBe('length');
    expect(finish.usage.inputTokens + finish.usage.outputTokens).toBe(256 - 2);
  });
});

describe.runIf(runtime !== undefined)('what is sampled', () => {
  test('is the same for the same seed, and another for another', async () => {
    const seeded = async (seed: number): Promise<string> =>
      (await reply(random, ask('Hello', { temperature: 2, topP: 1, seed, maxOutputTokens: 20 }))).text;
    const [first, again, other] = [await seeded(1), await seeded(1), await seeded(2)];
    expect(again).toBe(first);
    expect(other).not.toBe(first);
  });

  test('is what is likeliest at temperature 0, whatever the seed', async () => {
    const seeded = async (seed: number): Promise<string> =>
      (await reply(random, ask('Hello', { seed, maxOutputTokens: 20 }))).text;
    expect(await seeded(2)).toBe(await seeded(1));
  });

  test('comes to an end that repetition was kept from, when it is penalised', async () => {
    const model = await llamas.run(endlessModel());
    const endless = await reply(model, ask('Go on', { maxOutputTokens: 200 }));
    expect(endless.finish.reason).toBe('length');
    const penalised = await reply(model, ask('Go on', { maxOutputTokens: 200, frequencyPenalty: 2 }));
    expect(penalised.finish.reason).toBe('stop');
    expect(penalised.text).toBe('On and on and on and on and on and on');
  });

  test('is not a token that is weighed down', async () => {
    const plain = (await reply(random, ask('Hello', { maxOutputTokens: 8 }))).text;
    // The 256 bytes come first in the vocabulary, each as its number.
    const token = String(plain.charCodeAt(0));
    const weighed = await reply(random, ask('Hello', { maxOutputTokens: 8, logitBias: { [token]: -100 } }));
    expect(weighed.text).not.toContain(plain.charAt(0));
    await expect(reply(random, ask('Hello', { logitBias: { 99999: 1 } }))).rejects.toMatchObject({
      reason: 'unsupported',
      message: expect.stringContaining('99999'),
    });
  });
});

describe.runIf(runtime !== undefined)('text', () => {
  test('that a user writes is never a control token', async () => {
    const plain = await reply(saying, ask('0123456789'));
    const control = await reply(saying, ask('<|im_end|>'));
    expect(control.finish.usage.inputTokens).toBe(plain.finish.usage.inputTokens);
    expect(control.text).toBe(SENTENCE);
  });

  test('has its letters whole, also those of two tokens', async () => {
    // The bytes C3 A4 of the letter ä, as the vocabulary writes them.
    const chains = [['\n', '\u{c3}', '\u{a4}', 't', ' middag', '<|im_end|>']];
    const model = await llamas.run(tinyModel({ template: CHATML, chains }));
    const deltas: string[] = [];
    for await (const event of model.generate(ask('Hej'), { signal: new AbortController().signal }))
      if (event.type === 'text-delta') deltas.push(event.delta);
    expect(deltas).toEqual(['ä', 't', ' middag']);
  });

  test('is not cut by a stop sequence that only began', async () => {
    const { text, finish } = await reply(saying, ask('Hello', { stop: [' listens!', 'someone.', '.?'] }));
    expect(text).toBe(SENTENCE);
    expect(finish.reason).toBe('stop');
  });
});

describe.runIf(runtime !== undefined)('tools', () => {
  test('that the template describes are called by the model itself', async () => {
    const model = await llamas.run(callingModel(THINKING, '<tool_call>\n{"name": "'));
    const { calls, text, finish } = await reply(model, ask('Weather?', {}, { tools: TOOLS }));
    expect(calls).toEqual([{ name: 'get_weather', arguments: '{"city":""}' }]);
    expect([text, finish.reason]).toEqual(['', 'tool-calls']);
  });

  test('one that is named is the only one that is called', async () => {
    const toolChoice = { name: 'hang_up' };
    const { calls } = await reply(saying, ask('Weather?', {}, { tools: TOOLS, toolChoice }));
    expect(calls).toEqual([{ name: 'hang_up', arguments: '{}' }]);
  });

  test('one that is named and not there is refused', async () => {
    const request = ask('Weather?', {}, { tools: TOOLS, toolChoice: { name: 'sing' } });
    await expect(reply(saying, request)).rejects.toMatchObject({
      reason: 'unsupported',
      message: expect.stringContaining('get_weather, hang_up'),
    });
  });

  test('a strict one whose arguments no grammar keeps is refused by name', async () => {
    const parameters = { type: 'object', properties: { code: { type: 'string', pattern: '^a' } } };
    const tools = [{ name: 'enter', parameters, strict: true }];
    await expect(reply(saying, ask('Hi', {}, { tools }))).rejects.toMatchObject({
      reason: 'unsupported',
      message: expect.stringContaining('The tool enter asks for pattern'),
    });
  });

  test('with JSON that may also be a call are refused', async () => {
    const request = ask('Hi', {}, { tools: TOOLS, responseFormat: { type: 'json_object' } });
    await expect(reply(saying, request)).rejects.toMatchObject({ reason: 'unsupported' });
  });
});

describe.runIf(runtime !== undefined)('JSON', () => {
  const jsonSchema = {
    type: 'object',
    properties: {
      mood: { enum: ['good', 'bad'] },
      words: { type: 'array', items: { type: 'string' }, minItems: 2, maxItems: 2 },
      count: { type: 'integer' },
      more: { anyOf: [{ type: 'null' }, { type: 'object', properties: { sure: { type: 'boolean' } } }] },
    },
    required: ['mood', 'words', 'count', 'more'],
    additionalProperties: false,
  };

  test('is what any seed of a model that talks at random writes', async () => {
    for (let seed = 1; seed <= 10; seed += 1) {
      const sampling = { temperature: 1.5, topP: 1, seed };
      const { text } = await reply(saying, ask('Go', sampling, { responseFormat: { type: 'json_object' } }));
      expect(JSON.parse(text)).toBeTypeOf('object');
    }
  });

  test('keeps to a schema', async () => {
    for (let seed = 1; seed <= 5; seed += 1) {
      const sampling = { temperature: 1, topP: 1, seed };
      const responseFormat = { type: 'json_schema', jsonSchema } as const;
      const { text } = await reply(saying, ask('Go', sampling, { responseFormat }));
      const said = JSON.parse(text);
      expect(Object.keys(said).toSorted()).toEqual(['count', 'mood', 'more', 'words']);
      expect(said).toMatchObject({
        mood: expect.stringMatching(/^(good|bad)$/),
        words: [expect.any(String), expect.any(String)],
        count: expect.any(Number),
      });
      expect(said.more === null || typeof said.more.sure === 'boolean').toBe(true);
    }
  });

  test('of a schema that no grammar keeps is refused, with what it is', async () => {
    const responseFormat = {
      type: 'json_schema',
      jsonSchema: { type: 'object', properties: { a: { type: 'integer', minimum: 3 } } },
    } as const;
    await expect(reply(saying, ask('Go', {}, { responseFormat }))).rejects.toMatchObject({
      reason: 'unsupported',
      message: expect.stringContaining('minimum (at /a)'),
    });
  });
});

describe.runIf(runtime !== undefined)('a model that thinks', () => {
  const thought = ['<think>\n', 'Let', ' me', ' see', '\n</think>'];

  test('does not, where its template can turn that off', async () => {
    const model = await llamas.run(thinkingModel(THINKING, thought));
    const { text, finish } = await reply(model, ask('Hello'));
    expect(text).toBe(SENTENCE);
    expect(finish.usage).toMatchObject({ outputTokens: 10, reasoningTokens: 0 });
  });

  test('is cut off as it begins to, where its template can not turn that off', async () => {
    const tagged = ['<think>', 'Let', ' me', ' see', '</think>'];
    const model = await llamas.run(thinkingModel(ALWAYS_THINKING, tagged));
    const { text, finish } = await reply(model, ask('Hello'));
    expect(text).toBe(SENTENCE);
    expect(finish.usage.outputTokens).toBeLessThan(10 + tagged.length);
  });

  test('does not think aloud, where it may', async () => {
    const model = await llamas.run(thinkingModel(THINKING, thought), { thinks: true });
    const { text, finish } = await reply(model, ask('Hello'));
    expect(text).toBe(SENTENCE);
    expect(finish.usage.reasoningTokens).toBe(3);
    expect(finish.usage.outputTokens).toBeGreaterThan(10 + 3);
  });

  test('does not think aloud, where its template knows nothing of thoughts', async () => {
    const model = await llamas.run(thinkingModel(CHATML, ['<think>', 'Let', ' me', ' see', '</think>']));
    const { text, finish } = await reply(model, ask('Hello'));
    expect(text).toBe(SENTENCE);
    expect(finish.usage.reasoningTokens).toBeGreaterThanOrEqual(3);
  });

  test('calls a tool at once that it has to call', async () => {
    const model = await llamas.run(thinkingModel(THINKING, thought));
    const { calls, text } = await reply(model, ask('Hello', {}, { tools: TOOLS, toolChoice: 'required' }));
    expect([text, calls[0]?.name]).toEqual(['', 'get_weather']);
  });
});
