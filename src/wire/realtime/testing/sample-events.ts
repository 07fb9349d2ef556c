import type { ResponseSnapshot, SessionEvent } from '../../../realtime/session-event.ts';
import { defaultSessionConfig } from '../default-session.ts';
import type { DialectName } from '../dialect.ts';

type Samples = { readonly [T in SessionEvent['type']]: readonly Extract<SessionEvent, { type: T }>[] };

const place = { itemId: 'item_1', outputIndex: 0 };
const responseId = 'resp_1';
const message = { kind: 'message', id: 'item_1' } as const;
const call = { kind: 'function-call', id: 'item_2', callId: 'call_1', name: 'get_weather' } as const;

/** Two samples of 24 kHz audio: 1 and -2. */
const clip = { chunks: [{ samples: Int16Array.of(1, -2), sampleRate: 24_000 }] };
const spoken = {
  kind: 'message',
  id: 'item_0',
  role: 'user',
  status: 'completed',
  content: [{ kind: 'audio', clip, transcript: undefined }],
} as const;

/** Every event that a session can tell, in each of the shapes that make a difference on the wire. */
export function sampleEvents(dialect: DialectName): Samples {
  const config = defaultSessionConfig(dialect);
  const session = { id: 'sess_1', model: 'gpt-realtime', expiresAt: 1_756_324_625, config };
  const response: ResponseSnapshot = {
    id: responseId,
    conversationId: 'conv_1',
    status: { type: 'in-progress' },
    output: [],
    usage: undefined,
    config,
    metadata: undefined,
  };
  return {
    ...inputSamples,
    ...outputSamples,
    'session-start': [
      { type: 'session-start', session },
      { type: 'session-start', session: { ...session, config: { ...config, purpose: 'transcription' } } },
    ],
    'session-updated': [
      { type: 'session-updated', session: { ...session, config: { ...config, ...everythingSet } } },
      { type: 'session-updated', session: { ...session, config: { ...config, ...semantic } } },
      {
        type: 'session-updated',
        session: { ...session, config: { ...config, ...everythingSet, purpose: 'transcription' } },
      },
    ],
    'response-start': [
      { type: 'response-start', response },
      {
        type: 'response-start',
        response: { ...response, conversationId: null, metadata: { topic: 'weather' } },
      },
    ],
    'response-end': [
      { type: 'response-end', response: { ...response, ...answered } },
      {
        type: 'response-end',
        response: { ...response, status: { type: 'cancelled', reason: 'turn-detected' } },
      },
      {
        type: 'response-end',
        response: { ...response, status: { type: 'incomplete', reason: 'max-output-tokens' } },
      },
      {
        type: 'response-end',
        response: { ...response, status: { type: 'failed', code: 'server_error', message: 'It broke.' } },
      },
    ],
  };
}

const answered = {
  status: { type: 'completed' },
  output: [
    { ...message, status: 'completed', content: [{ kind: 'audio', text: 'Hello.' }] },
    { ...call, status: 'completed', arguments: '{"city":"Oslo"}' },
  ],
  usage: {
    inputTextTokens: 83,
    inputAudioTokens: 10,
    cachedInputTokens: 64,
    outputTextTokens: 20,
    outputAudioTokens: 47,
    reasoningTokens: 0,
  },
} as const satisfies Partial<ResponseSnapshot>;

const semantic = {
  turnDetection: { type: 'semantic-vad', eagerness: 'low', createResponse: true, interruptResponse: false },
  transcription: { model: undefined, language: undefined, prompt: undefined },
  modality: 'text',
} as const;

const everythingSet = {
  instructions: 'Be brief.',
  outputFormat: 'g711-ulaw',
  inputFormat: 'g711-alaw',
  transcription: { model: 'gpt-4o-transcribe', language: 'sv', prompt: 'Names of cities.' },
  noiseReduction: 'near-field',
  maxOutputTokens: 100,
  tools: [
    { name: 'get_weather', description: 'The weather.', parameters: { type: 'object' } },
    { name: 'hang_up', strict: true },
  ],
  toolChoice: { name: 'get_weather' },
  truncation: 'disabled',
  echo: { tracing: 'auto' },
} as const;

