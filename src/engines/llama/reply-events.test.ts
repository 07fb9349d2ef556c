import { expect, test } from 'vitest';
import type { GenerateEvent } from '../../engine/language-model.ts';
import { ReplyEvents } from './reply-events.ts';

const ENDED = { metadata: { stopReason: 'eogToken' } };

function listening(isJson = false): { readonly reply: ReplyEvents; readonly events: GenerateEvent[] } {
  const events: GenerateEvent[] = [];
  const reply = new ReplyEvents({ tell: (event) => events.push(event), tools: ['look', 'stop'], isJson });
  return { reply, events };
}

function say(reply: ReplyEvents, texts: readonly string[], segmentType?: string): void {
  for (const text of texts) reply.onResponseChunk({ text, tokens: [1], segmentType });
}

function textOf(events: readonly GenerateEvent[]): string {
  return events.map((event) => (event.type === 'text-delta' ? event.delta : '')).join('');
}

test('thoughts are counted and not told, nor is the space after them', () => {
  const { reply, events } = listening();
  say(reply, ['Hm', ' what'], 'thought');
  say(reply, ['\n\n', 'Yes', '.']);
  expect(reply.finish(ENDED)).toBe('stop');
  expect(events).toEqual([
    { type: 'text-delta', delta: 'Yes' },
    { type: 'text-delta', delta: '.' },
  ]);
  expect(reply.reasoningTokens).toBe(2);
});

test('thoughts that the library takes for text are not told either', () => {
  const { reply, events } = listening();
  say(reply, ['<th', 'ink>', 'Hm', '</think>', '\n', 'Yes.']);
  expect(reply.finish(ENDED)).toBe('stop');
  expect(textOf(events)).toBe('Yes.');
  expect(reply.reasoningTokens).toBe(4);
});

test('JSON is told as it is, whatever its strings hold', () => {
  const { reply, events } = listening(true);
  say(reply, ['{"a":"', '<think>', '"}']);
  expect(reply.finish(ENDED)).toBe('stop');
  expect(textOf(events)).toBe('{"a":"<think>"}');
});

test('arguments are told as they come, without the empty lines that end them', () => {
  const { reply, events } = listening();
  for (const paramsChunk of ['{"a": ', '1}', '\n\n', '\n\n'])
    reply.onFunctionCallParamsChunk({ callIndex: 0, functionName: 'look', paramsChunk });
  reply.onFunctionCall({ functionName: 'look' });
  expect(reply.finish(ENDED)).toBe('tool-calls');
  expect(events.map((event) => ('delta' in event ? event.delta : event.type))).toEqual([
    'tool-call-start',
    '{"a":',
    ' 1}',
    'tool-call-end',
  ]);
});

test('each call has an id of its own, and one without arguments has an empty object', () => {
  const { reply, events } = listening();
  reply.onFunctionCall({ functionName: 'stop' });
  reply.onFunctionCall({ functionName: 'stop' });
  reply.finish(ENDED);
  const starts = events.filter((event) => event.type === 'tool-call-start');
  expect(new Set(starts.map(({ callId }) => callId)).size).toBe(2);
  const deltas = events.flatMap((event) => (event.type === 'tool-call-delta' ? [event.delta] : []));
  expect(deltas).toEqual(['{}', '{}']);
});

test('a call that the model wrote into its text is a call, if there is such a tool', () => {
  const { reply, events } = listening();
  say(reply, ['<tool_call>{"name":"look","arguments":{"a":1}}</tool_call>']);
  say(reply, ['<tool_call>{"name":"sing","arguments":{}}</tool_call>']);
  expect(reply.finish(ENDED)).toBe('tool-calls');
  expect(events.map(({ type }) => type)).toEqual(['tool-call-start', 'tool-call-delta', 'tool-call-end']);
});

test('a call that is cut off is ended, and the reason is the length', () => {
  const { reply, events } = listening();
  reply.onFunctionCallParamsChunk({ callIndex: 0, functionName: 'look', paramsChunk: '{"a' });
  expect(reply.finish({ metadata: { stopReason: 'maxTokens' } })).toBe('length');
  expect(events.at(-1)?.type).toBe('tool-call-end');
});
