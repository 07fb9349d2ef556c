import assert from 'node:assert/strict';
import type {
  GenerateEvent,
  GenerateRequest,
  LanguageModel,
  ModelMessage,
  SamplingOptions,
  ToolDefinition,
} from '../language-model.ts';
import type { ConformanceCase } from './conformance-case.ts';

export interface LanguageModelSubject {
  readonly model: LanguageModel;
  /** Something to say to which the model answers with eight words or more. */
  readonly prompt: string;
  /** The same request always gets the same text. */
  readonly isDeterministic: boolean;
  readonly callsTools: boolean;
}

/** How long a model may take to notice that it is no longer wanted. */
const PROMPT_MS = 100;

const WEATHER: ToolDefinition = {
  name: 'get_weather',
  description: 'The weather in a city.',
  parameters: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] },
};

/** What every language model promises. */
export const languageModelConformance: readonly ConformanceCase<LanguageModelSubject>[] = [
  {
    name: 'a reply is text in pieces that are not empty, then exactly one finish',
    async run({ model, prompt }) {
      const events = await collect(model, ask(prompt));
      assert.equal(events.at(-1)?.type, 'finish');
      assert.equal(events.filter((event) => event.type === 'finish').length, 1);
      const deltas = events.flatMap((event) => (event.type === 'text-delta' ? [event.delta] : []));
      assert.ok(deltas.length > 1, 'the text comes in more than one piece');
      assert.ok(!deltas.includes(''), 'no piece is empty');
      assert.ok(textOf(events).trim().split(/\s+/).length >= 8, 'the reply has eight words');
      assert.equal(finishOf(events).reason, 'stop');
    },
  },
  {
    name: 'usage counts the tokens of the conversation and of the reply',
    async run({ model, prompt }) {
      const { usage } = finishOf(await collect(model, ask(prompt)));
      assert.ok(usage.inputTokens > 0);
      assert.ok(usage.outputTokens > 0);
      const longer = finishOf(await collect(model, ask(`${prompt} ${'word '.repeat(50)}`))).usage;
      assert.ok(longer.inputTokens > usage.inputTokens, 'a longer question costs more');
    },
  },
  {
    name: 'an empty conversation is answered',
    async run({ model }) {
      const events = await collect(model, { ...ask(''), messages: [] });
      assert.notEqual(textOf(events), '');
    },
  },
  {
    name: 'a conversation with system, assistant and user messages is answered',
    async run({ model, prompt }) {
      const messages: ModelMessage[] = [
        { role: 'system', text: 'You are brief.' },
        { role: 'user', text: prompt },
        { role: 'assistant', text: 'Earlier answer.' },
        { role: 'user', text: 'And in other words?' },
      ];
      assert.notEqual(textOf(await collect(model, { ...ask(''), messages })), '');
    },
  },
  {
    name: 'a signal that is already aborted rejects with its reason',
    async run({ model, prompt }) {
      const reason = new Error('not wanted');
      const replies = model.generate(ask(prompt), { signal: AbortSignal.abort(reason) });
      await within(PROMPT_MS, assert.rejects(read(replies), isSame(reason)));
    },
  },
  {
    name: 'aborting in the middle rejects with the reason at once',
    async run({ model, prompt }) {
      const reason = new Error('interrupted');
      const controller = new AbortController();
      const replies = model.generate(ask(prompt), { signal: controller.signal })[Symbol.asyncIterator]();
      assert.equal((await replies.next()).value?.type, 'text-delta');
      controller.abort(reason);
      await within(PROMPT_MS, assert.rejects(replies.next(), isSame(reason)));
      assert.equal((await replies.next()).done, true);
    },
  },
  {
    name: 'leaving early ends the work, and the model answers again',
    async run({ model, prompt }) {
      for (let round = 0; round < 10; round += 1) {
        const replies = model.generate(ask(prompt), { signal: never() })[Symbol.asyncIterator]();
        await replies.next();
        await within(PROMPT_MS, Promise.resolve(replies.return?.()));
      }
      assert.notEqual(textOf(await collect(model, ask(prompt))), '');
    },
  },
  {
    name: 'a stop sequence ends the reply and is not part of it, also when two pieces share it',
    async run({ model, prompt, isDeterministic }) {
      const whole = textOf(await collect(model, ask(prompt)));
      const words = whole.split(' ');
      for (const stop of [words[3] ?? '', `${words[2]?.slice(-1)} ${words[3]?.slice(0, 1)}`]) {
        const events = await collect(model, ask(prompt, { stop: [stop] }));
        assert.ok(!textOf(events).includes(stop), `the reply does not contain "${stop}"`);
        assert.equal(finishOf(events).reason, 'stop');
        if (isDeterministic) assert.equal(textOf(events), whole.slice(0, whole.indexOf(stop)));
      }
    },
  },
  {
    name: 'maxOutputTokens ends the reply with the reason length',
    async run({ model, prompt }) {
      const whole = textOf(await collect(model, ask(prompt)));
      const events = await collect(model, ask(prompt, { maxOutputTokens: 3 }));
      assert.equal(finishOf(events).reason, 'length');
      assert.ok(finishOf(events).usage.outputTokens <= 3);
      assert.ok(textOf(events).length < whole.length);
    },
  },
  {
    name: 'a required tool is called: a start, pieces that make up JSON, an end, and the reason tool-calls',
    async run({ model, prompt, callsTools }) {
      if (!callsTools) return;
      const events = await collect(model, { ...ask(prompt), tools: [WEATHER], toolChoice: 'required' });
      const calls = toolCallsOf(events);
      assert.equal(calls[0]?.name, 'get_weather');
      assert.equal(typeof JSON.parse(calls[0].arguments).city, 'string');
      assert.equal(finishOf(events).reason, 'tool-calls');
    },
  },
  {
    name: 'the answer of a tool is taken up',
    async run({ model, prompt, callsTools }) {
      if (!callsTools) return;
      const call = { callId: 'call_1', name: 'get_weather', arguments: '{"city":"Oslo"}' };
      const messages: ModelMessage[] = [
        { role: 'user', text: prompt },
        { role: 'assistant', text: '', toolCalls: [call] },
        { role: 'tool', callId: 'call_1', output: 'It rains.' },
      ];
      const events = await collect(model, { ...ask(''), messages, tools: [WEATHER] });
      assert.notEqual(textOf(events), '');
    },
  },
  {
    name: 'no tool is called when the choice is none',
    async run({ model, prompt }) {
      const events = await collect(model, { ...ask(prompt), tools: [WEATHER], toolChoice: 'none' });
      assert.equal(toolCallsOf(events).length, 0);
      assert.notEqual(textOf(events), '');
    },
  },
  {
    name: 'two conversations at once do not disturb each other',
    async run({ model, prompt, isDeterministic }) {
      const requests = [ask(prompt), ask(`${prompt} Please.`)];
      const alone = [];
      for (const request of requests) alone.push(textOf(await collect(model, request)));
      const together = await Promise.all(requests.map((request) => collect(model, request)));
      assert.ok(together.every((events) => textOf(events) !== ''));
      if (isDeterministic) assert.deepEqual(together.map(textOf), alone);
    },
  },
];

