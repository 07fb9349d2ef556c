import type { OutputPlace, ProblemCode } from '../../realtime/session-event.ts';
import type { EventTable, RateLimit, WireBody, WireObject } from './dialect.ts';

/** The rows in which both dialects agree. */
export const sharedRows = {
  'audio-committed': ({ itemId, previousItemId }) => [
    { type: 'input_audio_buffer.committed', previous_item_id: previousItemId, item_id: itemId },
  ],
  'audio-cleared': () => [{ type: 'input_audio_buffer.cleared' }],
  'speech-start': ({ itemId, atMs }) => [
    { type: 'input_audio_buffer.speech_started', audio_start_ms: atMs, item_id: itemId },
  ],
  'speech-end': ({ itemId, atMs }) => [
    { type: 'input_audio_buffer.speech_stopped', audio_end_ms: atMs, item_id: itemId },
  ],
  'item-truncated': ({ itemId, contentIndex, audioEndMs }) => [
    {
      type: 'conversation.item.truncated',
      item_id: itemId,
      content_index: contentIndex,
      audio_end_ms: audioEndMs,
    },
  ],
  'item-deleted': ({ itemId }) => [{ type: 'conversation.item.deleted', item_id: itemId }],
  'transcription-delta': ({ itemId, delta }) => [
    {
      type: 'conversation.item.input_audio_transcription.delta',
      item_id: itemId,
      content_index: 0,
      delta,
    },
  ],
  // Members that would be null are left out: agents-js takes none (contract 7.4).
  'transcription-failed': ({ itemId, message }) => [
    {
      type: 'conversation.item.input_audio_transcription.failed',
      item_id: itemId,
      content_index: 0,
      error: { type: 'transcription_error', code: 'transcription_failed', message },
    },
  ],
  // Told to clients that have asked for them in their address alone: the services have no such events.
  'trace-score': ({ audioMs, score, threshold, isSpeech }) => [
    { type: 'samtal.voice_activity', audio_ms: Math.round(audioMs), score, threshold, is_speech: isSpeech },
  ],
  'trace-mark': ({ mark, atMs, of }) => [
    {
      type: 'samtal.mark',
      mark: mark.replace('-', '_'),
      at_ms: atMs,
      ...('itemId' in of ? { item_id: of.itemId } : { response_id: of.responseId }),
    },
  ],
  // The part is `text` or `audio` in both, whatever the item calls it (contract 3.3).
  'output-part-start': ({ responseId, part, ...place }) => [
    {
      type: 'response.content_part.added',
      ...contentPlace(responseId, place),
      part: partObject(part, ''),
    },
  ],
  'output-arguments-delta': ({ responseId, itemId, outputIndex, callId, delta }) => [
    {
      type: 'response.function_call_arguments.delta',
      ...itemPlace(responseId, { itemId, outputIndex }),
      call_id: callId,
      delta,
    },
  ],
  'output-arguments-end': ({ responseId, itemId, outputIndex, callId, name, arguments: text }) => [
    {
      type: 'response.function_call_arguments.done',
      ...itemPlace(responseId, { itemId, outputIndex }),
      call_id: callId,
      name,
      arguments: text,
    },
  ],
} satisfies Partial<EventTable>;

/** What is told under one dialect's names and under the other's, and is the same otherwise. */
export interface ReplyEventNames {
  readonly text: 'response.text' | 'response.output_text';
  readonly audio: 'response.audio' | 'response.output_audio';
  readonly transcript: 'response.audio_transcript' | 'response.output_audio_transcript';
}

export function replyRows(names: ReplyEventNames) {
  return {
    'output-text-delta': ({ responseId, delta, ...place }) => [
      { type: `${names.text}.delta`, ...contentPlace(responseId, place), delta },
    ],
    'output-transcript-delta': ({ responseId, delta, ...place }) => [
      { type: `${names.transcript}.delta`, ...contentPlace(responseId, place), delta },
    ],
    'output-audio-delta': ({ responseId, audio, ...place }) => [
      { type: `${names.audio}.delta`, ...contentPlace(responseId, place), delta: toBase64(audio.bytes) },
    ],
    'output-part-end': ({ responseId, part, text, ...place }) => {
      const where = contentPlace(responseId, place);
      const done = { type: 'response.content_part.done', ...where, part: partObject(part, text) };
      if (part === 'text') return [{ type: `${names.text}.done`, ...where, text }, done];
      return [
        { type: `${names.audio}.done`, ...where },
        { type: `${names.transcript}.done`, ...where, transcript: text },
        done,
      ];
    },
  } satisfies Partial<EventTable>;
}

/** An error as the Realtime API writes it; `paramOf` is where the dialect has the field. */
export function problemRow(paramOf: (param: string) => string): EventTable['problem'] {
  return ({ problem: { code, message, param, eventId } }) => [
    {
      type: 'error',
      error: {
        type: PROBLEM_TYPES[code] ?? 'invalid_request_error',
        code,
        message,
        param: param === null ? null : paramOf(param),
        event_id: eventId,
      },
    },
  ];
}

export function rateLimitsBody(limits: readonly RateLimit[]): WireBody {
  return {
    type: 'rate_limits.updated',
    rate_limits: limits.map(({ name, limit, remaining, resetSeconds }) => ({
      name,
      limit,
      remaining,
      reset_seconds: resetSeconds,
    })),
  };
}

const PROBLEM_TYPES: Partial<Record<ProblemCode, string>> = {
  rate_limit_exceeded: 'rate_limit_error',
  server_error: 'server_error',
};

function itemPlace(responseId: string, { itemId, outputIndex }: OutputPlace): WireObject {
  return { response_id: responseId, item_id: itemId, output_index: outputIndex };
}

/** An item of a response holds one part of content, so that its index is always 0. */
function contentPlace(responseId: string, { itemId, outputIndex }: OutputPlace): WireObject {
  return { ...itemPlace(responseId, { itemId, outputIndex }), content_index: 0 };
}

function partObject(part: 'text' | 'audio', text: string): WireObject {
  return part === 'text' ? { type: 'text', text } : { type: 'audio', transcript: text };
}

function toBase64({ buffer, byteOffset, byteLength }: Uint8Array): string {
  return Buffer.from(buffer, byteOffset, byteLength).toString('base64');
}
