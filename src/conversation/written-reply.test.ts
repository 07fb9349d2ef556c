import { expect, test } from 'vitest';
import { WrittenReply } from './written-reply.ts';

function newReply(): WrittenReply {
  let made = 0;
  return new WrittenReply((prefix) => `${prefix}${++made}`, 2_000);
}

const USAGE = { inputTokens: 3, outputTokens: 2 };

test('text becomes a message, a tool call an item, and text after it another message', () => {
  const reply = newReply();
  const events = [
    ...reply.tell({ type: 'text-delta', delta: 'Let me ' }),
    ...reply.tell({ type: 'text-delta', delta: 'look.' }),
    ...reply.tell({ type: 'tool-call-start', callId: 'call_1', name: 'weather' }),
    ...reply.tell({ type: 'tool-call-delta', callId: 'call_1', delta: '{"city":' }),
    ...reply.tell({ type: 'tool-call-delta', callId: 'call_1', delta: '"Malmö"}' }),
    ...reply.tell({ type: 'tool-call-end', callId: 'call_1' }),
    ...reply.tell({ type: 'text-delta', delta: 'Done.' }),
  ];
  expect(events).toEqual([
    { type: 'item-start', item: { kind: 'message', id: 'item_1', modality: 'text' } },
    { type: 'text-delta', itemId: 'item_1', delta: 'Let me ' },
    { type: 'text-delta', itemId: 'item_1', delta: 'look.' },
    {
      type: 'item-end',
      item: {
        kind: 'message',
        id: 'item_1',
        role: 'assistant',
        status: 'completed',
        content: [{ kind: 'text', text: 'Let me look.' }],
      },
    },
    {
      type: 'item-start',
      item: { kind: 'function-call', id: 'item_2', callId: 'call_1', name: 'weather' },
    },
    { type: 'arguments-delta', itemId: 'item_2', callId: 'call_1', delta: '{"city":' },
    { type: 'arguments-delta', itemId: 'item_2', callId: 'call_1', delta: '"Malmö"}' },
    {
      type: 'item-end',
      item: {
        kind: 'function-call',
        id: 'item_2',
        status: 'completed',
        callId: 'call_1',
        name: 'weather',
        arguments: '{"city":"Malmö"}',
      },
    },
    { type: 'item-start', item: { kind: 'message', id: 'item_3', modality: 'text' } },
    { type: 'text-delta', itemId: 'item_3', delta: 'Done.' },
  ]);
});

test('the end of the model ends the message that is open, and counts what was heard', () => {
  const reply = newReply();
  reply.tell({ type: 'text-delta', delta: 'Hello.' });
  const events = reply.tell({ type: 'finish', reason: 'stop', usage: USAGE });
  expect(events.map(({ type }) => type)).toEqual(['item-end', 'finish']);
  expect(events.at(-1)).toMatchObject({ usage: { inputTextTokens: 3, inputAudioTokens: 20 } });
});

test('a model that writes nothing gives one empty message', () => {
  const events = newReply().tell({ type: 'finish', reason: 'stop', usage: USAGE });
  expect(events.map(({ type }) => type)).toEqual(['item-start', 'item-end', 'finish']);
  expect(events[1]).toMatchObject({ item: { content: [{ kind: 'text', text: '' }] } });
});

test('a reply of tool calls alone has no message', () => {
  const reply = newReply();
  reply.tell({ type: 'tool-call-start', callId: 'call_1', name: 'weather' });
  reply.tell({ type: 'tool-call-end', callId: 'call_1' });
  const events = reply.tell({ type: 'finish', reason: 'tool-calls', usage: USAGE });
  expect(events.map(({ type }) => type)).toEqual(['finish']);
});

test('arguments of a call that has not begun are passed over', () => {
  expect(newReply().tell({ type: 'tool-call-delta', callId: 'call_9', delta: '{}' })).toEqual([]);
});
