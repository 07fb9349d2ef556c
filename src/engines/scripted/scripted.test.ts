import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, test } from 'vitest';
import { languageModelConformance } from '../../engine/conformance/language-model.ts';
import type { GenerateEvent, GenerateRequest, ModelMessage } from '../../engine/language-model.ts';
import type { Clock } from '../../util/clock.ts';
import { type ScriptSource, scripted } from './index.ts';

const GOLDEN = 'Is a golden retriever a good family dog?';
const CITY = {
  name: 'get_weather',
  parameters: {
    type: 'object',
    properties: { city: { type: 'string' }, days: { type: 'integer', minimum: 2 } },
    required: ['city', 'days'],
  },
};

function request(messages: readonly ModelMessage[], more: Partial<GenerateRequest> = {}): GenerateRequest {
  return { messages, tools: [], toolChoice: 'auto', sampling: {}, ...more };
}

function user(text: string): ModelMessage {
  return { role: 'user', text };
}

async function run(given: GenerateRequest, script?: ScriptSource, clock?: Clock): Promise<GenerateEvent[]> {
  const model = await scripted({ script, clock });
  return await Array.fromAsync(model.generate(given, { signal: new AbortController().signal }));
}

async function reply(given: GenerateRequest, script?: ScriptSource): Promise<string> {
  const events = await run(given, script);
  return events.map((event) => (event.type === 'text-delta' ? event.delta : '')).join('');
}

describe('the scripted model keeps the promises of a language model', async () => {
  const model = await scripted();
  for (const { name, run } of languageModelConformance) {
    test(name, () => run({ model, prompt: GOLDEN, isDeterministic: true, callsTools: true }));
  }
});

describe('the default script', () => {
  test('greets when nothing has been said', async () => {
    expect(await reply(request([]))).toBe(
      'Hello. This computer has no language model yet, so I can only repeat your words. Please say something.',
    );
  });

  test('repeats what it heard and says how to connect a model', async () => {
    expect(await reply(request([user(GOLDEN)]))).toBe(
      'Hello. You said: Is a golden retriever a good family dog? This computer has no language model yet, ' +
        'so I can only repeat your words. Start Ollama, or name a model server in the settings file.',
    );
  });

  test('looks back when asked for a summary in a second turn', async () => {
    const messages: ModelMessage[] = [
      user(GOLDEN),
      { role: 'assistant', text: 'Yes, very much.' },
      user('Very concisely summarize the favorability.'),
    ];
    expect(await reply(request(messages))).toBe(
      'Earlier you asked: Is a golden retriever a good family dog? I said: Yes, very much.',
    );
  });

  test('says so when it heard no words, and repeats only the beginning of a long text', async () => {
    expect(await reply(request([user(' ')]))).toBe('I did not hear any words. Please say it again.');
    const long = await reply(request([user('word '.repeat(1_000))]));
    expect(long.split(' ').length).toBeLessThan(70);
  });
});

describe('rules', () => {
  const script: ScriptSource = {
    rules: [
      { when: { toolResult: '/(\\d+) degrees/' }, reply: { say: 'It is {1} degrees there.' } },
      { when: { user: 'WEATHER' }, reply: { call: { name: 'get_weather', arguments: { city: '{heard}' } } } },
      { when: { user: '/my name is (?<name>\\w+)/' }, reply: { say: 'Hello {name}.' } },
      { when: { turn: { atLeast: 3 } }, reply: { say: 'Turn {turn}, after {previousReply}' } },
    ],
    otherwise: { say: 'Pardon?' },
  };
  const tools = [CITY];

  test('a text is found whatever its case, and a regular expression gives its groups', async () => {
    expect(await reply(request([user('MY NAME IS Ada')]), script)).toBe('Hello Ada.');
    expect(await reply(request([user('Hm')]), script)).toBe('Pardon?');
  });

  test('a rule can wait for a turn and look back', async () => {
    const messages = [user('a'), user('b'), { role: 'assistant', text: 'Pardon?' } as const, user('c')];
    expect(await reply(request(messages), script)).toBe('Turn 3, after Pardon?');
  });

  test('a tool is called with arguments in pieces', async () => {
    const events = await run(request([user('the weather in Oslo')], { tools }), script);
    const pieces = events.flatMap((event) => (event.type === 'tool-call-delta' ? [event.delta] : []));
    expect(pieces.length).toBeGreaterThan(1);
    expect(pieces.join('')).toBe('{"city":"the weather in Oslo"}');
    expect(events.at(-1)).toMatchObject({ type: 'finish', reason: 'tool-calls' });
  });

  test('the result of a tool is not answered by the rule that called the tool', async () => {
    const messages: ModelMessage[] = [
      user('weather'),
      { role: 'assistant', text: '', toolCalls: [{ callId: 'c', name: 'get_weather', arguments: '{}' }] },
      { role: 'tool', callId: 'c', output: '21 degrees' },
    ];
    expect(await reply(request(messages, { tools }), script)).toBe('It is 21 degrees there.');
  });

  test('a tool that was not offered is refused by name', async () => {
    await expect(run(request([user('weather')]), script)).rejects.toThrow(
      'The tool get_weather is to be called, but the request offers: none.',
    );
  });

  test('a required tool is called with the required arguments, and a named one even if it is not the first', async () => {
    const first = await run(request([user('Hm')], { tools, toolChoice: 'required' }), script);
    expect(argumentsOf(first)).toEqual({ city: 'Hm', days: 2 });
    const other = { name: 'look_up' };
    const named = await run(
      request([user('Hm')], { tools: [CITY, other], toolChoice: { name: 'look_up' } }),
      script,
    );
    expect(named[0]).toMatchObject({ type: 'tool-call-start', name: 'look_up' });
    expect(argumentsOf(named)).toEqual({});
  });

  test('with the choice none the words of a calling rule remain', async () => {
    const calling: ScriptSource = { otherwise: { say: 'One moment.', call: { name: 'get_weather' } } };
    expect(await reply(request([user('Hm')], { tools, toolChoice: 'none' }), calling)).toBe('One moment.');
  });

  test('without parallel calls only the first is made', async () => {
    const twice: ScriptSource = { otherwise: { call: [{ name: 'get_weather' }, { name: 'get_weather' }] } };
    const starts = async (parallelToolCalls: boolean): Promise<number> => {
      const events = await run(request([user('Hm')], { tools, parallelToolCalls }), twice);
      return events.filter((event) => event.type === 'tool-call-start').length;
    };
    expect(await starts(true)).toBe(2);
    expect(await starts(false)).toBe(1);
  });
});

