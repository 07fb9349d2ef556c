import { afterAll, beforeAll, expect, test } from 'vitest';
import { startScriptedServer } from '../conformance/scripted-server.ts';
import type { TestServer } from '../support/test-server.ts';
import { toneWav } from '../support/tone.ts';
import { ask, askAll, expectAnswered, type Outcome } from './ask.ts';
import { NASTY_VALUES, placesIn } from './nasty-values.ts';

let server: TestServer;

beforeAll(async () => {
  server = await startScriptedServer({
    scripts: {
      brief: { rules: [{ when: { toolResult: '' }, reply: { say: 'Ok.' } }], otherwise: { say: 'Ok.' } },
    },
  });
});

afterAll(async () => {
  await server?.[Symbol.asyncDispose]();
});

async function expectItSpeaks(): Promise<void> {
  const response = await server.post('/v1/chat/completions', {
    model: 'brief',
    messages: [{ role: 'user', content: 'Are you there?' }],
    modalities: ['text', 'audio'],
    audio: { voice: 'alloy', format: 'pcm16' },
  });
  expect(response.status).toBe(200);
}

/** Puts each nasty value in each place of a request that is valid as it is. */
function* replacements(path: string, valid: object): Generator<() => Promise<Outcome>> {
  yield () => send(path, 'nothing replaced', JSON.stringify(valid));
  for (const place of placesIn(valid)) {
    for (const [name, value] of NASTY_VALUES) {
      const body = JSON.stringify(place.replaced(value));
      yield () => send(path, `${name} as ${place.name}`, body);
    }
  }
}

async function send(path: string, what: string, body: string): Promise<Outcome> {
  const headers = { 'api-key': server.key, 'content-type': 'application/json' };
  return await ask(what, server.url + path, { method: 'POST', headers, body });
}

const chat = {
  model: 'brief',
  messages: [
    { role: 'system', content: 'Be brief.' },
    { role: 'user', content: [{ type: 'text', text: 'Hello.' }], name: 'ada' },
    {
      role: 'assistant',
      content: null,
      tool_calls: [{ id: 'call_1', type: 'function', function: { name: 'get_weather', arguments: '{}' } }],
    },
    { role: 'tool', tool_call_id: 'call_1', content: 'sunny' },
  ],
  tools: [
    {
      type: 'function',
      function: {
        name: 'get_weather',
        description: 'Tells the weather.',
        parameters: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] },
        strict: true,
      },
    },
  ],
  tool_choice: 'auto',
  parallel_tool_calls: true,
  response_format: { type: 'json_schema', json_schema: { name: 'reply', schema: { type: 'string' } } },
  stop: ['END'],
  logit_bias: { 50256: -100 },
  temperature: 1,
  top_p: 1,
  n: 1,
  seed: 7,
  max_completion_tokens: 50,
  presence_penalty: 0,
  frequency_penalty: 0,
  store: false,
  metadata: { topic: 'weather' },
  service_tier: 'auto',
  user: 'ada',
};

test('garbage in every field of a chat', { timeout: 120_000 }, async () => {
  const outcomes = await askAll(replacements('/v1/chat/completions', chat));
  expectAnswered(outcomes);
  expect(outcomes.find(({ what }) => what === 'nothing replaced')?.status).toBe(200);
  await expectItSpeaks();
});

const spokenChat = {
  model: 'brief',
  messages: [
    {
      role: 'user',
      content: [
        { type: 'input_audio', input_audio: { data: toneWav(0.1).toString('base64'), format: 'wav' } },
      ],
    },
    { role: 'assistant', audio: { id: 'audio_none' } },
  ],
  modalities: ['text', 'audio'],
  audio: { voice: { id: 'alloy' }, format: 'pcm16' },
  stream: true,
  stream_options: { include_usage: true, include_obfuscation: false },
};

test('garbage in every field of a spoken chat, at an Azure address', { timeout: 120_000 }, async () => {
  const path = '/openai/deployments/brief/chat/completions?api-version=2025-01-01-preview';
  expectAnswered(await askAll(replacements(path, spokenChat)));
  await expectItSpeaks();
});

test('garbage in every field of what is to be spoken', { timeout: 120_000 }, async () => {
  const valid = {
    model: 'tts-1',
    input: 'Hi.',
    voice: 'alloy',
    response_format: 'pcm',
    speed: 1,
    stream_format: 'audio',
    instructions: 'Whisper.',
  };
  expectAnswered(await askAll(replacements('/openai/v1/audio/speech', valid)));
  await expectItSpeaks();
});

