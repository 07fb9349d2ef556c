import { expect, test } from 'vitest';
import { createDialect, defaultSessionConfig } from './index.ts';

const defaults = defaultSessionConfig('preview');
const preview = createDialect('preview', { defaults, newId: (prefix) => `${prefix}new` });
const ga = createDialect('ga', { defaults: defaultSessionConfig('ga'), newId: (prefix) => `${prefix}new` });

type Refusal = readonly [sent: unknown, code: string, param: string | null, message: string];

const TYPES =
  "'session.update', 'transcription_session.update', 'input_audio_buffer.append', 'input_audio_buffer.commit', 'input_audio_buffer.clear', 'output_audio_buffer.clear', 'conversation.item.create', 'conversation.item.truncate', 'conversation.item.delete', 'conversation.item.retrieve', 'response.create', and 'response.cancel'";

const create = (item: unknown) => ({ type: 'conversation.item.create', item });
const user = (part: unknown) => create({ type: 'message', role: 'user', content: [part] });
const update = (session: unknown) => ({ type: 'session.update', session });
const respond = (response: unknown) => ({ type: 'response.create', response });
const hear = (input: unknown) => update({ audio: { input } });

/** Codes and words of contract 2.6, where it has them. */
const BOTH: readonly Refusal[] = [
  [null, 'invalid_event', null, 'Invalid event: expected a JSON object.'],
  [[], 'invalid_event', null, 'Invalid event: expected a JSON object.'],
  [{}, 'invalid_event', null, "The 'type' field is missing."],
  [{ type: 'x' }, 'invalid_value', 'type', `Invalid value: 'x'. Supported values are: ${TYPES}.`],
  [{ type: 7 }, 'invalid_value', 'type', `Invalid value: 7. Supported values are: ${TYPES}.`],
  [
    { type: 'response.cancel', event_id: 7 },
    'invalid_type',
    'event_id',
    "Invalid type for 'event_id': expected a string, but got an integer instead.",
  ],
  [
    { type: 'response.cancel', event_id: 'x'.repeat(513) },
    'string_above_max_length',
    'event_id',
    "Invalid 'event_id': string too long. Expected a string with maximum length 512, but got a string with length 513 instead.",
  ],
  [
    { type: 'session.update' },
    'missing_required_parameter',
    'session',
    "Missing required parameter: 'session'.",
  ],
  [
    { type: 'input_audio_buffer.append' },
    'missing_required_parameter',
    'audio',
    "Missing required parameter: 'audio'.",
  ],
  [
    { type: 'input_audio_buffer.append', audio: 'not base64' },
    'invalid_base64',
    'audio',
    'Invalid audio: expected base64 of the standard alphabet.',
  ],
  [
    { type: 'input_audio_buffer.append', audio: 'A'.repeat(4 * 5 * 2 ** 20 + 4) },
    'string_above_max_length',
    'audio',
    'Audio of one event is too large: at most 15 MiB are taken. Send it in smaller pieces.',
  ],
  [
    { type: 'conversation.item.truncate', item_id: 'a', content_index: 0, audio_end_ms: -1 },
    'integer_below_min_value',
    'audio_end_ms',
    "Invalid 'audio_end_ms': integer below minimum value. Expected a value >= 0, but got -1 instead.",
  ],
  [
    { type: 'conversation.item.truncate', item_id: 'a', content_index: 0, audio_end_ms: 0.5 },
    'invalid_type',
    'audio_end_ms',
    "Invalid type for 'audio_end_ms': expected an integer, but got a decimal number instead.",
  ],
  [
    { type: 'output_audio_buffer.clear' },
    'invalid_value',
    'type',
    "'output_audio_buffer.clear' is for WebRTC, where the server plays the audio.",
  ],
  [create({}), 'missing_required_parameter', 'item.type', "Missing required parameter: 'item.type'."],
  [
    create({ type: 'message', role: 'user' }),
    'missing_required_parameter',
    'item.content',
    "Missing required parameter: 'item.content'.",
  ],
  [
    create({ type: 'mcp_approval_response' }),
    'invalid_value',
    'item.type',
    "Invalid value: 'mcp_approval_response'. Supported values are: 'message', 'function_call', and 'function_call_output'.",
  ],
  [
    create({ type: 'function_call_output', id: 'x'.repeat(33), call_id: 'a', output: '' }),
    'string_above_max_length',
    'item.id',
    "Invalid 'item.id': string too long. Expected a string with maximum length 32, but got a string with length 33 instead.",
  ],
  [
    user({ type: 'input_image', image_url: 'data:image/png;base64,AA' }),
    'invalid_value',
    'item.content[0].type',
    "Invalid value: 'input_image'. Supported values are: 'input_text' and 'input_audio'.",
  ],
  [
    user({ type: 'input_audio', audio: '?' }),
    'invalid_base64',
    'item.content[0].audio',
    'Invalid audio: expected base64 of the standard alphabet.',
  ],
  [
    create({ type: 'message', role: 'assistant', content: [{ type: 'audio', audio: 'AAAA' }] }),
    'missing_required_parameter',
    'item.content[0].transcript',
    "An assistant's audio can not be written. Send its words as 'transcript', or a text part.",
  ],
  [
    create({ type: 'message', role: 'user', content: [] }),
    'invalid_value',
    'item.content',
    "Invalid 'item.content': array too short. Expected an array with minimum length 1, but got an array with length 0 instead.",
  ],
  [
    respond({ conversation: 'other' }),
    'invalid_value',
    'response.conversation',
    "Invalid value: 'other'. Supported values are: 'auto' and 'none'.",
  ],
  [
    respond({ metadata: Object.fromEntries(Array.from({ length: 17 }, (_, index) => [`k${index}`, ''])) }),
    'invalid_value',
    'response.metadata',
    'Metadata holds at most 16 pairs, not 17.',
  ],
  [
    respond({ metadata: { ['k'.repeat(65)]: '' } }),
    'invalid_value',
    'response.metadata',
    'Keys of metadata have at most 64 characters.',
  ],
  [
    respond({ input: [{ type: 'item_reference' }] }),
    'missing_required_parameter',
    'response.input[0].id',
    "Missing required parameter: 'response.input[0].id'.",
  ],
  [
    update({ tools: [{ type: 'mcp', server_label: 'a' }] }),
    'invalid_value',
    'session.tools[0].type',
    "Invalid value: 'mcp'. Supported values are: 'function'.",
  ],
  [
    update({ tools: Array.from({ length: 129 }, () => ({ type: 'function', name: 'f' })) }),
    'array_above_max_length',
    'session.tools',
    "Invalid 'session.tools': array too long. Expected an array with maximum length 128, but got an array with length 129 instead.",
  ],
  [
    update({ tools: [{ type: 'function', name: 'a b' }] }),
    'invalid_value',
    'session.tools[0].name',
    "Invalid 'session.tools[0].name': expected 1 to 64 of a-z, A-Z, 0-9, '_' and '-'.",
  ],
  [
    update({ tool_choice: 'any' }),
    'invalid_value',
    'session.tool_choice',
    "Invalid value: 'any'. Supported values are: 'auto', 'none', and 'required'.",
  ],
  [
    update({ prompt: { id: 'pmpt_1' } }),
    'unsupported_parameter',
    'session.prompt',
    "Stored prompts are not kept here. Send 'instructions'.",
  ],
  [
    update({ include: ['item.input_audio_transcription.logprobs'] }),
    'unsupported_parameter',
    'session.include',
    "The recognizers here give no log probabilities. Leave 'item.input_audio_transcription.logprobs' out of 'include'.",
  ],
  [
    update({ nonsense: true }),
    'unknown_parameter',
    'session.nonsense',
    "Unknown parameter: 'session.nonsense'.",
  ],
];