describe('faults and pace', () => {
  test('a failure comes after the words that precede it', async () => {
    const script: ScriptSource = {
      otherwise: { say: 'one two three', fail: { reason: 'busy', message: 'No room.', afterWords: 2 } },
    };
    const model = await scripted({ script });
    const heard: string[] = [];
    const listen = async (): Promise<void> => {
      for await (const event of model.generate(request([]), { signal: new AbortController().signal })) {
        if (event.type === 'text-delta') heard.push(event.delta);
      }
    };
    await expect(listen()).rejects.toMatchObject({ reason: 'busy', message: 'No room.' });
    expect(heard).toEqual(['one', ' two']);
  });

  test('a reply ends as the script says', async () => {
    const filtered = await run(request([]), { otherwise: { say: 'no', finish: 'content-filter' } });
    expect(filtered.at(-1)).toMatchObject({ reason: 'content-filter' });
    const short = await run(request([]), { otherwise: { say: 'one two three', maxOutputTokens: 2 } });
    expect(short.at(-1)).toMatchObject({ reason: 'length', usage: { outputTokens: 2 } });
  });

  test('the first word and each word after it wait as long as the script says', async () => {
    const waits: number[] = [];
    const clock: Clock = {
      now: () => 0,
      after: (ms, callback) => {
        waits.push(ms);
        callback();
        return () => {};
      },
    };
    await run(
      request([]),
      { delay: { firstTokenMs: 700, perWordMs: 30 }, otherwise: { say: 'one two three' } },
      clock,
    );
    expect(waits).toEqual([700, 30, 30]);
  });

  test('a wait ends when the signal is aborted', async () => {
    const started = Promise.withResolvers<void>();
    const clock: Clock = {
      now: () => 0,
      after: () => {
        started.resolve();
        return () => {};
      },
    };
    const model = await scripted({
      script: { delay: { firstTokenMs: 60_000 }, otherwise: { say: 'late' } },
      clock,
    });
    const controller = new AbortController();
    const reading = Array.fromAsync(model.generate(request([]), { signal: controller.signal }));
    await started.promise;
    controller.abort(new Error('enough'));
    await expect(reading).rejects.toThrow('enough');
  });
});

describe('structured answers', () => {
  const schema = {
    type: 'object',
    properties: {
      title: { type: 'string', maxLength: 5 },
      kind: { enum: ['dog', 'cat'] },
      age: { type: ['integer', 'null'], exclusiveMinimum: 3, multipleOf: 5 },
      share: { type: 'number', minimum: 0.25, maximum: 0.5 },
      when: { type: 'string', format: 'date-time' },
      tags: { type: 'array', items: { $ref: '#/$defs/tag' }, minItems: 2 },
      extra: { anyOf: [{ type: 'null' }, { const: 7 }] },
      both: { allOf: [{ properties: { a: { type: 'boolean' } }, required: ['a'] }, { type: 'object' }] },
    },
    required: ['title', 'kind', 'age', 'share', 'when', 'tags', 'extra', 'both'],
    additionalProperties: false,
    $defs: { tag: { type: 'string', minLength: 30 } },
  };

  test('an answer fits the JSON schema', async () => {
    const text = await reply(
      request([user('a dog')], { responseFormat: { type: 'json_schema', jsonSchema: schema } }),
    );
    const validate = new Ajv2020({ strict: false, validateFormats: false }).compile(schema);
    expect(validate(JSON.parse(text)), JSON.stringify(validate.errors)).toBe(true);
    expect(JSON.parse(text)).toMatchObject({ title: 'Hello', kind: 'dog', age: 5, extra: 7 });
  });

  test('JSON mode wraps what is said, and leaves JSON in the script alone', async () => {
    const responseFormat = { type: 'json_object' } as const;
    expect(await reply(request([], { responseFormat }), { otherwise: { say: 'Hi.' } })).toBe(
      '{"reply":"Hi."}',
    );
    expect(await reply(request([], { responseFormat }), { otherwise: { say: '{"a": [1]}' } })).toBe(
      '{"a": [1]}',
    );
  });

  test('a schema that it can not fill is refused, naming the keyword', async () => {
    const jsonSchema = { type: 'string', pattern: '^x+$' };
    await expect(
      reply(request([], { responseFormat: { type: 'json_schema', jsonSchema } })),
    ).rejects.toMatchObject({ reason: 'unsupported', message: expect.stringContaining('"pattern"') });
    const endless = { $ref: '#' };
    await expect(
      reply(request([], { responseFormat: { type: 'json_schema', jsonSchema: endless } })),
    ).rejects.toMatchObject({ reason: 'unsupported' });
  });
});

function argumentsOf(events: readonly GenerateEvent[]): unknown {
  return JSON.parse(events.map((event) => (event.type === 'tool-call-delta' ? event.delta : '')).join(''));
}
