import { once } from 'node:events';
import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { durationMs } from '../../src/audio/chunk.ts';
import { createCodecs } from '../../src/audio/codecs/codec-pool.ts';
import type { SpeechSynthesizer } from '../../src/engine/speech-synthesizer.ts';
import { flite } from '../../src/engines/flite/flite.ts';
import { EngineError } from '../../src/util/errors.ts';
import { openTestApp, type TestApp } from '../support/app.ts';
import { checkContract } from '../support/contract.ts';

const synthesizer = flite({ workers: 1 });
const codecs = createCodecs({ workers: 1, waiting: 4 });
let server: TestApp;
let url: string;

beforeAll(async () => {
  await synthesizer.warm();
  server = await openTestApp({ 'tts-1': { synthesizer }, mute: {} });
  url = await server.listen();
});

afterAll(async () => {
  await server[Symbol.asyncDispose]();
  await codecs[Symbol.asyncDispose]();
  await synthesizer[Symbol.asyncDispose]();
});

const hello = { model: 'tts-1', input: 'Hello there, how are you?', voice: 'alloy' };

async function post(path: string, body: unknown): Promise<Response> {
  return await fetch(url + path, {
    method: 'POST',
    headers: { authorization: `Bearer ${server.key}`, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
}

async function bytesOf(response: Response): Promise<Uint8Array> {
  expect(response.status).toBe(200);
  return new Uint8Array(await response.arrayBuffer());
}

async function secondsOf(file: Uint8Array): Promise<number> {
  let ms = 0;
  const { signal } = new AbortController();
  for await (const chunk of codecs.decode(file, { maxSeconds: 60, signal })) ms += durationMs(chunk);
  return ms / 1000;
}

describe('the file', () => {
  test.each([
    ['mp3', 'audio/mpeg'],
    ['opus', 'audio/opus'],
    ['aac', 'audio/aac'],
    ['flac', 'audio/flac'],
    ['wav', 'audio/wav'],
  ])('is %s with its content type, and sounds as long as the sentence', async (format, contentType) => {
    const response = await post('/v1/audio/speech', { ...hello, response_format: format });
    expect(response.headers.get('content-type')).toBe(contentType);
    const seconds = await secondsOf(await bytesOf(response));
    expect(seconds).toBeGreaterThan(1);
    expect(seconds).toBeLessThan(3);
  });

  test('is mp3 unless told', async () => {
    const response = await post('/v1/audio/speech', hello);
    expect(response.headers.get('content-type')).toBe('audio/mpeg');
    await response.arrayBuffer();
  });

  test('is bare 24 kHz samples as pcm', async () => {
    const response = await post('/v1/audio/speech', { ...hello, response_format: 'pcm' });
    expect(response.headers.get('content-type')).toBe('audio/pcm');
    const bytes = await bytesOf(response);
    expect(bytes.length % 2).toBe(0);
    expect(bytes.length / 48_000).toBeGreaterThan(1);
    expect(bytes.length / 48_000).toBeLessThan(3);
  });

  test('is half as long at twice the speed', async () => {
    const plain = await bytesOf(await post('/v1/audio/speech', { ...hello, response_format: 'pcm' }));
    const fast = await bytesOf(
      await post('/v1/audio/speech', { ...hello, response_format: 'pcm', speed: 2 }),
    );
    expect(fast.length / plain.length).toBeGreaterThan(0.4);
    expect(fast.length / plain.length).toBeLessThan(0.65);
  });

  test.each([
    ['/openai/deployments/tts-1/audio/speech?api-version=2025-03-01-preview'],
    ['/openai/v1/audio/speech'],
    ['//openai/v1/audio/speech'],
  ])('comes at %s too', async (path) => {
    const bytes = await bytesOf(await post(path, hello));
    expect(bytes.length).toBeGreaterThan(1000);
  });

  test('comes for a form as well as for JSON', async () => {
    const form = new FormData();
    for (const [name, value] of Object.entries({ ...hello, speed: '1.5', response_format: 'wav' }))
      form.append(name, value);
    const path = '/openai/deployments/tts-1/audio/speech?api-version=2025-03-01-preview';
    const response = await fetch(url + path, {
      method: 'POST',
      headers: { 'api-key': server.key },
      body: form,
    });
    expect(response.headers.get('content-type')).toBe('audio/wav');
    expect(await secondsOf(await bytesOf(response))).toBeGreaterThan(0.7);
  });

  test('begins to arrive before the text has been spoken', async () => {
    const input = 'This is one of many sentences. '.repeat(100);
    const response = await post('/v1/audio/speech', { ...hello, input, response_format: 'pcm' });
    let first = 0;
    let total = 0;
    const started = performance.now();
    for await (const piece of response.body ?? []) {
      first ||= performance.now() - started;
      total += piece.length;
    }
    const whole = performance.now() - started;
    expect(total / 48_000).toBeGreaterThan(100);
    expect(first).toBeLessThan(whole / 4);
  });

  test('is said without its Markdown', async () => {
    const plain = await bytesOf(await post('/v1/audio/speech', { ...hello, input: 'Hello world.' }));
    const marked = await bytesOf(await post('/v1/audio/speech', { ...hello, input: '**Hello** world.' }));
    expect(marked).toEqual(plain);
  });
});

describe('the events', () => {
  test('carry the file in pieces and end with the usage', async () => {
    const request = { ...hello, response_format: 'pcm', stream_format: 'sse' };
    const response = await post('/v1/audio/speech', request);
    expect(response.headers.get('content-type')).toBe('text/event-stream; charset=utf-8');
    const events = (await response.text())
      .split('\n\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line.replace(/^data: /, '')) as Record<string, unknown>);
    const done = events.pop();
    for (const event of events) checkContract('openai-rest', 'SpeechAudioDeltaEvent', event);
    checkContract('openai-rest', 'SpeechAudioDoneEvent', done);
    const file = Buffer.concat(events.map(({ audio }) => Buffer.from(String(audio), 'base64')));
    const plain = await bytesOf(await post('/v1/audio/speech', { ...hello, response_format: 'pcm' }));
    expect(file.equals(plain)).toBe(true);
    const outputTokens = Math.ceil((plain.length / 48_000) * 20);
    expect(done).toEqual({
      type: 'speech.audio.done',
      usage: { input_tokens: 7, output_tokens: outputTokens, total_tokens: 7 + outputTokens },
    });
  });
});

describe('a refusal', () => {
  test.each([
    [
      'no input',
      { input: undefined },
      'input',
      'missing_required_parameter',
      "Missing required parameter: 'input'.",
    ],
    [
      'no voice',
      { voice: undefined },
      'voice',
      'missing_required_parameter',
      "Missing required parameter: 'voice'.",
    ],
    [
      'a voice that nobody has',
      { voice: 'bob' },
      'voice',
      'invalid_value',
      "Invalid value: 'bob'. Supported values are: 'alloy', 'ash', 'ballad', 'coral', 'echo', 'fable', 'nova', 'onyx', 'sage', 'shimmer', 'verse', 'marin', and 'cedar'.",
    ],
    [
      'a custom voice that nobody has',
      { voice: { id: 'bob' } },
      'voice',
      'invalid_value',
      /^Invalid value: 'bob'\./,
    ],
    [
      'an unknown format',
      { response_format: 'ogg' },
      'response_format',
      'invalid_value',
      "Invalid value: 'ogg'. Supported values are: 'mp3', 'opus', 'aac', 'flac', 'wav', and 'pcm'.",
    ],
    [
      'too much text',
      { input: 'a'.repeat(4097) },
      'input',
      'invalid_value',
      "Invalid 'input': string too long. Expected at most 4096.",
    ],
    [
      'a speed too high',
      { speed: 4.5 },
      'speed',
      'invalid_value',
      /above maximum value\. Expected a value <= 4/,
    ],
    ['nothing to say', { input: '😀 ** 😀' }, 'input', 'invalid_value', /nothing in it that can be spoken/],
    [
      'a field of its own',
      { pitch: 3 },
      'pitch',
      'unknown_parameter',
      'Unrecognized request argument supplied: pitch',
    ],
    [
      'no model',
      { model: undefined },
      'model',
      'missing_required_parameter',
      'you must provide a model parameter',
    ],
  ])('names %s', async (_, change, param, code, message) => {
    const response = await post('/v1/audio/speech', { ...hello, ...change });
    expect(response.status).toBe(400);
    const body = await response.json();
    checkContract('openai-rest', 'ErrorResponse', body);
    const { error } = body as { error: Record<string, unknown> };
    expect(error).toMatchObject({ type: 'invalid_request_error', param, code });
    expect(error['message']).toMatch(message);
  });

  test('of an unknown model is worded for each family', async () => {
    const openai = await post('/v1/audio/speech', { ...hello, model: 'nobody' });
    expect(openai.status).toBe(404);
    expect(await openai.json()).toMatchObject({ error: { code: 'model_not_found' } });
    const azure = await post('/openai/deployments/nobody/audio/speech?api-version=2025-03-01-preview', {});
    expect(azure.status).toBe(404);
    expect(await azure.json()).toMatchObject({ error: { code: 'DeploymentNotFound' } });
  });

  test('of a deployment without a voice says so in both families', async () => {
    const openai = await post('/v1/audio/speech', { ...hello, model: 'mute' });
    expect(openai.status).toBe(400);
    expect(await openai.json()).toMatchObject({ error: { type: 'invalid_request_error' } });
    const azure = await post('/openai/deployments/mute/audio/speech?api-version=2025-03-01-preview', hello);
    expect(azure.status).toBe(400);
    expect(await azure.json()).toMatchObject({
      error: {
        code: 'OperationNotSupported',
        message: expect.stringContaining('does not work with the specified model, mute.'),
      },
    });
  });

  test('comes for who has no key, and for an address without a version', async () => {
    const keyless = await fetch(`${url}/v1/audio/speech`, { method: 'POST' });
    expect(keyless.status).toBe(401);
    const unversioned = await post('/openai/deployments/tts-1/audio/speech', hello);
    expect(unversioned.status).toBe(404);
    expect(await unversioned.json()).toEqual({ error: { code: '404', message: 'Resource not found' } });
  });

  test('comes for a form with a file, which speech has no use for', async () => {
    const form = new FormData();
    form.append('file', new Blob(['x']), 'x.wav');
    const response = await fetch(`${url}/v1/audio/speech`, {
      method: 'POST',
      headers: { authorization: `Bearer ${server.key}` },
      body: form,
    });
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ error: { param: 'file', code: 'unknown_parameter' } });
  });
});

test('a client that leaves stops the voice', async () => {
  const endless = endlessVoice();
  await using talker = await openTestApp({ endless: { synthesizer: endless.synthesizer } });
  const { hostname, port } = new URL(await talker.listen());
  const body = JSON.stringify({ model: 'endless', input: 'Hello.', voice: 'alloy', response_format: 'pcm' });
  const socket = connect(Number(port), hostname);
  socket.write(
    `POST /v1/audio/speech HTTP/1.1\r\nhost: ${hostname}\r\nauthorization: Bearer ${talker.key}\r\n` +
      `content-type: application/json\r\ncontent-length: ${body.length}\r\n\r\n${body}`,
  );
  const [head] = (await once(socket, 'data')) as [Buffer];
  expect(head.toString('latin1')).toMatch(/^HTTP\/1\.1 200 OK\r\n[\s\S]*transfer-encoding: chunked/i);
  socket.destroy();
  await endless.stopped;
});

/** Says nothing that ends by itself, so that only being stopped ends it. */
function endlessVoice(): { readonly synthesizer: SpeechSynthesizer; readonly stopped: Promise<void> } {
  const { promise: stopped, resolve: stop } = Promise.withResolvers<void>();
  const synthesizer: SpeechSynthesizer = {
    name: 'endless',
    sampleRate: 24_000,
    voices: ['alloy'],
    languages: [],
    async *synthesize() {
      try {
        for (;;) yield { type: 'audio', chunk: { samples: new Int16Array(2400), sampleRate: 24_000 } };
      } finally {
        stop();
      }
    },
  };
  return { synthesizer, stopped };
}

test('a voice that breaks before its first sound is an answer with a status', async () => {
  const synthesizer = brokenVoice({ chunks: 0 });
  await using broken = await openTestApp({ broken: { synthesizer } });
  for (const stream_format of ['audio', 'sse']) {
    const response = await broken.app.inject({
      method: 'POST',
      url: '/v1/audio/speech',
      headers: { authorization: `Bearer ${broken.key}` },
      payload: { model: 'broken', input: 'Hello.', voice: 'alloy', response_format: 'wav', stream_format },
    });
    expect(response.statusCode).toBe(503);
    expect(response.json()).toEqual({
      error: { message: 'Install it.', type: 'server_error', param: null, code: 'engine_unavailable' },
    });
  }
});

test('a voice that breaks later cuts the file short instead of ending it', async () => {
  await using broken = await openTestApp({ broken: { synthesizer: brokenVoice({ chunks: 30 }) } });
  const response = await fetch(`${await broken.listen()}/v1/audio/speech`, {
    method: 'POST',
    headers: { authorization: `Bearer ${broken.key}`, 'content-type': 'application/json' },
    body: JSON.stringify({ model: 'broken', input: 'Hello.', voice: 'alloy', response_format: 'pcm' }),
  });
  expect(response.status).toBe(200);
  await expect(response.arrayBuffer()).rejects.toThrow('terminated');
});

function brokenVoice({ chunks }: { readonly chunks: number }): SpeechSynthesizer {
  return {
    name: 'broken',
    sampleRate: 24_000,
    voices: ['alloy'],
    languages: [],
    async *synthesize() {
      for (let chunk = 0; chunk < chunks; chunk++)
        yield { type: 'audio', chunk: { samples: new Int16Array(2400), sampleRate: 24_000 } };
      throw new EngineError('broken', 'unavailable', 'Install it.');
    },
  };
}
