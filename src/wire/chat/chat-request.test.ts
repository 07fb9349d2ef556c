import { describe, expect, test } from 'vitest';
import { decodeChatRequest } from './chat-request.ts';

const hello = { role: 'user', content: 'Hello' };
const spoken = { modalities: ['text', 'audio'], audio: { voice: 'alloy', format: 'wav' } };

function accept(body: unknown) {
  const decoded = decodeChatRequest(body);
  if (!decoded.ok) throw decoded.error;
  return decoded.value;
}

function refuse(body: unknown) {
  const decoded = decodeChatRequest(body);
  if (decoded.ok) throw new Error('The request was accepted.');
  const { kind, message, param } = decoded.error;
  return { kind, message, param };
}

describe('what is accepted', () => {
  test('a spoken reply, the modalities in either order', () => {
    for (const modalities of [['text', 'audio'], ['audio', 'text'], ['audio']]) {
      expect(accept({ ...spoken, modalities, messages: [hello] }).speech).toEqual({
        voice: 'alloy',
        format: 'wav',
      });
    }
  });

  test('a format of the reply, of which the schema alone is passed on', () => {
    const schema = { type: 'object', properties: { city: { type: 'string' } } };
    const formatOf = (json_schema: object): unknown =>
      accept({ messages: [hello], response_format: { type: 'json_schema', json_schema } }).responseFormat;
    expect(formatOf({ name: 'reply', strict: true, schema })).toEqual({
      type: 'json_schema',
      jsonSchema: schema,
    });
    expect(formatOf({ name: 'reply' })).toEqual({ type: 'json_schema', jsonSchema: {} });
  });

  test('a follow-up without modalities is answered in text', () => {
    const request = accept({
      model: 'm',
      messages: [hello, { role: 'assistant', audio: { id: 'audio_1' } }, hello],
    });
    expect(request.speech).toBeUndefined();
    expect(request.messages[1]).toEqual({
      role: 'assistant',
      text: '',
      audio: { id: 'audio_1', param: 'messages[1].audio.id' },
      toolCalls: [],
    });
  });

  test('the whole message of an earlier answer, sent back as it came', () => {
    const message = {
      role: 'assistant',
      content: null,
      refusal: null,
      annotations: [],
      audio: { id: 'audio_1', expires_at: 1, data: 'AAAA', transcript: 'Yes.' },
    };
    expect(accept({ messages: [hello, message] }).messages[1]).toMatchObject({ audio: { id: 'audio_1' } });
  });

  test('audio that the intake has decoded', () => {
    const bytes = new Uint8Array([1, 2]);
    const part = { type: 'input_audio', input_audio: { data: bytes, format: 'mp3' } };
    expect(
      accept({ messages: [{ role: 'user', content: [{ type: 'text', text: 'Hear:' }, part] }] }).messages,
    ).toEqual([
      {
        role: 'user',
        parts: [
          { kind: 'text', text: 'Hear:' },
          { kind: 'audio', bytes, format: 'mp3', param: 'messages[0].content[1].input_audio.data' },
        ],
      },
    ]);
  });

  test('null wherever a field may be left out', () => {
    const request = accept({
      messages: [hello],
      modalities: null,
      audio: null,
      stop: null,
      n: null,
      tools: null,
      temperature: null,
    });
    expect(request).toMatchObject({ speech: undefined, choices: 1, tools: [], toolChoice: 'none' });
  });

  test('the functions of the older API, as tools', () => {
    const request = accept({
      messages: [hello, { role: 'function', name: 'f', content: '42' }],
      functions: [{ name: 'f', parameters: { type: 'object' } }],
      function_call: { name: 'f' },
    });
    expect(request).toMatchObject({
      isLegacyFunctions: true,
      toolChoice: { name: 'f' },
      tools: [{ name: 'f' }],
    });
    expect(request.messages[1]).toEqual({ role: 'tool', callId: 'f', text: '42' });
  });

  test('max_completion_tokens before max_tokens, and a lone stop as a list', () => {
    const { sampling } = accept({ messages: [hello], max_tokens: 5, max_completion_tokens: 7, stop: '.' });
    expect(sampling).toMatchObject({ maxOutputTokens: 7, stop: ['.'] });
  });
});

