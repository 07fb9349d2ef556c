import { describe, expect, test } from 'vitest';
import { eventTitles } from './event-titles.ts';

/** Of the preview and GA references of both services, and of Samtal's own. */
const EVENTS = [
  'session.update',
  'transcription_session.update',
  'input_audio_buffer.append',
  'input_audio_buffer.commit',
  'input_audio_buffer.clear',
  'output_audio_buffer.clear',
  'conversation.item.create',
  'conversation.item.truncate',
  'conversation.item.delete',
  'conversation.item.retrieve',
  'response.create',
  'response.cancel',
  'error',
  'session.created',
  'session.updated',
  'transcription_session.created',
  'transcription_session.updated',
  'conversation.created',
  'conversation.item.created',
  'conversation.item.added',
  'conversation.item.done',
  'conversation.item.retrieved',
  'conversation.item.truncated',
  'conversation.item.deleted',
  'conversation.item.input_audio_transcription.delta',
  'conversation.item.input_audio_transcription.segment',
  'conversation.item.input_audio_transcription.completed',
  'conversation.item.input_audio_transcription.failed',
  'input_audio_buffer.committed',
  'input_audio_buffer.cleared',
  'input_audio_buffer.speech_started',
  'input_audio_buffer.speech_stopped',
  'input_audio_buffer.timeout_triggered',
  'input_audio_buffer.dtmf_event_received',
  'output_audio_buffer.started',
  'output_audio_buffer.stopped',
  'output_audio_buffer.cleared',
  'response.created',
  'response.done',
  'response.output_item.added',
  'response.output_item.done',
  'response.content_part.added',
  'response.content_part.done',
  'response.text.delta',
  'response.text.done',
  'response.output_text.delta',
  'response.output_text.done',
  'response.audio.delta',
  'response.audio.done',
  'response.output_audio.delta',
  'response.output_audio.done',
  'response.audio_transcript.delta',
  'response.audio_transcript.done',
  'response.output_audio_transcript.delta',
  'response.output_audio_transcript.done',
  'response.function_call_arguments.delta',
  'response.function_call_arguments.done',
  'response.mcp_call_arguments.delta',
  'response.mcp_call_arguments.done',
  'response.mcp_call.in_progress',
  'response.mcp_call.completed',
  'response.mcp_call.failed',
  'mcp_list_tools.in_progress',
  'mcp_list_tools.completed',
  'mcp_list_tools.failed',
  'rate_limits.updated',
  'samtal.voice_activity',
  'samtal.mark',
];

describe.each(['en', 'sv', 'fr'] as const)('in %s', (language) => {
  test('every event of both dialects is told in words', () => {
    const untold = EVENTS.filter((type) => !/^\p{Lu}[^._]+$/u.test(eventTitles[language][type] ?? ''));
    expect(untold).toEqual([]);
  });

  test('no event is told that there is not', () => {
    expect(Object.keys(eventTitles[language]).toSorted()).toEqual(EVENTS.toSorted());
  });
});