const FORM = {
  model: 'whisper-1',
  language: 'en',
  prompt: 'Ada',
  response_format: 'verbose_json',
  temperature: '0',
  'timestamp_granularities[]': 'segment',
  stream: 'false',
  chunking_strategy: 'auto',
  'include[]': '',
  'known_speaker_names[]': 'ada',
};

/** As a text that a form can carry; what is no text is written as JSON. */
function asText(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function* forms(): Generator<() => Promise<Outcome>> {
  const file = new Blob([new Uint8Array(toneWav(0.1))]);
  const sendForm = async (
    what: string,
    fields: readonly (readonly [string, string | Blob])[],
  ): Promise<Outcome> => {
    const body = new FormData();
    for (const [name, value] of fields) body.append(name, value);
    const url = `${server.url}/v1/audio/transcriptions`;
    return await ask(what, url, { method: 'POST', headers: { 'api-key': server.key }, body });
  };
  const base: readonly (readonly [string, string | Blob])[] = [
    ['model', 'whisper-1'],
    ['file', file],
  ];
  for (const [name, value] of NASTY_VALUES) {
    const text = asText(value);
    for (const field of Object.keys(FORM))
      yield () => sendForm(`${name} as ${field}`, [[field, text], ...base]);
    yield () => sendForm(`${name} as the name of a field`, [[text.slice(0, 5000), 'x'], ...base]);
    yield () =>
      sendForm(`${name} as the file`, [
        ['model', 'whisper-1'],
        ['file', text],
      ]);
    yield () =>
      sendForm(`${name} as the bytes of the file`, [
        ['model', 'whisper-1'],
        ['file', new Blob([text])],
      ]);
  }
}

test('garbage in every field of a transcription', { timeout: 120_000 }, async () => {
  expectAnswered(await askAll(forms()));
  await expectItSpeaks();
});

function* queries(): Generator<() => Promise<Outcome>> {
  const get = async (what: string, path: string): Promise<Outcome> =>
    await ask(what, server.url + path, { headers: { 'api-key': server.key } });
  for (const [name, value] of NASTY_VALUES) {
    const text = encodeURIComponent(asText(value).toWellFormed().slice(0, 3000));
    for (const field of [
      'limit',
      'after',
      'order',
      'model',
      'metadata[topic]',
      'metadata[__proto__]',
      'metadata',
    ])
      yield () => get(`${name} as ${field} of a list`, `/v1/chat/completions?${field}=${text}`);
    yield () => get(`${name} twice`, `/v1/chat/completions?limit=${text}&limit=${text}`);
    yield () => get(`${name} as the name in a query`, `/v1/chat/completions?${text}=1`);
    yield () => get(`${name} as a version`, `/openai/models?api-version=${text}`);
    yield () => get(`${name} as an id`, `/v1/chat/completions/${text}`);
    yield () => get(`${name} as an id of messages`, `/v1/chat/completions/${text}/messages?limit=1`);
    yield () => get(`${name} as a model`, `/v1/models/${text}`);
    yield () => get(`${name} as a deployment`, `/openai/deployments/${text}?api-version=2025-01-01-preview`);
    yield () => get(`${name} as a path`, `/${text}`);
  }
  for (const path of [
    '/%',
    '/%ff',
    '/v1/models/%c0%ae',
    '/v1/models/%00',
    '/v1/%zz',
    '/openai/deployments/%/x',
  ])
    yield () => get(path, path);
}

test('garbage in every query and path', { timeout: 120_000 }, async () => {
  expectAnswered(await askAll(queries()));
  await expectItSpeaks();
});

const HEADERS = [
  'api-key',
  'authorization',
  'content-type',
  'content-encoding',
  'accept',
  'api-version',
  'x-ms-client-request-id',
  'openai-organization',
  'x-forwarded-for',
  'origin',
  'range',
  'if-none-match',
  'x-http-method-override',
];

function* headerings(): Generator<() => Promise<Outcome>> {
  const url = `${server.url}/v1/chat/completions`;
  const body = JSON.stringify({ model: 'brief', messages: [{ role: 'user', content: 'Hello.' }] });
  for (const [name, value] of NASTY_VALUES) {
    // What `fetch` itself refuses is left to the raw sockets.
    const text = asText(value)
      .replaceAll(/[^\t\x20-\x7e\x80-\xff]/g, '?')
      .slice(0, 8000);
    for (const header of HEADERS) {
      const headers = new Headers({ 'api-key': server.key, 'content-type': 'application/json' });
      headers.set(header, text);
      yield () => ask(`${name} as ${header}`, url, { method: 'POST', headers, body });
    }
  }
}

test('garbage in every header', { timeout: 120_000 }, async () => {
  expectAnswered(await askAll(headerings()));
  await expectItSpeaks();
});
