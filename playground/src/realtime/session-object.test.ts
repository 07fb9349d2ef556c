import { expect, test } from 'vitest';
import { toSession } from './session-object.ts';
import { DEFAULT_SETTINGS, type RealtimeSettings } from './settings.ts';

const set: RealtimeSettings = {
  ...DEFAULT_SETTINGS,
  voice: 'coral',
  instructions: 'Be brief.',
  temperature: 0.7,
  speed: 1.25,
  maxOutputTokens: 256,
  turnDetection: {
    ...DEFAULT_SETTINGS.turnDetection,
    threshold: 0.4,
    prefixPaddingMs: 250,
    silenceDurationMs: 700,
    idleTimeoutMs: 6000,
    createResponse: false,
    interruptResponse: false,
  },
  transcriptionModel: 'gpt-4o-transcribe',
  transcriptionLanguage: 'sv',
  noiseReduction: 'near_field',
  inputFormat: 'g711_ulaw',
  outputFormat: 'g711_alaw',
  tools: [
    {
      name: 'get_time',
      description: 'Tells the time.',
      parameters: '{"type":"object","properties":{}}',
      answer: { type: 'canned', canned: 'noon', javascript: '' },
    },
  ],
  toolChoice: 'required',
};

test('preview is told every setting, flat', () => {
  expect(toSession({ ...set, address: 'preview' })).toEqual({
    modalities: ['text', 'audio'],
    instructions: 'Be brief.',
    voice: 'coral',
    input_audio_format: 'g711_ulaw',
    output_audio_format: 'g711_alaw',
    input_audio_transcription: { model: 'gpt-4o-transcribe', language: 'sv' },
    input_audio_noise_reduction: { type: 'near_field' },
    turn_detection: {
      type: 'server_vad',
      threshold: 0.4,
      prefix_padding_ms: 250,
      silence_duration_ms: 700,
      create_response: false,
      interrupt_response: false,
    },
    tools: [
      {
        type: 'function',
        name: 'get_time',
        description: 'Tells the time.',
        parameters: { type: 'object', properties: {} },
      },
    ],
    tool_choice: 'required',
    temperature: 0.7,
    max_response_output_tokens: 256,
  });
});

test('GA is told every setting, nested, and no temperature', () => {
  expect(toSession({ ...set, address: 'openai' })).toEqual({
    type: 'realtime',
    output_modalities: ['audio'],
    instructions: 'Be brief.',
    audio: {
      input: {
        format: { type: 'audio/pcmu' },
        transcription: { model: 'gpt-4o-transcribe', language: 'sv' },
        noise_reduction: { type: 'near_field' },
        turn_detection: {
          type: 'server_vad',
          threshold: 0.4,
          prefix_padding_ms: 250,
          silence_duration_ms: 700,
          idle_timeout_ms: 6000,
          create_response: false,
          interrupt_response: false,
        },
      },
      output: { format: { type: 'audio/pcma' }, voice: 'coral', speed: 1.25 },
    },
    tools: [
      {
        type: 'function',
        name: 'get_time',
        description: 'Tells the time.',
        parameters: { type: 'object', properties: {} },
      },
    ],
    tool_choice: 'required',
    max_output_tokens: 256,
  });
});

test('what is left to the deployment is not told', () => {
  const preview = toSession({ ...DEFAULT_SETTINGS, address: 'preview' });
  expect(preview).not.toHaveProperty('voice');
  expect(preview).not.toHaveProperty('instructions');
  expect(preview).not.toHaveProperty('temperature');
  expect(preview).toMatchObject({ max_response_output_tokens: 'inf' });
});

test('semantic turn detection has its own fields', () => {
  const turnDetection = { ...set.turnDetection, type: 'semantic_vad', eagerness: 'high' } as const;
  expect(toSession({ ...set, address: 'preview', turnDetection })['turn_detection']).toEqual({
    type: 'semantic_vad',
    eagerness: 'high',
    create_response: false,
    interrupt_response: false,
  });
});

test('no turn detection and no transcription are null', () => {
  const turnDetection = { ...set.turnDetection, type: 'none' } as const;
  expect(toSession({ ...set, address: 'preview', turnDetection, isTranscribed: false })).toMatchObject({
    turn_detection: null,
    input_audio_transcription: null,
  });
});

test('answers by text are asked for in each dialect’s way', () => {
  expect(toSession({ ...set, modality: 'text', address: 'preview' })['modalities']).toEqual(['text']);
  expect(toSession({ ...set, modality: 'text', address: 'ga' })['output_modalities']).toEqual(['text']);
});

test('a tool that a server would refuse is not told', () => {
  const [tool] = set.tools;
  if (!tool) throw new Error('There is a tool.');
  const tools = [
    { ...tool, name: 'två ord' },
    { ...tool, parameters: '{' },
  ];
  expect(toSession({ ...set, tools })['tools']).toEqual([]);
});
