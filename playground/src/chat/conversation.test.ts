import { expect, test } from 'vitest';
import { type ConversationEvent, lastDraft, nextTurns, openCalls } from './conversation.ts';
import type { Turn } from './turn.ts';

function turnsAfter(...events: readonly ConversationEvent[]): readonly Turn[] {
  return events.reduce(nextTurns, [] as readonly Turn[]);
}

const said: ConversationEvent = { type: 'said', draft: { text: 'Hello', clips: [] } };
const call = { id: 'call_1', name: 'get_time', arguments: '{}' };

test('an answer grows in the turn that was begun for it', () => {
  const turns = turnsAfter(
    said,
    { type: 'asked' },
    { type: 'answered', change: { text: 'Good' } },
    { type: 'answered', change: { text: 'Good day.', finishReason: 'stop' } },
    { type: 'ended', status: 'done' },
  );
  expect(turns).toMatchObject([
    { role: 'user', id: 1, text: 'Hello' },
    { role: 'assistant', id: 2, status: 'done', text: 'Good day.', finishReason: 'stop' },
  ]);
});

test('an answer that failed is asked for again in its place, and what was said stays', () => {
  const error = new Error('The server can not be reached.');
  const failed = turnsAfter(said, { type: 'asked' }, { type: 'failed', error });
  expect(failed).toMatchObject([{ role: 'user' }, { status: 'failed', error }]);
  expect(
    [{ type: 'discarded' } as const, { type: 'asked' } as const].reduce(nextTurns, failed),
  ).toMatchObject([
    { role: 'user', text: 'Hello' },
    { role: 'assistant', status: 'running' },
  ]);
});

test('what was said last can be taken back with everything after it', () => {
  const turns = turnsAfter(
    said,
    { type: 'asked' },
    { type: 'ended', status: 'done' },
    { type: 'said', draft: { text: 'Typo', clips: [] } },
    { type: 'asked' },
    { type: 'ended', status: 'stopped' },
  );
  expect(lastDraft(turns)).toEqual({ text: 'Typo', clips: [] });
  expect(nextTurns(turns, { type: 'taken-back' })).toEqual(turns.slice(0, 2));
});

test('tool calls wait until they are answered', () => {
  const called = turnsAfter(
    said,
    { type: 'asked' },
    { type: 'answered', change: { toolCalls: [call] } },
    { type: 'ended', status: 'done' },
  );
  expect(openCalls(called)).toEqual([call]);
  const answers = [{ callId: 'call_1', name: 'get_time', output: '12:30' }];
  const answered = nextTurns(called, { type: 'tools-answered', answers });
  expect(answered.at(-1)).toEqual({ role: 'tool', id: 3, ...answers[0] });
  expect(openCalls(answered)).toEqual([]);
});

test('every spoken answer is forgotten at once', () => {
  const turns = turnsAfter(said, { type: 'asked' }, { type: 'ended', status: 'done' }, { type: 'forgotten' });
  expect(turns).toMatchObject([{ role: 'user' }, { isForgotten: true }]);
});
