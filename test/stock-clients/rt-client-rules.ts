import assert from 'node:assert/strict';
import { z } from 'zod';
import type { RealtimeEvent } from '../support/realtime-client.ts';

/**
 * What rt-client 0.5.2 and its Python sister rtclient 0.5.3 take of a server (contract 6), neither of which is in
 * a package registry.
 */
export type Language = 'javascript' | 'python';

/** Ends as the client does: at what it does not take. */
export function assertTaken(language: Language, event: RealtimeEvent): void {
  if (language === 'javascript') assert.ok(KNOWN_TYPES.has(event.type), `Unexpected message: ${event.type}`);
  else MODELS[event.type]?.parse(event);
}

/** The JavaScript client closes its connection at any other. */
const KNOWN_TYPES: ReadonlySet<string> = new Set([
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
]);

// The Python client reads events into models: what has no default must be there, and may be null where it says so.
const text = z.string();
const whole = z.int();
const format = z.enum(['pcm16', 'g711-ulaw', 'g711-alaw']);

const session = z.object({
  id: text,
  model: text,
  modalities: z.array(z.enum(['text', 'audio'])),
  instructions: text,
  voice: z.enum(['alloy', 'ash', 'ballad', 'coral', 'echo', 'sage', 'shimmer', 'verse']),
  input_audio_format: format,
  output_audio_format: format,
  input_audio_transcription: z.object({ model: z.literal('whisper-1') }).nullable(),
  turn_detection: z
    .discriminatedUnion('type', [
      z.object({ type: z.literal('none') }),
      z.object({
        type: z.literal('server_vad'),
        threshold: z.number().min(0).max(1).nullish(),
        prefix_padding_ms: whole.nullish(),
        silence_duration_ms: whole.nullish(),
      }),
    ])
    .nullable(),
  tools: z.array(z.unknown()),
  tool_choice: z.union([
    z.enum(['auto', 'none', 'required']),
    z.object({ type: z.literal('function'), function: text }),
  ]),
  temperature: z.number().min(0.6).max(1.2),
  max_response_output_tokens: z.union([whole, z.literal('inf')]).nullable(),
});

const part = z.discriminatedUnion('type', [
  z.object({ type: z.literal('input_text'), text }),
  z.object({ type: z.literal('input_audio'), transcript: text.nullable() }),
  z.object({ type: z.literal('text'), text }),
  z.object({ type: z.literal('audio'), transcript: text.nullable() }),
]);
const status = z.enum(['in_progress', 'completed', 'incomplete']);
const item = z.discriminatedUnion('type', [
  z.object({
    id: text.nullable(),
    type: z.literal('message'),
    status,
    role: z.enum(['system', 'assistant', 'user']),
    content: z.array(part),
  }),
  z.object({
    id: text.nullable(),
    type: z.literal('function_call'),
    status,
    name: text,
    call_id: text,
    arguments: text,
  }),
  z.object({ id: text.nullable(), type: z.literal('function_call_output'), call_id: text, output: text }),
]);
const response = z.object({
  id: text,
  status: z.enum(['in_progress', 'completed', 'cancelled', 'incomplete', 'failed']),
  status_details: z
    .discriminatedUnion('type', [
      z.object({
        type: z.literal('cancelled'),
        reason: z.enum(['turn_detected', 'client_cancelled']),
      }),
      z.object({ type: z.literal('incomplete') }),
      z.object({ type: z.literal('failed'), error: z.unknown() }),
    ])
    .nullable(),
  output: z.array(item),
  usage: z
    .object({
      total_tokens: whole,
      input_tokens: whole,
      output_tokens: whole,
      input_token_details: z.object({ cached_tokens: whole, text_tokens: whole, audio_tokens: whole }),
      output_token_details: z.object({ text_tokens: whole, audio_tokens: whole }),
    })
    .nullable(),
});

const of = (shape: z.ZodRawShape): z.ZodType => z.object({ event_id: text, ...shape });
const output = { response_id: text, item_id: text, output_index: whole };
const content = { ...output, content_index: whole };
const heard = { item_id: text, content_index: whole };
const failure = z.object({
  message: text,
  type: text.nullish(),
  code: text.nullish(),
  param: text.nullish(),
  event_id: text.nullish(),
});
const limit = z.object({ name: text, limit: whole, remaining: whole, reset_seconds: z.number() });

/** An event of any other type is printed and passed over. */
const MODELS: Readonly<Record<string, z.ZodType>> = {
  error: of({ error: failure }),
  'session.created': of({ session }),
  'session.updated': of({ session }),
  'input_audio_buffer.committed': of({ previous_item_id: text.nullable(), item_id: text }),
  'input_audio_buffer.cleared': of({}),
  'input_audio_buffer.speech_started': of({ audio_start_ms: whole, item_id: text }),
  'input_audio_buffer.speech_stopped': of({ audio_end_ms: whole, item_id: text }),
  'conversation.item.created': of({ previous_item_id: text.nullable(), item }),
  'conversation.item.truncated': of({ ...heard, audio_end_ms: whole }),
  'conversation.item.deleted': of({ item_id: text }),
  'conversation.item.input_audio_transcription.delta': of({ ...heard, delta: text }),
  'conversation.item.input_audio_transcription.completed': of({ ...heard, transcript: text }),
  'conversation.item.input_audio_transcription.failed': of({ ...heard, error: failure }),
  'response.created': of({ response }),
  'response.done': of({ response }),
  'response.output_item.added': of({ response_id: text, output_index: whole, item }),
  'response.output_item.done': of({ response_id: text, output_index: whole, item }),
  'response.content_part.added': of({ ...content, part }),
  'response.content_part.done': of({ ...content, part }),
  'response.text.delta': of({ ...content, delta: text }),
  'response.text.done': of({ ...content, text }),
  'response.audio_transcript.delta': of({ ...content, delta: text }),
  'response.audio_transcript.done': of({ ...content, transcript: text }),
  'response.audio.delta': of({ ...content, delta: text }),
  'response.audio.done': of(content),
  'response.function_call_arguments.delta': of({ ...output, call_id: text, delta: text }),
  'response.function_call_arguments.done': of({ ...output, call_id: text, name: text, arguments: text }),
  'rate_limits.updated': of({ rate_limits: z.array(limit) }),
};
