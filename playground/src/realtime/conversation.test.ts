import { expect, test } from 'vitest';
import { activeResponse, type ConversationState, converse, EMPTY_CONVERSATION } from './conversation.ts';
import type { Direction } from './record.ts';
import type { WireEvent } from './wire-event.ts';

type Told = WireEvent | { readonly client: WireEvent };

function tell(...events: readonly Told[]): ConversationState {
  return events.reduce<ConversationState>((state, told) => {
    const [direction, event]: readonly [Direction, WireEvent] =
      'client' in told ? ['client', told.client as WireEvent] : ['server', told];
    return converse(state, { direction, atMs: 0, event });
  }, EMPTY_CONVERSATION);
}

const session = {
  type: 'session.created',
  session: { input_audio_transcription: { model: 'whisper-1' }, output_audio_format: 'pcm16' },
};

const spokenTurn: readonly WireEvent[] = [
  { type: 'input_audio_buffer.speech_started', item_id: 'u1', audio_start_ms: 0 },
  { type: 'input_audio_buffer.speech_stopped', item_id: 'u1', audio_end_ms: 900 },
  { type: 'input_audio_buffer.committed', item_id: 'u1', previous_item_id: null },
  {
    type: 'conversation.item.created',
    previous_item_id: null,
    item: { id: 'u1', type: 'message', role: 'user', content: [{ type: 'input_audio', transcript: null }] },
  },
];

/** 48 000 bytes are a second of 24 kHz PCM. */
const oneSecond = 'A'.repeat(64_000);

const answer = (dialect: 'preview' | 'ga'): readonly WireEvent[] => {
  const name = dialect === 'ga' ? 'response.output_audio' : 'response.audio';
  const added = dialect === 'ga' ? 'conversation.item.added' : 'conversation.item.created';
  const item = { id: 'a1', type: 'message', role: 'assistant', status: 'in_progress', content: [] };
  return [
    { type: 'response.created', response: { id: 'r1', status: 'in_progress' } },
    { type: 'response.output_item.added', response_id: 'r1', item },
    { type: added, previous_item_id: 'u1', item },
    { type: `${name}_transcript.delta`, response_id: 'r1', item_id: 'a1', delta: 'One two three.' },
    { type: `${name}.delta`, response_id: 'r1', item_id: 'a1', delta: oneSecond },
    { type: `${name}_transcript.delta`, response_id: 'r1', item_id: 'a1', delta: ' Four five six.' },
    { type: `${name}.delta`, response_id: 'r1', item_id: 'a1', delta: oneSecond },
  ];
};

const texts = ({ items }: ConversationState) =>
  items.map((item) => (item.type === 'message' ? [item.role, item.text, item.state] : [item.name]));

test('a turn is heard, written down and kept as one item', () => {
  expect(texts(tell(session, ...spokenTurn.slice(0, 1)))).toEqual([['user', '', 'listening']]);
  expect(texts(tell(session, ...spokenTurn))).toEqual([['user', '', 'transcribing']]);
  const written = tell(
    session,
    ...spokenTurn,
    { type: 'conversation.item.input_audio_transcription.delta', item_id: 'u1', delta: 'Hel' },
    { type: 'conversation.item.input_audio_transcription.completed', item_id: 'u1', transcript: 'Hello.' },
  );
  expect(texts(written)).toEqual([['user', 'Hello.', 'done']]);
});

test('without transcription a turn stays unwritten', () => {
  const mute = { type: 'session.created', session: { input_audio_transcription: null } };
  expect(texts(tell(mute, ...spokenTurn))).toEqual([['user', '', 'unwritten']]);
});

test.each(['preview', 'ga'] as const)('an answer in %s is read as it comes', (dialect) => {
  const state = tell(session, ...spokenTurn, ...answer(dialect));
  expect(texts(state)[1]).toEqual(['assistant', 'One two three. Four five six.', 'speaking']);
  expect(state.items[1]).toMatchObject({ isSpoken: true, audioMs: 2000 });
  expect(activeResponse(state)?.id).toBe('r1');
});

test('an answer that was cut off keeps what was not heard to be shown', () => {
  const state = tell(session, ...spokenTurn, ...answer('ga'), {
    client: { type: 'conversation.item.truncate', item_id: 'a1', content_index: 0, audio_end_ms: 1000 },
  });
  expect(state.items[1]).toMatchObject({
    text: 'One two three. Four five six.',
    cutAt: 'One two three.'.length,
    state: 'done',
  });
});

