import { expect, test } from 'vitest';
import { parseJsonBody } from './parse-json-body.ts';

const LIMITS = { audioBytes: 4, jsonDepth: 32, jsonKeys: 100 };

function parse(text: string | Uint8Array): unknown {
  return parseJsonBody(typeof text === 'string' ? Buffer.from(text) : text, LIMITS).value;
}

function withAudio(data: string): string {
  const text = { type: 'text', text: 'Hej' };
  const audio = { type: 'input_audio', input_audio: { data, format: 'wav' } };
  return JSON.stringify({ messages: [{ role: 'user', content: [text, audio] }] });
}

test('replaces the base64 of a message by its bytes', () => {
  expect(parse(withAudio('aGVqIQ=='))).toEqual({
    messages: [
      {
        role: 'user',
        content: [
          { type: 'text', text: 'Hej' },
          { type: 'input_audio', input_audio: { data: new Uint8Array([104, 101, 106, 33]), format: 'wav' } },
        ],
      },
    ],
  });
});

test('lists the audio it decoded, for transfer', () => {
  const { audio } = parseJsonBody(Buffer.from(withAudio('aGVqIQ==')), LIMITS);
  expect(audio).toEqual([new Uint8Array([104, 101, 106, 33])]);
});

test('leaves text that is not base64 for validation to refuse', () => {
  expect(parse(withAudio('data:,'))).toMatchObject({
    messages: [{ content: [{}, { input_audio: { data: 'data:,' } }] }],
  });
});

test('leaves what is called input_audio outside the messages alone', () => {
  const body = { tools: [{ input_audio: { data: 'aGVq' } }], input_audio: { data: 'aGVq' } };
  expect(parse(JSON.stringify(body))).toEqual(body);
});

test('refuses an audio file that is too large and names its place', () => {
  expect(() => parse(withAudio('aGVqISE='))).toThrow(
    expect.objectContaining({ kind: 'file-too-large', param: 'messages[0].content[1].input_audio.data' }),
  );
});

test('refuses a large file by its length alone, whether or not it is base64', () => {
  expect(() => parse(withAudio('!!!!!!!!'))).toThrow(expect.objectContaining({ kind: 'file-too-large' }));
});

test('names the first of several files that are too large', () => {
  const content = [{ input_audio: { data: 'aGVqISE=' } }, { input_audio: { data: 'aGVqISE=' } }];
  expect(() => parse(JSON.stringify({ messages: [{ content }, { content }] }))).toThrow(
    expect.objectContaining({ param: 'messages[0].content[0].input_audio.data' }),
  );
});

test('refuses an empty body with a hint', () => {
  expect(() => parse('')).toThrow('(HINT: The body is empty; send a JSON object.)');
});

test('refuses bytes that are not UTF-8', () => {
  expect(() => parse(Buffer.from([0x22, 0xe5, 0x22]))).toThrow('not valid UTF-8');
});

test('tolerates a byte order mark', () => {
  expect(parse('\ufeff{"a":1}')).toEqual({ a: 1 });
});

test('takes the last of two equal keys', () => {
  expect(parse('{"a":1,"a":2}')).toEqual({ a: 2 });
});

test('drops __proto__ at any depth, so that copies of the object inherit nothing', () => {
  const value = parse('{"a":[{"__proto__":{"isAdmin":true},"b":1}],"__proto__":null}');
  expect(JSON.stringify(value)).toBe('{"a":[{"b":1}]}');
});

test('knows a key that is written with escapes', () => {
  expect(JSON.stringify(parse(String.raw`{"__prot\u006f__":{"isAdmin":true},"b":1}`))).toBe('{"b":1}');
  const escaped = withAudio('aGVqIQ==').replaceAll('"input_audio"', String.raw`"\u0069nput_audio"`);
  expect(parse(escaped)).toEqual(parse(withAudio('aGVqIQ==')));
});

test('keeps lone surrogates', () => {
  expect(parse('"\\ud83d"')).toBe('\ud83d');
});
