import { expect, test } from 'vitest';
import { createDialect, defaultSessionConfig, isGaUpdate, parseMessage } from './index.ts';

const defaults = defaultSessionConfig('preview');
const preview = createDialect('preview', { defaults, newId: (prefix) => `${prefix}new` });
const ga = createDialect('ga', { defaults: defaultSessionConfig('ga'), newId: (prefix) => `${prefix}new` });

const message = { type: 'message', role: 'user', content: [{ type: 'input_text', text: 'Hi.' }] };
const messageItem = {
  kind: 'message',
  status: 'completed',
  role: 'user',
  content: [{ kind: 'text', text: 'Hi.' }],
};

/** What both dialects write alike. */
const COMMANDS: readonly (readonly [sent: object, command: object])[] = [
  [
    { type: 'input_audio_buffer.append', audio: 'AQID' },
    { type: 'audio-append', bytes: Uint8Array.of(1, 2, 3) },
  ],
  [
    { type: 'input_audio_buffer.append', audio: '' },
    { type: 'audio-append', bytes: new Uint8Array() },
  ],
  [{ type: 'input_audio_buffer.commit' }, { type: 'audio-commit' }],
  [{ type: 'input_audio_buffer.clear' }, { type: 'audio-clear' }],
  [
    { type: 'conversation.item.create', item: message },
    { type: 'item-create', item: { ...messageItem, id: '' }, after: undefined },
  ],
  [
    {
      type: 'conversation.item.create',
      previous_item_id: 'root',
      item: { ...message, id: 'item-0123456789abcdef0123456789a' },
    },
    { type: 'item-create', item: { ...messageItem, id: 'item-0123456789abcdef0123456789a' }, after: 'root' },
  ],
  [
    { type: 'conversation.item.create', previous_item_id: null, item: { ...message, status: 'incomplete' } },
    { type: 'item-create', item: { ...messageItem, id: '', status: 'incomplete' }, after: undefined },
  ],
  [
    {
      type: 'conversation.item.create',
      item: { ...message, content: [{ type: 'input_audio', audio: 'AQD+/w==', transcript: 'Hm.' }] },
    },
    {
      type: 'item-create',
      item: {
        ...messageItem,
        id: '',
        content: [
          {
            kind: 'audio',
            clip: { chunks: [{ samples: Int16Array.of(1, -2), sampleRate: 24_000 }] },
            transcript: 'Hm.',
          },
        ],
      },
      after: undefined,
    },
  ],
  [
    {
      type: 'conversation.item.create',
      item: {
        type: 'message',
        role: 'assistant',
        content: [
          { type: 'text', text: 'One.' },
          { type: 'output_text', text: 'Two.' },
          { type: 'output_audio', transcript: 'Three.' },
        ],
      },
    },
    {
      type: 'item-create',
      item: {
        ...messageItem,
        id: '',
        role: 'assistant',
        content: [
          { kind: 'text', text: 'One.' },
          { kind: 'text', text: 'Two.' },
          { kind: 'text', text: 'Three.' },
        ],
      },
      after: undefined,
    },
  ],
  [
    { type: 'conversation.item.create', item: { type: 'function_call', name: 'f', arguments: '{}' } },
    {
      type: 'item-create',
      item: {
        kind: 'function-call',
        id: '',
        status: 'completed',
        callId: 'call_new',
        name: 'f',
        arguments: '{}',
      },
      after: undefined,
    },
  ],
  [
    {
      type: 'conversation.item.create',
      item: { type: 'function_call_output', call_id: 'call_1', output: 'Sunny.' },
    },
    {
      type: 'item-create',
      item: { kind: 'function-output', id: '', callId: 'call_1', output: 'Sunny.' },
      after: undefined,
    },
  ],
  [
    { type: 'conversation.item.retrieve', item_id: 'item_1' },
    { type: 'item-retrieve', itemId: 'item_1' },
  ],
  [
    { type: 'conversation.item.truncate', item_id: 'item_1', content_index: 0, audio_end_ms: 1_500 },
    { type: 'item-truncate', itemId: 'item_1', contentIndex: 0, audioEndMs: 1_500 },
  ],
  [
    { type: 'conversation.item.delete', item_id: 'item_1' },
    { type: 'item-delete', itemId: 'item_1' },
  ],
  [{ type: 'response.cancel' }, { type: 'response-cancel', responseId: undefined }],
  [
    { type: 'response.cancel', response_id: 'resp_1' },
    { type: 'response-cancel', responseId: 'resp_1' },
  ],
  [{ type: 'response.create' }, { type: 'response-create', options: { isOutOfBand: false } }],
  [
    { type: 'response.create', response: null },
    { type: 'response-create', options: { isOutOfBand: false } },
  ],
  [
    {
      type: 'response.create',
      response: {
        conversation: 'none',
        instructions: 'Sum it up.',
        tools: [],
        tool_choice: { type: 'function', name: 'f' },
        metadata: { topic: 'weather' },
        input: [{ type: 'item_reference', id: 'item_1' }, message],
      },
    },
    {
      type: 'response-create',
      options: {
        isOutOfBand: true,
        instructions: 'Sum it up.',
        tools: [],
        toolChoice: { name: 'f' },
        metadata: { topic: 'weather' },
        input: [
          { type: 'reference', itemId: 'item_1' },
          { type: 'item', item: { ...messageItem, id: 'item_new' } },
        ],
      },
    },
  ],
];

