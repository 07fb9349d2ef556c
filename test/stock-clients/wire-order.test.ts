import { expect, test } from 'vitest';
import type { RealtimeEvent } from '../support/realtime-client.ts';
import { WireOrder } from './wire-order.ts';

const user = { id: 'item_1', type: 'message', role: 'user' };
const place = { response_id: 'resp_1', item_id: 'item_2', output_index: 0, content_index: 0 };
const reply = { id: 'item_2', type: 'message', status: 'in_progress', content: [] };
const told = { ...reply, status: 'completed', content: [{ type: 'audio', transcript: 'Hello there.' }] };
const usage = {
  total_tokens: 5,
  input_tokens: 2,
  output_tokens: 3,
  input_token_details: { text_tokens: 2, audio_tokens: 0 },
  output_token_details: { text_tokens: 1, audio_tokens: 2 },
};

/** A spoken reply to a written message, as the preview tells it. */
const TURN: readonly RealtimeEvent[] = [
  { type: 'session.created', session: {} },
  { type: 'conversation.item.created', previous_item_id: null, item: user },
  {
    type: 'response.created',
    response: { id: 'resp_1', status: 'in_progress', output: [], conversation_id: 'conv_1', usage: null },
  },
  { type: 'response.output_item.added', response_id: 'resp_1', output_index: 0, item: reply },
  { type: 'conversation.item.created', previous_item_id: 'item_1', item: reply },
  { type: 'response.content_part.added', ...place, part: { type: 'audio', transcript: '' } },
  { type: 'response.audio_transcript.delta', ...place, delta: 'Hello ' },
  { type: 'response.audio.delta', ...place, delta: 'AAD//w==' },
  { type: 'response.audio_transcript.delta', ...place, delta: 'there.' },
  { type: 'response.audio.done', ...place },
  { type: 'response.audio_transcript.done', ...place, transcript: 'Hello there.' },
  { type: 'response.content_part.done', ...place, part: { type: 'audio', transcript: 'Hello there.' } },
  { type: 'response.output_item.done', response_id: 'resp_1', output_index: 0, item: told },
  { type: 'response.done', response: { id: 'resp_1', status: 'completed', output: [told], usage } },
  { type: 'rate_limits.updated', rate_limits: [] },
];

function check(events: readonly RealtimeEvent[]): void {
  const order = new WireOrder();
  for (const [index, event] of events.entries()) order.take({ event_id: `event_${index}`, ...event });
  order.finish();
}

test('a turn as the contract orders it passes', () => {
  check(TURN);
});

const PLACES = TURN.map(({ type }, index) => [type, index] as const);

// Nothing but the ear tells that a piece of audio is missing, or was said twice; nor are limits owed.
test.each(PLACES.filter(([type]) => !/audio\.delta|rate_limits/.test(type)))(
  'a turn without its %s, at %i, does not pass',
  (_type, index) => {
    expect(() => check(TURN.toSpliced(index, 1))).toThrow();
  },
);

test.each(PLACES.filter(([type]) => type !== 'response.audio.delta'))(
  'a turn with its %s, at %i, twice does not pass',
  (_type, index) => {
    expect(() =>
      check(TURN.flatMap((event, at) => (at === index ? [event, { ...event }] : event))),
    ).toThrow();
  },
);

test.each<readonly [string, number, Partial<RealtimeEvent>]>([
  ['an event id that was used', 4, { event_id: 'event_1' }],
  ['an item after one that nobody knows', 4, { previous_item_id: 'item_9' }],
  ['audio that is no base64', 7, { delta: '!' }],
  ['half a sample', 7, { delta: 'AAAA' }],
  ['audio of another item', 7, { item_id: 'item_1' }],
  [
    'tokens that do not add up',
    13,
    { response: { id: 'resp_1', status: 'completed', output: [told], usage: { ...usage, total_tokens: 6 } } },
  ],
])('%s does not pass', (_what, index, change) => {
  const event = TURN[index];
  if (!event) expect.fail('No such event.');
  expect(() => check(TURN.with(index, { ...event, ...change }))).toThrow();
});

const spoken = { item_id: 'item_1', content_index: 0 };
const CAPTION = 'conversation.item.input_audio_transcription';

/** A spoken turn whose words are told while and after it has an item. */
const CAPTIONED: readonly RealtimeEvent[] = [
  { type: 'session.created', session: {} },
  { type: `${CAPTION}.delta`, ...spoken, delta: 'How are' },
  { type: 'conversation.item.created', previous_item_id: null, item: user },
  { type: `${CAPTION}.delta`, ...spoken, delta: ' you' },
  { type: `${CAPTION}.completed`, ...spoken, transcript: 'How are you' },
];

test('a transcript that its deltas add up to passes', () => {
  check(CAPTIONED);
});

test.each([1, 2, 3])(
  'a transcript that its deltas do not add up to, without event %i, does not pass',
  (index) => {
    expect(() => check(CAPTIONED.toSpliced(index, 1))).toThrow();
  },
);

test('a session that is refused is told so in one event', () => {
  check([{ type: 'error', error: {} }]);
  expect(() => check([{ type: 'error', error: {} }, ...CAPTIONED])).toThrow();
});