function ask(prompt: string, sampling: SamplingOptions = {}): GenerateRequest {
  return {
    messages: [{ role: 'user', text: prompt }],
    tools: [],
    toolChoice: 'auto',
    sampling: { temperature: 0, ...sampling },
  };
}

function never(): AbortSignal {
  return new AbortController().signal;
}

async function collect(model: LanguageModel, request: GenerateRequest): Promise<GenerateEvent[]> {
  return await read(model.generate(request, { signal: never() }));
}

async function read(replies: AsyncIterable<GenerateEvent>): Promise<GenerateEvent[]> {
  const events: GenerateEvent[] = [];
  for await (const event of replies) events.push(event);
  return events;
}

function textOf(events: readonly GenerateEvent[]): string {
  return events.map((event) => (event.type === 'text-delta' ? event.delta : '')).join('');
}

function finishOf(events: readonly GenerateEvent[]): Extract<GenerateEvent, { type: 'finish' }> {
  const last = events.at(-1);
  assert.ok(last?.type === 'finish', 'the last event is a finish');
  return last;
}

/** The calls put together; fails when an event stands outside its call. */
function toolCallsOf(
  events: readonly GenerateEvent[],
): { readonly name: string; readonly arguments: string }[] {
  const open = new Map<string, { readonly name: string; arguments: string }>();
  const ended: { readonly name: string; readonly arguments: string }[] = [];
  for (const event of events) {
    if (event.type === 'tool-call-start') {
      assert.ok(!open.has(event.callId), 'every call has an id of its own');
      open.set(event.callId, { name: event.name, arguments: '' });
    } else if (event.type === 'tool-call-delta' || event.type === 'tool-call-end') {
      const call = open.get(event.callId);
      assert.ok(call, 'a call starts before its pieces and its end');
      if (event.type === 'tool-call-delta') call.arguments += event.delta;
      else ended.push(call);
      if (event.type === 'tool-call-end') open.delete(event.callId);
    }
  }
  assert.equal(open.size, 0, 'every call ends');
  return ended;
}

function isSame(reason: Error): (error: unknown) => true {
  return (error) => {
    assert.equal(error, reason);
    return true;
  };
}

async function within<T>(ms: number, work: Promise<T>): Promise<T> {
  const timer = Promise.withResolvers<never>();
  const handle = setTimeout(() => timer.reject(new Error(`nothing happened within ${ms} ms`)), ms);
  try {
    return await Promise.race([work, timer.promise]);
  } finally {
    clearTimeout(handle);
  }
}