test.for(COMMANDS)('both dialects read %j', ([sent, command]) => {
  for (const dialect of [preview, ga]) {
    expect(dialect.decode(sent, defaults)).toEqual({ ok: true, value: { ...command, eventId: undefined } });
  }
});

test('a response in preview has its own names for what it does differently', () => {
  const response = {
    modalities: ['audio', 'text'],
    voice: 'echo',
    output_audio_format: 'g711_ulaw',
    temperature: 1,
    max_output_tokens: 'inf',
    commit: true,
    cancel_previous: true,
  };
  expect(preview.decode({ type: 'response.create', response }, defaults)).toMatchObject({
    value: {
      options: {
        modality: 'audio',
        voice: 'echo',
        outputFormat: 'g711-ulaw',
        temperature: 1,
        maxOutputTokens: null,
      },
    },
  });
});

test('a response in GA has its own names for what it does differently', () => {
  const response = {
    output_modalities: ['text'],
    audio: { output: { voice: 'cedar', format: { type: 'audio/pcma' } } },
    max_output_tokens: 9,
    parallel_tool_calls: false,
  };
  expect(ga.decode({ type: 'response.create', response }, defaults)).toMatchObject({
    value: {
      options: {
        modality: 'text',
        voice: 'cedar',
        outputFormat: 'g711-alaw',
        maxOutputTokens: 9,
        parallelToolCalls: false,
      },
    },
  });
});

test('audio of an item is in the format that the session hears', () => {
  const item = { ...message, content: [{ type: 'input_audio', audio: 'VdU=' }] };
  const session = { ...defaults, inputFormat: 'g711-alaw' } as const;
  const chunk = { samples: Int16Array.of(-8, 8), sampleRate: 8_000 };
  expect(preview.decode({ type: 'conversation.item.create', item }, session)).toMatchObject({
    value: { item: { content: [{ clip: { chunks: [chunk] }, transcript: undefined }] } },
  });
});

test('a command has the id that the client gave its event, and a problem too', () => {
  const commit = { type: 'input_audio_buffer.commit', event_id: 'mine' };
  expect(ga.decode(commit, defaults)).toEqual({ ok: true, value: { type: 'audio-commit', eventId: 'mine' } });
  expect(ga.decode({ ...commit, event_id: null }, defaults)).toMatchObject({ ok: true });
  expect(ga.decode({ ...commit, audio: '' }, defaults)).toEqual({
    ok: false,
    problem: {
      code: 'unknown_parameter',
      message: "Unknown parameter: 'audio'.",
      param: 'audio',
      eventId: 'mine',
    },
  });
});

test('text that is not JSON is told so', () => {
  expect(parseMessage('{"type":"response.create"}')).toEqual({
    ok: true,
    value: { type: 'response.create' },
  });
  expect(parseMessage('{"type":')).toEqual({
    ok: false,
    problem: {
      code: 'invalid_json',
      message: 'Invalid event: failed to parse JSON value. ',
      param: null,
      eventId: null,
    },
  });
});

test.for([
  [true, { type: 'session.update', session: { type: 'realtime' } }],
  [true, { type: 'session.update', session: { output_modalities: ['audio'] } }],
  [true, { type: 'session.update', session: { audio: {} } }],
  [false, { type: 'session.update', session: { modalities: ['text'], voice: 'alloy' } }],
  [false, { type: 'session.update', session: null }],
  [false, { type: 'session.update' }],
  [false, { type: 'response.create', session: { type: 'realtime' } }],
  [false, null],
  [false, 'session.update'],
] as const)('that an update is written for GA is %s of %j', ([isGa, sent]) => {
  expect(isGaUpdate(sent)).toBe(isGa);
});