const PREVIEW: readonly Refusal[] = [
  [
    update({ output_modalities: ['text'] }),
    'unknown_parameter',
    'session.output_modalities',
    "Unknown parameter: 'session.output_modalities'.",
  ],
  [
    update({ modalities: ['audio'] }),
    'invalid_value',
    'session.modalities',
    "Invalid modalities: ['audio']. Supported combinations are: ['text'] and ['audio', 'text'].",
  ],
  [
    update({ voice: 'marin' }),
    'invalid_value',
    'session.voice',
    "Invalid value: 'marin'. Supported values are: 'alloy', 'ash', 'ballad', 'coral', 'echo', 'sage', 'shimmer', and 'verse'.",
  ],
  [
    update({ temperature: 0.5 }),
    'decimal_below_min_value',
    'session.temperature',
    "Invalid 'session.temperature': decimal below minimum value. Expected a value >= 0.6, but got 0.5 instead.",
  ],
  [
    update({ temperature: 2 }),
    'decimal_above_max_value',
    'session.temperature',
    "Invalid 'session.temperature': decimal above maximum value. Expected a value <= 1.2, but got 2 instead.",
  ],
  [
    update({ max_response_output_tokens: 4097 }),
    'integer_above_max_value',
    'session.max_response_output_tokens',
    "Invalid 'session.max_response_output_tokens': integer above maximum value. Expected a value <= 4096, but got 4097 instead.",
  ],
  [
    update({ voice: 'ash', turn_detection: { type: 'server_vad', idle_timeout_ms: 6_000 } }),
    'unknown_parameter',
    'session.turn_detection.idle_timeout_ms',
    "Unknown parameter: 'session.turn_detection.idle_timeout_ms'.",
  ],
  [
    update({ turn_detection: { type: 'semantic_vad', silence_duration_ms: 500 } }),
    'invalid_value',
    'session.turn_detection.silence_duration_ms',
    "'silence_duration_ms' is only for turn detection of type 'server_vad'.",
  ],
  [
    update({ turn_detection: { eagerness: 'low' } }),
    'invalid_value',
    'session.turn_detection.eagerness',
    "'eagerness' is only for turn detection of type 'semantic_vad'.",
  ],
  [
    respond({ append_input_items: [{ type: 'message' }] }),
    'unsupported_parameter',
    'response.append_input_items',
    "Items are not appended by a response. Send each by 'conversation.item.create' before it.",
  ],
  [
    update({ input_audio_format: 'opus' }),
    'invalid_value',
    'session.input_audio_format',
    "Invalid value: 'opus'. Supported values are: 'pcm16', 'g711_ulaw', 'g711_alaw', 'g711-ulaw', and 'g711-alaw'.",
  ],
];