test('of an answer that ended before any sound of it came, nothing was heard', () => {
  const item = {
    id: 'a1',
    type: 'message',
    role: 'assistant',
    status: 'incomplete',
    content: [{ type: 'output_audio', transcript: 'One two three.' }],
  };
  const [said] = tell(session, { type: 'response.output_item.done', response_id: 'r1', item }).items;
  expect(said).toMatchObject({ text: 'One two three.', cutAt: 0, state: 'done' });
  const written = { ...item, content: [{ type: 'output_text', text: 'One two three.' }] };
  const [read] = tell(session, { type: 'response.output_item.done', response_id: 'r1', item: written }).items;
  expect(read).toMatchObject({ text: 'One two three.', cutAt: undefined });
});

test('an item stands behind the one that it follows', () => {
  const late = { id: 'u2', type: 'message', role: 'user', content: [{ type: 'input_text', text: 'late' }] };
  const state = tell(session, ...spokenTurn, ...answer('preview'), {
    type: 'conversation.item.created',
    previous_item_id: 'u1',
    item: late,
  });
  expect(state.items.map(({ id }) => id)).toEqual(['u1', 'u2', 'a1']);
});

test('a call is shown with its arguments and, once given, its answer', () => {
  const call = { id: 'c1', type: 'function_call', call_id: 'call_1', name: 'add', arguments: '' };
  const state = tell(
    { type: 'response.output_item.added', response_id: 'r1', item: { ...call, status: 'in_progress' } },
    { type: 'response.function_call_arguments.delta', item_id: 'c1', delta: '{"a"' },
    { type: 'response.function_call_arguments.done', item_id: 'c1', name: 'add', arguments: '{"a":1}' },
    {
      type: 'response.output_item.done',
      item: { ...call, status: 'completed', arguments: '{"a":1}' },
    },
    {
      type: 'conversation.item.created',
      previous_item_id: 'c1',
      item: { id: 'o1', type: 'function_call_output', call_id: 'call_1', output: '2' },
    },
  );
  expect(state.items).toEqual([
    {
      type: 'call',
      id: 'c1',
      callId: 'call_1',
      name: 'add',
      arguments: '{"a":1}',
      output: '2',
      isComplete: true,
    },
  ]);
});

test('errors, failed answers, tokens and limits are kept', () => {
  const state = tell(
    { type: 'error', error: { message: 'No.', code: 'invalid_value', param: 'session.voice' } },
    {
      type: 'response.done',
      response: {
        id: 'r1',
        status: 'failed',
        status_details: { type: 'failed', error: { message: 'Broken.', code: 'server_error' } },
        usage: {
          total_tokens: 10,
          input_token_details: { text_tokens: 1, audio_tokens: 2, cached_tokens: 3 },
          output_token_details: { text_tokens: 4, audio_tokens: 5 },
        },
      },
    },
    {
      type: 'rate_limits.updated',
      rate_limits: [{ name: 'tokens', limit: 9, remaining: 8, reset_seconds: 1 }],
    },
  );
  expect(state.fault).toEqual({ message: 'Broken.', code: 'server_error', param: '' });
  expect(state.responses).toEqual([
    {
      id: 'r1',
      status: 'failed',
      reason: 'Broken.',
      usage: { inputText: 1, inputAudio: 2, cached: 3, outputText: 4, outputAudio: 5, total: 10 },
    },
  ]);
  expect(state.rateLimits).toEqual([{ name: 'tokens', limit: 9, remaining: 8, resetSeconds: 1 }]);
});

test('a transcript that failed says why', () => {
  const state = tell(session, ...spokenTurn, {
    type: 'conversation.item.input_audio_transcription.failed',
    item_id: 'u1',
    error: { message: 'Busy.' },
  });
  expect(state.items[0]).toMatchObject({ fault: 'Busy.', state: 'done' });
});

test('a refusal is told until another comes', () => {
  const error = { message: 'No.', code: 'invalid_value', param: 'session.voice' };
  expect(tell(session, { type: 'error', error }, ...spokenTurn).fault).toEqual(error);
});

test('of a session without end the latest 1000 items and responses are kept', () => {
  const events = Array.from({ length: 1001 }, (_, index): readonly WireEvent[] => [
    { type: 'response.created', response: { id: `r${index}`, status: 'in_progress' } },
    { type: 'conversation.item.created', item: { id: `a${index}`, type: 'message', role: 'assistant' } },
  ]).flat();
  const { items, responses } = tell(session, ...events);
  expect([items.length, items[0]?.id, items.at(-1)?.id]).toEqual([1000, 'a1', 'a1000']);
  expect([responses.length, responses[0]?.id]).toEqual([1000, 'r1']);
});
