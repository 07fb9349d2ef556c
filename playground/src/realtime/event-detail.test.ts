import { expect, test } from 'vitest';
import { eventDetail } from './event-detail.ts';
import type { WireEvent } from './wire-event.ts';

test.each<readonly [WireEvent, string]>([
  [
    { type: 'error', error: { code: 'invalid_value', message: 'No such voice.' } },
    'invalid_value · No such voice.',
  ],
  [
    { type: 'conversation.item.input_audio_transcription.completed', transcript: 'Hi.', item_id: 'x' },
    '“Hi.”',
  ],
  [{ type: 'input_audio_buffer.speech_started', audio_start_ms: 700, item_id: 'x' }, '700 ms'],
  [{ type: 'input_audio_buffer.speech_stopped', audio_end_ms: 4500, item_id: 'x' }, '→ 4500 ms'],
  [{ type: 'samtal.voice_activity', score: 0.8, threshold: 0.5 }, '0.80 ≥ 0.50'],
  [{ type: 'samtal.mark', mark: 'endpoint', at_ms: 12.4, item_id: 'x' }, 'endpoint · 12 ms'],
  [{ type: 'response.function_call_arguments.done', name: 'add', arguments: '{"a":1}' }, 'add · {"a":1}'],
  [
    {
      type: 'response.done',
      response: {
        status: 'cancelled',
        status_details: { reason: 'turn_detected' },
        usage: { total_tokens: 7 },
      },
    },
    'cancelled · turn_detected · 7 tokens',
  ],
  [
    {
      type: 'conversation.item.created',
      item: { role: 'user', content: [{ type: 'input_text', text: 'Hello' }] },
    },
    'user · “Hello”',
  ],
  [{ type: 'session.update', session: { type: 'realtime', audio: {} } }, 'audio'],
  [{ type: 'rate_limits.updated', rate_limits: [{ name: 'tokens', remaining: 5, limit: 9 }] }, 'tokens 5/9'],
  [{ type: 'conversation.item.truncate', item_id: 'x', audio_end_ms: 300 }, '→ 300 ms'],
  [{ type: 'input_audio_buffer.dtmf_event_received', event: '5', received_at: 1 }, '5'],
])('%o says %s', (event, detail) => {
  expect(eventDetail({ event, text: '' })).toBe(detail);
});

test('folded deltas say their words', () => {
  expect(eventDetail({ event: { type: 'response.text.delta', delta: 'b' }, text: 'a b' })).toBe('“a b”');
});