const GA: readonly Refusal[] = [
  [
    update({ temperature: 0.8 }),
    'unknown_parameter',
    'session.temperature',
    "Unknown parameter: 'session.temperature'.",
  ],
  [
    update({ output_modalities: ['audio', 'text'] }),
    'invalid_value',
    'session.output_modalities',
    "Invalid modalities: ['audio', 'text']. Supported combinations are: ['text'] and ['audio'].",
  ],
  [
    update({ audio: { output: { voice: 'fable' } } }),
    'invalid_value',
    'session.audio.output.voice',
    "Invalid value: 'fable'. Supported values are: 'alloy', 'ash', 'ballad', 'coral', 'echo', 'sage', 'shimmer', 'verse', 'marin', and 'cedar'.",
  ],
  [
    update({ audio: { output: { speed: 1.6 } } }),
    'decimal_above_max_value',
    'session.audio.output.speed',
    "Invalid 'session.audio.output.speed': decimal above maximum value. Expected a value <= 1.5, but got 1.6 instead.",
  ],
  [
    hear({ format: { type: 'audio/pcm', rate: 16_000 } }),
    'invalid_value',
    'session.audio.input.format.rate',
    'Invalid value: 16000. Supported values are: 24000.',
  ],
  [
    hear({ turn_detection: { type: 'server_vad', idle_timeout_ms: 4_999 } }),
    'integer_below_min_value',
    'session.audio.input.turn_detection.idle_timeout_ms',
    "Invalid 'session.audio.input.turn_detection.idle_timeout_ms': integer below minimum value. Expected a value >= 5000, but got 4999 instead.",
  ],
  [
    hear({ turn_detection: { type: 'semantic_vad', idle_timeout_ms: 6_000 } }),
    'invalid_value',
    'session.audio.input.turn_detection.idle_timeout_ms',
    "'idle_timeout_ms' is only for turn detection of type 'server_vad'.",
  ],
  [
    update({ truncation: { type: 'retention_ratio', retention_ratio: 0.8 } }),
    'invalid_value',
    'session.truncation',
    'Invalid value: {"type":"retention_ratio","retention_ratio":0.8}. Supported values are: \'auto\' and \'disabled\'.',
  ],
  [
    update({ type: 'translation' }),
    'invalid_value',
    'session.type',
    "Invalid value: 'translation'. Supported values are: 'realtime' and 'transcription'.",
  ],
];

/** Named by what the client is told: what it sent may be 15 MiB long. */
const named = (refusals: readonly Refusal[]) => refusals.map((refusal) => ({ name: refusal[3], refusal }));

test.for(named([...BOTH, ...PREVIEW]))('preview: $name', ({ refusal: [sent, code, param, message] }) => {
  const problem = { code, message, param, eventId: null };
  expect(preview.decode(sent, defaults)).toEqual({ ok: false, problem });
});

test.for(named([...BOTH, ...GA]))('GA: $name', ({ refusal: [sent, code, param, message] }) => {
  const problem = { code, message, param, eventId: null };
  expect(ga.decode(sent, defaults)).toEqual({ ok: false, problem });
});

test('values of clients are shown short in what they are told', () => {
  const refused = preview.decode({ type: 'x'.repeat(10_000) }, defaults);
  expect(refused.ok ? '' : refused.problem.message.slice(0, 113)).toBe(
    `Invalid value: '${'x'.repeat(76)}.... Supported values`,
  );
  const unknown = preview.decode({ type: 'response.cancel', ['k'.repeat(10_000)]: 1 }, defaults);
  expect(unknown.ok ? '' : unknown.problem.param).toBe(`${'k'.repeat(117)}...`);
});