const inputSamples = {
  'audio-committed': [
    { type: 'audio-committed', itemId: 'item_0', previousItemId: null },
    { type: 'audio-committed', itemId: 'item_0', previousItemId: 'item_9' },
  ],
  'audio-cleared': [{ type: 'audio-cleared' }],
  'speech-start': [{ type: 'speech-start', itemId: 'item_0', atMs: 640 }],
  'speech-end': [{ type: 'speech-end', itemId: 'item_0', atMs: 2_100 }],
  'idle-timeout': [{ type: 'idle-timeout', itemId: 'item_0', startMs: 0, endMs: 6_000 }],
  'item-added': [
    { type: 'item-added', item: spoken, previousItemId: null },
    {
      type: 'item-added',
      item: { ...spoken, content: [{ kind: 'text', text: 'Hi.' }] },
      previousItemId: 'item_9',
    },
    {
      type: 'item-added',
      item: { ...spoken, role: 'system', content: [{ kind: 'text', text: 'Be kind.' }] },
      previousItemId: null,
    },
    {
      type: 'item-added',
      item: { ...spoken, role: 'assistant', content: [{ kind: 'text', text: 'Hello.' }] },
      previousItemId: null,
    },
    { type: 'item-added', item: { ...call, status: 'completed', arguments: '{}' }, previousItemId: null },
    {
      type: 'item-added',
      item: { kind: 'function-output', id: 'item_3', callId: 'call_1', output: 'Sunny.' },
      previousItemId: 'item_2',
    },
  ],
  'item-retrieved': [
    { type: 'item-retrieved', item: spoken, inputFormat: 'pcm16' },
    {
      type: 'item-retrieved',
      item: {
        ...spoken,
        role: 'assistant',
        status: 'incomplete',
        content: [{ kind: 'audio', clip, transcript: 'Hello.' }],
      },
      inputFormat: 'g711-ulaw',
    },
    {
      type: 'item-retrieved',
      item: {
        ...spoken,
        // A-law's 0x55 and 0xD5 are the smallest values below and above zero (G.711, table 1a).
        content: [
          {
            kind: 'audio',
            clip: { chunks: [{ samples: Int16Array.of(-8, 8), sampleRate: 8_000 }] },
            transcript: 'Hm.',
          },
        ],
      },
      inputFormat: 'g711-alaw',
    },
  ],
  'item-truncated': [{ type: 'item-truncated', itemId: 'item_1', contentIndex: 0, audioEndMs: 1_500 }],
  'item-deleted': [{ type: 'item-deleted', itemId: 'item_1' }],
  'transcription-delta': [{ type: 'transcription-delta', itemId: 'item_0', delta: 'What ' }],
  'transcription-end': [
    { type: 'transcription-end', itemId: 'item_0', transcript: 'What is the weather?', audioMs: 1_460 },
  ],
  'transcription-failed': [
    { type: 'transcription-failed', itemId: 'item_0', message: 'The speech recognizer failed.' },
  ],
  problem: [
    {
      type: 'problem',
      problem: {
        code: 'cannot_update_voice',
        message: "Cannot update a conversation's voice if assistant audio is present.",
        param: 'session.voice',
        eventId: 'mine',
      },
    },
    {
      type: 'problem',
      problem: { code: 'rate_limit_exceeded', message: 'Wait.', param: null, eventId: null },
    },
    { type: 'problem', problem: { code: 'server_error', message: 'It broke.', param: null, eventId: null } },
  ],
} as const satisfies Partial<Samples>;

const outputSamples = {
  'output-item-start': [
    {
      type: 'output-item-start',
      responseId,
      item: { ...message, status: 'in-progress', content: [] },
      outputIndex: 0,
      previousItemId: 'item_0',
    },
    {
      type: 'output-item-start',
      responseId,
      item: { ...call, status: 'in-progress', arguments: '' },
      outputIndex: 1,
      previousItemId: undefined,
    },
  ],
  'output-part-start': [
    { type: 'output-part-start', responseId, part: 'audio', ...place },
    { type: 'output-part-start', responseId, part: 'text', ...place },
  ],
  'output-text-delta': [{ type: 'output-text-delta', responseId, delta: 'Hel', ...place }],
  'output-transcript-delta': [{ type: 'output-transcript-delta', responseId, delta: 'Hel', ...place }],
  'output-audio-delta': [
    {
      type: 'output-audio-delta',
      responseId,
      audio: { bytes: Uint8Array.of(1, 0, 254, 255), samples: Int16Array.of(1, -2), durationMs: 2 / 24 },
      ...place,
    },
  ],
  'output-part-end': [
    { type: 'output-part-end', responseId, part: 'audio', text: 'Hello.', ...place },
    { type: 'output-part-end', responseId, part: 'text', text: 'Hello.', ...place },
  ],
  'output-arguments-delta': [
    {
      type: 'output-arguments-delta',
      responseId,
      callId: 'call_1',
      delta: '{"ci',
      itemId: 'item_2',
      outputIndex: 1,
    },
  ],
  'output-arguments-end': [
    {
      type: 'output-arguments-end',
      responseId,
      callId: 'call_1',
      name: 'get_weather',
      arguments: '{"city":"Oslo"}',
      itemId: 'item_2',
      outputIndex: 1,
    },
  ],
  'trace-score': [{ type: 'trace-score', audioMs: 1200.4, score: 0.75, threshold: 0.5, isSpeech: true }],
  'trace-mark': [
    { type: 'trace-mark', mark: 'first-token', atMs: 2150, of: { responseId } },
    { type: 'trace-mark', mark: 'speech-end', atMs: 1500, of: { itemId: 'item_0' } },
  ],
  'output-item-end': [
    {
      type: 'output-item-end',
      responseId,
      item: { ...message, status: 'incomplete', content: [{ kind: 'audio', text: 'Hello.' }] },
      outputIndex: 0,
      previousItemId: 'item_0',
    },
    {
      type: 'output-item-end',
      responseId,
      item: { ...call, status: 'completed', arguments: '{"city":"Oslo"}' },
      outputIndex: 1,
      previousItemId: undefined,
    },
  ],
} as const satisfies Partial<Samples>;
