import { expect, test } from 'vitest';
import { type EventLog, filterEntries, logEvent, withoutAudio } from './event-log.ts';
import type { Direction } from './record.ts';
import type { WireEvent } from './wire-event.ts';

function logOf(...events: readonly (readonly [Direction, WireEvent])[]): EventLog {
  return events.reduce<EventLog>(
    (log, [direction, event], index) => logEvent(log, { direction, atMs: index * 10, event }),
    [],
  );
}

const words = (item_id: string, delta: string) =>
  ['server', { type: 'response.audio_transcript.delta', item_id, delta }] as const;
const sound = (item_id: string) =>
  ['server', { type: 'response.audio.delta', item_id, delta: 'AAAA' }] as const;
const append = ['client', { type: 'input_audio_buffer.append', audio: 'AAAA' }] as const;

test('runs of deltas are folded though they interleave, and their words joined', () => {
  const log = logOf(words('a', 'Hel'), sound('a'), words('a', 'lo.'), sound('a'));
  expect(
    log.map(({ event, count, text, atMs, lastAtMs }) => [event.type, count, text, atMs, lastAtMs]),
  ).toEqual([
    ['response.audio_transcript.delta', 2, 'Hello.', 0, 20],
    ['response.audio.delta', 2, '', 10, 30],
  ]);
});

test('deltas of different items stay apart', () => {
  expect(logOf(words('a', 'x'), words('b', 'y')).map(({ text }) => text)).toEqual(['x', 'y']);
});

test('an event in between begins a new row', () => {
  const started = ['server', { type: 'input_audio_buffer.speech_started', item_id: 'u' }] as const;
  expect(logOf(append, append, started, append).map(({ count }) => count)).toEqual([2, 1, 1]);
});

test('rows are found by direction, by type and by words', () => {
  const log = logOf(append, words('a', 'Golden retrievers'), [
    'server',
    { type: 'error', error: { code: 'x9' } },
  ]);
  const found = (direction: 'both' | Direction, text: string) =>
    filterEntries(log, { direction, text }).map(({ event }) => event.type);
  expect(found('client', '')).toEqual(['input_audio_buffer.append']);
  expect(found('both', 'RETRIEVER')).toEqual(['response.audio_transcript.delta']);
  expect(found('server', 'x9')).toEqual(['error']);
  expect(found('client', 'x9')).toEqual([]);
});

test('sound is left out of what is kept, and words are not', () => {
  const kept = (event: WireEvent) => withoutAudio({ direction: 'server', atMs: 0, event }).event;
  expect(kept({ type: 'response.output_audio.delta', delta: 'A'.repeat(40) })['delta']).toBe(
    '(base64, 40 characters)',
  );
  expect(kept({ type: 'input_audio_buffer.append', audio: 'AAAA' })['audio']).toBe('(base64, 4 characters)');
  expect(kept({ type: 'response.text.delta', delta: 'words' })['delta']).toBe('words');
});
