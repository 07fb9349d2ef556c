import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { ToolChoice } from '../../engine/language-model.ts';
import type { SessionConfig } from '../../realtime/session-config.ts';
import { createDialect, defaultSessionConfig } from './index.ts';

const dialects = (['preview', 'ga'] as const).map((name) => {
  const defaults = defaultSessionConfig(name);
  return { name, defaults, dialect: createDialect(name, { defaults, newId: (prefix) => `${prefix}1` }) };
});

const tool = { type: 'function', name: 'f', description: 'd', parameters: { type: 'object' } };
const turnDetection = {
  type: 'server_vad',
  threshold: 0.5,
  prefix_padding_ms: 300,
  silence_duration_ms: 200,
  create_response: true,
  interrupt_response: true,
};
const message = {
  type: 'message',
  id: 'item_1',
  status: 'completed',
  role: 'user',
  content: [
    { type: 'input_text', text: 'Hi.' },
    { type: 'input_audio', audio: 'AAAA', transcript: null },
  ],
};
const metadata = { topic: 'weather' };

/** Each client event with every field that it can have. */
const FULL: readonly object[] = [
  {
    type: 'session.update',
    event_id: 'mine',
    session: {
      modalities: ['text', 'audio'],
      instructions: 'Be brief.',
      voice: 'alloy',
      input_audio_format: 'pcm16',
      output_audio_format: 'g711_ulaw',
      input_audio_transcription: { model: 'whisper-1', language: 'sv', prompt: 'p' },
      turn_detection: turnDetection,
      input_audio_noise_reduction: { type: 'near_field' },
      tools: [tool],
      tool_choice: { type: 'function', name: 'f' },
      temperature: 0.8,
      max_response_output_tokens: 'inf',
      speed: 1,
      include: null,
      tracing: 'auto',
    },
  },
  {
    type: 'session.update',
    event_id: 'mine',
    session: {
      type: 'realtime',
      output_modalities: ['audio'],
      instructions: 'Be brief.',
      audio: {
        input: {
          format: { type: 'audio/pcm', rate: 24_000 },
          transcription: { model: 'whisper-1', languages: ['sv'] },
          noise_reduction: { type: 'far_field' },
          turn_detection: { ...turnDetection, idle_timeout_ms: 6_000 },
        },
        output: { format: { type: 'audio/pcmu' }, voice: { id: 'cedar' }, speed: 1 },
      },
      tools: [tool],
      tool_choice: { type: 'function', function: { name: 'f' } },
      parallel_tool_calls: true,
      reasoning: { effort: 'low' },
      max_output_tokens: 100,
      truncation: 'auto',
      prompt: null,
      tracing: { workflow_name: 'w', group_id: 'g', metadata: {} },
    },
  },
  {
    type: 'transcription_session.update',
    session: { input_audio_format: 'pcm16', turn_detection: turnDetection },
  },
  { type: 'input_audio_buffer.append', event_id: 'mine', audio: 'AAAA' },
  { type: 'conversation.item.create', previous_item_id: 'root', item: message },
  {
    type: 'conversation.item.create',
    item: { type: 'function_call', call_id: 'call_1', name: 'f', arguments: '{}' },
  },
  { type: 'conversation.item.create', item: { type: 'function_call_output', call_id: 'call_1', output: '' } },
  { type: 'conversation.item.truncate', item_id: 'item_1', content_index: 0, audio_end_ms: 1 },
  { type: 'conversation.item.delete', item_id: 'item_1' },
  { type: 'response.cancel', response_id: 'resp_1' },
  {
    type: 'response.create',
    response: {
      conversation: 'none',
      metadata,
      input: [message, { type: 'item_reference', id: 'item_2' }],
      tools: [tool],
      tool_choice: 'auto',
      instructions: 'i',
    },
  },
];

const anyType = fc.constantFrom(
  ...FULL.map((full) => (full as { readonly type: string }).type),
  'x',
  7,
  null,
);

test('nothing that can be sent makes decoding throw', () => {
  const anyEvent = fc.record(
    { type: anyType, event_id: fc.jsonValue(), session: fc.jsonValue(), item: fc.jsonValue() },
    { requiredKeys: [] },
  );
  fc.assert(
    fc.property(fc.oneof(fc.jsonValue(), anyEvent), (sent) => {
      for (const { dialect, defaults } of dialects) dialect.decode(sent, defaults);
    }),
    { numRuns: 2_000 },
  );
});

