/**
 * What may be told over api-version 2024-10-01-preview. rt-client closes its connection at any other type
 * (contract 6). What stands apart is told only to clients that ask for it, which rt-client never does.
 */
const FIRST_TYPES: ReadonlySet<string> = new Set([
  'error',
  'session.created',
  'session.updated',
  'input_audio_buffer.committed',
  'input_audio_buffer.cleared',
  'input_audio_buffer.speech_started',
  'input_audio_buffer.speech_stopped',
  'conversation.item.created',
  'conversation.item.truncated',
  'conversation.item.deleted',
  'conversation.item.input_audio_transcription.completed',
  'conversation.item.input_audio_transcription.failed',
  'response.created',
  'response.done',
  'response.output_item.added',
  'response.output_item.done',
  'response.content_part.added',
  'response.content_part.done',
  'response.text.delta',
  'response.text.done',
  'response.audio_transcript.delta',
  'response.audio_transcript.done',
  'response.audio.delta',
  'response.audio.done',
  'response.function_call_arguments.delta',
  'response.function_call_arguments.done',
  'rate_limits.updated',

  'conversation.item.retrieved',
  'transcription_session.created',
  'transcription_session.updated',
  'samtal.voice_activity',
  'samtal.mark',
]);

export function isOfFirstRevision(type: string): boolean {
  return FIRST_TYPES.has(type);
}
