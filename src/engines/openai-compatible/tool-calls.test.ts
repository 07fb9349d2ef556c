import { describe, expect, test } from 'vitest';
import type { GenerateEvent } from '../../engine/language-model.ts';
import { ASK, answerWith, STOPPED, textOf, WEATHER } from './ask-fake.ts';
import { sse, textChunk } from './fake-upstream.ts';

function callsOf(events: readonly GenerateEvent[]): { name: string; arguments: string }[] {
  return events.flatMap((event) => {
    if (event.type !== 'tool-call-start') return [];
    const pieces = events.flatMap((other) =>
      other.type === 'tool-call-delta' && other.callId === event.callId ? [other.delta] : [],
    );
    return [{ name: event.name, arguments: pieces.join('') }];
  });
}

describe('tool calls', () => {
  const tools = [WEATHER, { name: 'look_up' }];
  const asking = { ...ASK, tools };
  const chunk = (...calls: unknown[]): unknown => ({ choices: [{ delta: { tool_calls: calls } }] });
  const first = { name: 'get_weather', arguments: '{"city":"Oslo"}' };
  const second = { name: 'look_up', arguments: '{"q":1}' };

  test.each([
    [
      'streamed in turns by index',
      [
        chunk({ index: 0, id: 'a', function: { name: 'get_weather', arguments: '' } }),
        chunk({ index: 1, id: 'b', function: { name: 'look_up', arguments: '{"q"' } }),
        chunk(
          { index: 0, function: { arguments: '{"city":"Oslo"}' } },
          { index: 1, function: { arguments: ':1}' } },
        ),
      ],
    ],
    [
      'without ids or indices',
      [
        chunk({ function: { name: 'get_weather', arguments: '{"city":' } }),
        chunk({ function: { arguments: '"Oslo"}' } }),
        chunk({ function: { name: 'look_up', arguments: '{"q":1}' } }),
      ],
    ],
    [
      'all with index 0',
      [chunk({ index: 0, id: 'a', function: first }), chunk({ index: 0, id: 'b', function: second })],
    ],
    [
      'all with one id',
      [chunk({ index: 0, id: 'x', function: first }), chunk({ index: 1, id: 'x', function: second })],
    ],
    [
      'with id and name in every piece',
      [
        chunk({ index: 0, id: 'a', function: { name: 'get_weather', arguments: '{"city":' } }),
        chunk({ index: 0, id: 'a', function: { name: 'get_weather', arguments: '"Oslo"}' } }),
        chunk({ index: 1, id: 'b', function: second }),
      ],
    ],
    [
      'with arguments as objects',
      [
        chunk({ index: 0, function: { name: 'get_weather', arguments: { city: 'Oslo' } } }),
        chunk({ index: 1, function: { name: 'look_up', arguments: { q: 1 } } }),
      ],
    ],
  ])('two calls %s', async (_, chunks) => {
    const events = await answerWith(sse(...chunks, STOPPED), asking);
    expect(callsOf(events)).toEqual([first, second]);
    const ids = events.flatMap((event) => (event.type === 'tool-call-end' ? [event.callId] : []));
    expect(new Set(ids).size).toBe(2);
    expect(events.at(-1)).toMatchObject({ reason: 'tool-calls' });
  });

  test('a call without arguments has an empty object', async () => {
    const events = await answerWith(sse(chunk({ index: 0, function: { name: 'look_up' } }), STOPPED), asking);
    expect(callsOf(events)).toEqual([{ name: 'look_up', arguments: '{}' }]);
  });

  test('a call written into the text becomes a call when its tool was offered, else vanishes', async () => {
    const body = sse(
      textChunk('Sure.<tool'),
      textChunk('_call>{"name":"look_up","arguments":{"q":1}}</tool_call>'),
      STOPPED,
    );
    const events = await answerWith(body, asking);
    expect(textOf(events)).toBe('Sure.');
    expect(callsOf(events)).toEqual([second]);
    const without = await answerWith(body);
    expect(textOf(without)).toBe('Sure.');
    expect(without.map((event) => event.type)).toEqual(['text-delta', 'finish']);
  });
});
