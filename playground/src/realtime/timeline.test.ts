import { expect, test } from 'vitest';
import type { SessionRecord } from './record.ts';
import { EMPTY_TIMELINE, type Timeline, trace } from './timeline.ts';
import { waterfall } from './waterfall.ts';
import type { WireEvent } from './wire-event.ts';

function timelineOf(...records: readonly SessionRecord[]): Timeline {
  return records.reduce(trace, EMPTY_TIMELINE);
}

const server = (atMs: number, event: WireEvent): SessionRecord => ({ direction: 'server', atMs, event });
const client = (atMs: number, event: WireEvent): SessionRecord => ({ direction: 'client', atMs, event });

/** 100 ms of PCM, sent when it has been heard. */
const appends = Array.from({ length: 20 }, (_, index) =>
  client(1000 + index * 100, { type: 'input_audio_buffer.append', audio: 'A'.repeat(6400) }),
);

const session = server(900, {
  type: 'session.updated',
  session: { turn_detection: { type: 'server_vad', silence_duration_ms: 500 }, input_audio_format: 'pcm16' },
});

const answered: readonly SessionRecord[] = [
  server(3050, { type: 'response.created', response: { id: 'r1', status: 'in_progress' } }),
  server(3060, { type: 'response.output_item.added', response_id: 'r1', item: { id: 'a1' } }),
  server(3200, {
    type: 'response.output_audio_transcript.delta',
    response_id: 'r1',
    item_id: 'a1',
    delta: 'Hi',
  }),
  server(3300, { type: 'response.output_audio.delta', response_id: 'r1', item_id: 'a1', delta: 'AAAA' }),
  server(3400, { type: 'response.output_audio.delta', response_id: 'r1', item_id: 'a1', delta: 'AAAA' }),
  { direction: 'loudspeaker', atMs: 3350, itemId: 'a1' },
];

const spoken: readonly SessionRecord[] = [
  session,
  ...appends,
  server(3000, { type: 'input_audio_buffer.speech_stopped', item_id: 'u1', audio_end_ms: 1900 }),
  server(3001, { type: 'input_audio_buffer.committed', item_id: 'u1' }),
  server(3040, {
    type: 'conversation.item.input_audio_transcription.completed',
    item_id: 'u1',
    transcript: 'Hello',
  }),
];

const by = (timeline: Timeline, turn = 0) =>
  Object.fromEntries(
    Object.entries(timeline.turns[turn]?.stages ?? {}).map(([stage, time]) => [
      stage,
      [time.atMs, time.source],
    ]),
  );

test('without marks, each step is when its event came, and speech ended when its last sound was sent', () => {
  expect(by(timelineOf(...spoken, ...answered))).toEqual({
    speechEnd: [2300, 'page'],
    endpoint: [3000, 'page'],
    transcript: [3040, 'page'],
    firstToken: [3200, 'page'],
    firstAudio: [3300, 'page'],
    firstHeard: [3350, 'page'],
  });
});

test('the server’s own marks go before the page’s clock, set by the mark that came with the least delay', () => {
  const mark = (atMs: number, at_ms: number, rest: object) =>
    server(atMs, { type: 'samtal.mark', at_ms, ...rest });
  const timeline = timelineOf(
    ...spoken,
    mark(3002, 2000, { mark: 'speech_end', item_id: 'u1' }),
    mark(3003, 2503, { mark: 'endpoint', item_id: 'u1' }),
    ...answered,
    mark(3301, 2790, { mark: 'first_audio', response_id: 'r1' }),
  );
  expect(by(timeline)).toMatchObject({
    speechEnd: [2500, 'server'],
    endpoint: [3003, 'server'],
    firstAudio: [3290, 'server'],
    firstHeard: [3350, 'page'],
  });
});

test('a turn that the page ends begins when it does', () => {
  const timeline = timelineOf(
    client(500, { type: 'input_audio_buffer.commit' }),
    server(510, { type: 'input_audio_buffer.committed', item_id: 'u1' }),
    server(600, { type: 'response.created', response: { id: 'r1' } }),
  );
  expect(timeline.turns).toMatchObject([{ itemId: 'u1', responseId: 'r1' }]);
  expect(by(timeline)).toEqual({ speechEnd: [500, 'page'], endpoint: [500, 'page'] });
});

test('a second response after a tool’s answer is a turn of its own', () => {
  const timeline = timelineOf(
    ...spoken,
    ...answered,
    server(4000, { type: 'response.created', response: { id: 'r2' } }),
  );
  expect(timeline.turns.map(({ responseId }) => responseId)).toEqual(['r1', 'r2']);
});

test('a waterfall has a bar from each step to the next, in the order of time', () => {
  const [turn] = timelineOf(...spoken, ...answered).turns;
  if (!turn) throw new Error('There is a turn.');
  expect(waterfall(turn)).toEqual([
    { stage: 'endpoint', startMs: 0, endMs: 700, source: 'page' },
    { stage: 'transcript', startMs: 700, endMs: 740, source: 'page' },
    { stage: 'firstToken', startMs: 740, endMs: 900, source: 'page' },
    { stage: 'firstAudio', startMs: 900, endMs: 1000, source: 'page' },
    { stage: 'firstHeard', startMs: 1000, endMs: 1050, source: 'page' },
  ]);
});

test('of a session without end the latest 1000 turns are kept, under their numbers', () => {
  const responses = Array.from({ length: 1001 }, (_, index) =>
    server(index, { type: 'response.created', response: { id: `r${index}` } }),
  );
  const { turns } = timelineOf(...responses);
  expect([turns.length, turns[0]?.id, turns.at(-1)?.id]).toEqual([1000, 2, 1001]);
});
