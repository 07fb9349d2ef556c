import { expect, test } from 'vitest';
import { createDialect, defaultSessionConfig } from './index.ts';

const defaults = defaultSessionConfig('preview', { instructions: 'Be kind.' });
const gaDefaults = defaultSessionConfig('ga', { instructions: 'Be kind.' });
const newId = (prefix: string) => `${prefix}1`;
const preview = createDialect('preview', { defaults, newId });
const ga = createDialect('ga', { defaults: gaDefaults, newId });

const serverVad = {
  type: 'server-vad',
  threshold: 0.5,
  prefixPaddingMs: 300,
  silenceDurationMs: 200,
  idleTimeoutMs: undefined,
  createResponse: true,
  interruptResponse: true,
};

type Update = readonly [session: object, changes: object];

const PREVIEW: readonly Update[] = [
  [{}, {}],
  [{ model: 'gpt-4o-realtime-preview' }, {}],
  [{ instructions: '' }, { instructions: '' }],
  [
    { instructions: null, voice: null, tools: null },
    { instructions: 'Be kind.', voice: 'alloy', tools: [] },
  ],
  [{ modalities: ['text'] }, { modality: 'text' }],
  [{ modalities: ['text', 'audio'] }, { modality: 'audio' }],
  [
    { input_audio_format: 'g711-ulaw', output_audio_format: 'g711_alaw' },
    {
      inputFormat: 'g711-ulaw',
      outputFormat: 'g711-alaw',
      echo: { input_audio_format: 'g711-ulaw', output_audio_format: 'g711_alaw' },
    },
  ],
  [
    { input_audio_transcription: { model: 'whisper-1', language: '', prompt: '' } },
    { transcription: { model: 'whisper-1', language: undefined, prompt: undefined } },
  ],
  [{ input_audio_transcription: null }, { transcription: undefined }],
  [{ turn_detection: null }, { turnDetection: undefined }],
  [{ turn_detection: { type: 'none' } }, { turnDetection: undefined }],
  [{ turn_detection: { type: 'server_vad' } }, { turnDetection: serverVad }],
  [{ turn_detection: { threshold: 0.9 } }, { turnDetection: { ...serverVad, threshold: 0.9 } }],
  [
    { turn_detection: { type: 'semantic_vad', create_response: false } },
    {
      turnDetection: {
        type: 'semantic-vad',
        eagerness: 'auto',
        createResponse: false,
        interruptResponse: true,
      },
    },
  ],
  [{ input_audio_noise_reduction: { type: 'far_field' } }, { noiseReduction: 'far-field' }],
  [{ max_response_output_tokens: 4096 }, { maxOutputTokens: 4096 }],
  [
    { max_response_output_tokens: 'inf', temperature: null },
    { maxOutputTokens: undefined, temperature: 0.8 },
  ],
  [{ tool_choice: 'required' }, { toolChoice: 'required' }],
  [{ tool_choice: { type: 'function', function: 'f' } }, { toolChoice: { name: 'f' } }],
  [{ tool_choice: { type: 'function', function: { name: 'f' } } }, { toolChoice: { name: 'f' } }],
  [
    { tools: [{ type: 'function', name: 'f', description: null, parameters: { type: 'object' } }] },
    {
      tools: [{ name: 'f', description: undefined, parameters: { type: 'object' }, strict: undefined }],
    },
  ],
  [{ tracing: 'auto', include: null }, { echo: { tracing: 'auto' } }],
];

const GA: readonly Update[] = [
  [{ type: 'realtime' }, { purpose: 'conversation' }],
  [{ type: 'transcription' }, { purpose: 'transcription' }],
  [{ audio: { output: { speed: 1.5 } } }, { speed: 1.5 }],
  [
    { audio: { input: { format: { type: 'audio/pcmu' } }, output: { voice: { id: 'cedar' } } } },
    { inputFormat: 'g711-ulaw', voice: 'cedar' },
  ],
  [
    { audio: { input: { format: { type: 'audio/pcm', rate: 24_000 }, noise_reduction: null } } },
    { inputFormat: 'pcm16', noiseReduction: undefined },
  ],
  [
    { audio: { input: { turn_detection: { type: 'server_vad', idle_timeout_ms: 5_000 } } } },
    { turnDetection: { ...serverVad, idleTimeoutMs: 5_000 } },
  ],
  [{ audio: { input: { turn_detection: null } } }, { turnDetection: undefined }],
  [
    { audio: { input: { transcription: { model: 'gpt-transcribe', languages: ['sv'], delay: 'low' } } } },
    { transcription: { model: 'gpt-transcribe', language: 'sv', prompt: undefined } },
  ],
  [
    { output_modalities: ['audio'], max_output_tokens: 1 },
    { modality: 'audio', maxOutputTokens: 1 },
  ],
  [
    { instructions: null, audio: { output: { voice: null } } },
    { instructions: 'Be kind.', voice: 'marin' },
  ],
  [{ parallel_tool_calls: false }, { parallelToolCalls: false }],
  [
    {
      truncation: 'disabled',
      include: [],
      reasoning: { effort: 'low' },
      prompt: null,
    },
    { truncation: 'disabled', echo: { reasoning: { effort: 'low' } } },
  ],
];