test('garbage in any field is taken or told, and what is told stands in the message', () => {
  const mutation = fc.record({
    full: fc.constantFrom(...FULL),
    place: fc.nat(),
    garbage: fc.oneof(fc.jsonValue({ maxDepth: 2 }), fc.constant(undefined)),
  });
  fc.assert(
    fc.property(mutation, ({ full, place, garbage }) => {
      const paths = pathsIn(full);
      const sent = JSON.parse(JSON.stringify(replaced(full, paths[place % paths.length] ?? [], garbage)));
      for (const { dialect, defaults } of dialects) {
        const decoded = dialect.decode(sent, defaults);
        if (decoded.ok) continue;
        const { param, message } = decoded.problem;
        expect(message).not.toBe('');
        if (param !== null) expect(isPlaceIn(sent, param), `${param} in ${JSON.stringify(sent)}`).toBe(true);
      }
    }),
    { numRuns: 5_000 },
  );
});

test('a whole session is read from what was told of it', () => {
  const config: fc.Arbitrary<Partial<SessionConfig>> = fc.record({
    instructions: fc.string(),
    modality: fc.constantFrom('text', 'audio'),
    voice: fc.constantFrom('ash', 'sage'),
    speed: fc.double({ min: 0.25, max: 1.5, noNaN: true }),
    maxOutputTokens: fc.option(fc.integer({ min: 1, max: 4_096 }), { nil: undefined }),
    inputFormat: fc.constantFrom('pcm16', 'g711-ulaw', 'g711-alaw'),
    outputFormat: fc.constantFrom('pcm16', 'g711-ulaw', 'g711-alaw'),
    transcription: fc.option(
      fc.record({
        model: fc.constant('whisper-1'),
        language: fc.constantFrom('sv', undefined),
        prompt: fc.constantFrom('p', undefined),
      }),
      { nil: undefined },
    ),
    noiseReduction: fc.constantFrom('near-field', 'far-field', undefined),
    turnDetection: fc.constantFrom(
      undefined,
      { type: 'semantic-vad', eagerness: 'high', createResponse: false, interruptResponse: true },
      {
        type: 'server-vad',
        threshold: 0.25,
        prefixPaddingMs: 0,
        silenceDurationMs: 900,
        idleTimeoutMs: undefined,
        createResponse: true,
        interruptResponse: false,
      },
    ),
    tools: fc.constantFrom([], [{ name: 'f', description: 'd', parameters: {} }, { name: 'g' }]),
    toolChoice: fc.constantFrom<ToolChoice>('auto', 'none', 'required', { name: 'f' }),
  });
  fc.assert(
    fc.property(config, (changes) => {
      for (const { dialect, defaults } of dialects) {
        const told = { id: 'sess_1', model: 'm', expiresAt: 1, config: { ...defaults, ...changes } };
        const read = dialect.decodeSession(JSON.parse(JSON.stringify(dialect.encodeSession(told))), defaults);
        expect(read.ok && { ...read.value, echo: {} }).toEqual({ ...defaults, ...changes });
      }
    }),
    { numRuns: 500 },
  );
});

test('audio of any length is heard as it was sent, byte for byte', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 5_000 }), (bytes) => {
      const sent = { type: 'input_audio_buffer.append', audio: Buffer.from(bytes).toString('base64') };
      for (const { dialect, defaults } of dialects) {
        expect(dialect.decode(sent, defaults)).toMatchObject({ ok: true, value: { bytes } });
      }
    }),
    { numRuns: 200 },
  );
});

type Path = readonly (string | number)[];

function pathsIn(value: unknown, path: Path = []): readonly Path[] {
  if (typeof value !== 'object' || value === null) return [path];
  const inner = Object.entries(value).flatMap(([key, entry]) =>
    pathsIn(entry, [...path, Array.isArray(value) ? Number(key) : key]),
  );
  return path.length === 0 ? inner : [path, ...inner];
}

function replaced(value: unknown, [key, ...rest]: Path, garbage: unknown): unknown {
  if (key === undefined) return garbage;
  const copy = structuredClone(value) as Record<string | number, unknown>;
  copy[key] = replaced(copy[key], rest, garbage);
  return copy;
}

/** Whether `param` is a place in `message`, or one that is missing there from an object that is not. */
function isPlaceIn(message: unknown, param: string): boolean {
  return (
    pathsIn(message).some((path) => {
      const place = path.reduce<string>(
        (text, key) => (typeof key === 'number' ? `${text}[${key}]` : text === '' ? key : `${text}.${key}`),
        '',
      );
      return place === param || param.slice(0, Math.max(0, param.lastIndexOf('.'))) === place;
    }) || !param.includes('.')
  );
}