describe('what is refused, where and how', () => {
  const cases: readonly (readonly [string, unknown, Partial<ReturnType<typeof refuse>>])[] = [
    ['no object', [1], { kind: 'invalid-type' }],
    [
      'no messages',
      {},
      { kind: 'missing-parameter', message: "Missing required parameter: 'messages'.", param: 'messages' },
    ],
    ['empty messages', { messages: [] }, { kind: 'out-of-range', param: 'messages' }],
    [
      'an unknown field',
      { messages: [hello], foo: 1 },
      { kind: 'unknown-parameter', message: 'Unrecognized request argument supplied: foo' },
    ],
    [
      'a wrong voice',
      { ...spoken, audio: { voice: 'bob', format: 'wav' }, messages: [hello] },
      { kind: 'invalid-value', param: 'audio.voice' },
    ],
    [
      'a wrong format',
      { ...spoken, audio: { voice: 'alloy', format: 'ogg' }, messages: [hello] },
      {
        kind: 'invalid-value',
        message:
          "Invalid value: 'ogg'. Supported values are: 'wav', 'aac', 'mp3', 'flac', 'opus', and 'pcm16'.",
        param: 'audio.format',
      },
    ],
    [
      'audio without its settings',
      { modalities: ['text', 'audio'], messages: [hello] },
      { kind: 'missing-parameter', message: "Missing required parameter: 'audio'.", param: 'audio' },
    ],
    [
      'wav in a stream',
      { ...spoken, stream: true, messages: [hello] },
      {
        kind: 'unsupported-value',
        message:
          "Unsupported value: 'audio.format' does not support 'wav' when stream=true. Supported values are: 'pcm16'.",
        param: 'audio.format',
      },
    ],
    ['two spoken choices', { ...spoken, n: 2, messages: [hello] }, { kind: 'unsupported-value', param: 'n' }],
    [
      'spoken JSON',
      { ...spoken, response_format: { type: 'json_object' }, messages: [hello] },
      { kind: 'unsupported-value', param: 'response_format.type' },
    ],
    [
      'a wrong input format',
      {
        messages: [
          { role: 'user', content: [{ type: 'input_audio', input_audio: { data: 'AA==', format: 'flac' } }] },
        ],
      },
      { kind: 'invalid-value', param: 'messages[0].content[0].input_audio.format' },
    ],
    [
      'base64 that is none',
      {
        messages: [
          { role: 'user', content: [{ type: 'input_audio', input_audio: { data: '***', format: 'wav' } }] },
        ],
      },
      {
        kind: 'invalid-value',
        message: "The data provided for 'input_audio' is not of valid wav format.",
        param: 'messages[0].content[0].input_audio.data',
      },
    ],
    [
      'an image',
      { messages: [{ role: 'user', content: [{ type: 'image_url', image_url: { url: 'x' } }] }] },
      { kind: 'unsupported-value', param: 'messages[0].content[0].type' },
    ],
    [
      'an assistant message of nothing',
      { messages: [hello, { role: 'assistant' }] },
      { kind: 'missing-parameter', param: 'messages[1].content' },
    ],
    ['an unknown role', { messages: [{ role: 'robot', content: '' }] }, { param: 'messages[0].role' }],
    ['a role of a wrong type', { messages: [{ role: 7, content: '' }] }, { param: 'messages[0].role' }],
    [
      'a temperature too high',
      { messages: [hello], temperature: 3 },
      { kind: 'out-of-range', param: 'temperature' },
    ],
    [
      'a temperature in words',
      { messages: [hello], temperature: 'hot' },
      {
        kind: 'invalid-type',
        message: "Invalid type for 'temperature': expected a number, but got a string instead.",
        param: 'temperature',
      },
    ],
    ['n below one', { messages: [hello], n: 0 }, { kind: 'out-of-range', param: 'n' }],
    [
      'five stops',
      { messages: [hello], stop: ['a', 'b', 'c', 'd', 'e'] },
      { kind: 'out-of-range', param: 'stop' },
    ],
    ['logprobs', { messages: [hello], logprobs: true }, { kind: 'unsupported-parameter', param: 'logprobs' }],
    [
      'data sources',
      { messages: [hello], data_sources: [{}] },
      { kind: 'unsupported-parameter', param: 'data_sources' },
    ],
    ['a tool choice without tools', { messages: [hello], tool_choice: 'required' }, { param: 'tool_choice' }],
    [
      'a choice of a tool that is not there',
      {
        messages: [hello],
        tools: [{ type: 'function', function: { name: 'f' } }],
        tool_choice: { type: 'function', function: { name: 'g' } },
      },
      { kind: 'invalid-value', param: 'tool_choice' },
    ],
    ['a custom tool', { messages: [hello], tools: [{ type: 'custom' }] }, { param: 'tools[0].type' }],
    [
      'stream options without a stream',
      { messages: [hello], stream_options: {} },
      { param: 'stream_options' },
    ],
    [
      'a metadata value too long',
      { messages: [hello], metadata: { a: 'x'.repeat(513) } },
      { param: 'metadata.a' },
    ],
  ];

  test.each(cases)('%s', (_, body, expected) => {
    expect(refuse(body)).toMatchObject(expected);
  });
});