test.for(PREVIEW)('preview: %j changes %j and no more', ([session, changes]) => {
  const decoded = preview.decode({ type: 'session.update', session }, defaults);
  expect(decoded).toStrictEqual(updateOf(changes));
});

test.for(GA)('GA: %j changes %j and no more', ([session, changes]) => {
  const decoded = ga.decode({ type: 'session.update', session }, gaDefaults);
  expect(decoded).toStrictEqual(updateOf(changes));
});

test('a transcription session is updated in the flat form in both dialects', () => {
  const session = { input_audio_format: 'pcm16', input_audio_transcription: { model: 'whisper-1' } };
  for (const dialect of [preview, ga]) {
    expect(dialect.decode({ type: 'transcription_session.update', session }, defaults)).toMatchObject({
      value: { changes: { purpose: 'transcription', transcription: { model: 'whisper-1' } } },
    });
  }
});

test('one invalid field refuses the whole update', () => {
  const session = { instructions: 'Sing.', voice: 'nobody' };
  expect(preview.decode({ type: 'session.update', session }, defaults)).toMatchObject({ ok: false });
});

test('a spelling of a format is told back for as long as it is the format', () => {
  const echo = { input_audio_format: 'g711-ulaw' };
  const snapshot = { id: 'sess_1', model: 'm', expiresAt: 1, config: { ...defaults, echo } };
  expect(preview.encodeSession(snapshot)).toMatchObject({ input_audio_format: 'pcm16' });
  const config = { ...defaults, inputFormat: 'g711-ulaw', echo } as const;
  expect(preview.encodeSession({ ...snapshot, config })).toMatchObject({ input_audio_format: 'g711-ulaw' });
  expect(ga.encodeSession({ ...snapshot, config })).toMatchObject({
    audio: { input: { format: { type: 'audio/pcmu' } } },
  });
});

test('a session of a request is its base with what the body changes', () => {
  const base = { ...gaDefaults, echo: { tracing: 'auto' } };
  const body = { type: 'realtime', audio: { output: { voice: 'cedar' } }, truncation: 'disabled' };
  expect(ga.decodeSession(body, base)).toEqual({
    ok: true,
    value: { ...gaDefaults, voice: 'cedar', truncation: 'disabled', echo: { tracing: 'auto' } },
  });
});

test('a problem of a session in a request is told at its place there', () => {
  const problem = (param: string) => ({
    ok: false,
    problem: {
      code: 'unknown_parameter',
      message: `Unknown parameter: '${param}'.`,
      param,
      eventId: null,
    },
  });
  expect(ga.decodeSession({ speed: 1 }, gaDefaults)).toEqual(problem('session.speed'));
  expect(preview.decodeSession({ audio: {} }, defaults, '')).toEqual(problem('audio'));
  const transcribing = { ...defaults, purpose: 'transcription' } as const;
  expect(preview.decodeSession({ voice: 'ash' }, transcribing, '')).toEqual(problem('voice'));
});

test('every field that a session is told with can be sent back', () => {
  for (const [dialect, config] of [
    [preview, defaults],
    [ga, gaDefaults],
  ] as const) {
    const session = dialect.encodeSession({ id: 'sess_1', model: 'm', expiresAt: 1, config });
    const decoded = dialect.decodeSession(session, config);
    expect(decoded.ok && { ...decoded.value, echo: {} }).toEqual(config);
  }
});

test('each event has an id of its own, and the first revision is told only what it knows', () => {
  let ids = 0;
  const options = { defaults, newId: (prefix: string) => `${prefix}${++ids}` };
  const delta = { type: 'transcription-delta', itemId: 'item_1', delta: 'What' } as const;
  const deleted = { type: 'item-deleted', itemId: 'item_1' } as const;
  const first = createDialect('preview', { ...options, apiVersion: '2024-10-01-preview' });
  const later = createDialect('preview', { ...options, apiVersion: '2025-04-01-preview' });
  expect(first.encode(delta)).toEqual([]);
  expect(first.encode(deleted)).toMatchObject([{ event_id: 'event_1' }]);
  expect(later.encode(delta)).toMatchObject([{ event_id: 'event_2' }]);
  expect(later.encode(deleted)).toMatchObject([{ event_id: 'event_3' }]);
});

function updateOf(changes: object): object {
  const value = { type: 'session-update', changes: { echo: {}, ...changes }, eventId: undefined };
  return { ok: true, value };
}
