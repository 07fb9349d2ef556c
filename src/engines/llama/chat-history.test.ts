import { expect, test } from 'vitest';
import { toChatHistory } from './chat-history.ts';

const call = { callId: 'call_1', name: 'get_weather', arguments: '{"city":"Oslo"}' };

test('a conversation ends with the turn that is to be written', () => {
  expect(
    toChatHistory([
      { role: 'system', text: 'Be brief.' },
      { role: 'user', text: 'Hi' },
      { role: 'assistant', text: 'Hello.' },
      { role: 'user', text: 'Bye' },
    ]),
  ).toEqual([
    { type: 'system', text: 'Be brief.' },
    { type: 'user', text: 'Hi' },
    { type: 'model', response: ['Hello.'] },
    { type: 'user', text: 'Bye' },
    { type: 'model', response: [] },
  ]);
});

test('what a tool has answered stands with its call, in the turn that goes on', () => {
  expect(
    toChatHistory([
      { role: 'user', text: 'Weather?' },
      { role: 'assistant', text: 'I look.', toolCalls: [call, { ...call, callId: 'call_2' }] },
      { role: 'tool', callId: 'call_2', output: '{"sky":"blue"}' },
      { role: 'tool', callId: 'call_1', output: 'It rains.' },
    ]),
  ).toEqual([
    { type: 'user', text: 'Weather?' },
    {
      type: 'model',
      response: [
        'I look.',
        {
          type: 'functionCall',
          name: 'get_weather',
          params: { city: 'Oslo' },
          result: 'It rains.',
          startsNewChunk: true,
        },
        {
          type: 'functionCall',
          name: 'get_weather',
          params: { city: 'Oslo' },
          result: { sky: 'blue' },
          startsNewChunk: false,
        },
      ],
    },
  ]);
});

test('the words after a call are of the same turn', () => {
  const history = toChatHistory([
    { role: 'user', text: 'Weather?' },
    { role: 'assistant', text: '', toolCalls: [call] },
    { role: 'tool', callId: 'call_1', output: 'It rains.' },
    { role: 'assistant', text: 'It rains in Oslo.' },
    { role: 'user', text: 'Thanks' },
  ]);
  expect(history.map(({ type }) => type)).toEqual(['user', 'model', 'user', 'model']);
  expect(history[1]).toMatchObject({ response: [{ type: 'functionCall' }, 'It rains in Oslo.'] });
});

test('an answer whose call is gone is still told', () => {
  expect(toChatHistory([{ role: 'tool', callId: 'call_9', output: 'It rains.' }])).toEqual([
    { type: 'user', text: 'It rains.' },
    { type: 'model', response: [] },
  ]);
});

test('a conversation in which the user has said nothing begins with a greeting', () => {
  expect(toChatHistory([{ role: 'system', text: 'Be brief.' }])).toEqual([
    { type: 'system', text: 'Be brief.' },
    { type: 'user', text: 'Hello.' },
    { type: 'model', response: [] },
  ]);
});
