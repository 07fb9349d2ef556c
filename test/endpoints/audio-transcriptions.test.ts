import { once } from 'node:events';
import { request as httpRequest } from 'node:http';
import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openTestApp, type TestApp } from '../support/app.ts';
import { checkContract } from '../support/contract.ts';
import { secondCounter } from '../support/second-counter.ts';
import { toneWav } from '../support/tone.ts';

const recognizer = secondCounter();
let server: TestApp;
let url: string;

beforeAll(async () => {
  server = await openTestApp(
    { 'whisper-1': { recognizer }, timed: { recognizer: secondCounter({ tellsWords: true }) }, deaf: {} },
    { audioSeconds: 60 },
  );
  url = await server.listen();
});

afterAll(async () => {
  await server[Symbol.asyncDispose]();
});

type Field = readonly [name: string, value: string | Blob, fileName?: string];

const threeSeconds: Field = ['file', new Blob([toneWav(3.5)]), 'speech.wav'];
const whisper: Field = ['model', 'whisper-1'];

async function post(fields: readonly Field[], path = '/v1/audio/transcriptions'): Promise<Response> {
  const form = new FormData();
  for (const [name, value, fileName] of fields) {
    if (typeof value === 'string') form.append(name, value);
    else form.append(name, value, fileName);
  }
  const headers = { 'api-key': server.key };
  return await fetch(url + path, { method: 'POST', headers, body: form });
}

async function json(response: Response): Promise<Record<string, unknown>> {
  expect(response.status).toBe(200);
  return (await response.json()) as Record<string, unknown>;
}

async function eventsOf(response: Response): Promise<Record<string, unknown>[]> {
  expect(response.headers.get('content-type')).toBe('text/event-stream; charset=utf-8');
  const text = await response.text();
  return text
    .split('\n\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line.replace(/^data: /, '')) as Record<string, unknown>);
}

describe('the transcript', () => {
  test('is JSON with the usage in tokens unless told', async () => {
    const body = await json(await post([threeSeconds, whisper]));
    checkContract('openai-rest', 'CreateTranscriptionResponseJson', body);
    expect(body).toEqual({
      text: 'one two three',
      usage: {
        type: 'tokens',
        input_tokens: 35,
        input_token_details: { text_tokens: 0, audio_tokens: 35 },
        output_tokens: 3,
        total_tokens: 38,
      },
    });
  });

  test('does not depend on the order of the parts', async () => {
    expect(await json(await post([whisper, threeSeconds]))).toMatchObject({ text: 'one two three' });
  });

  test.each([
    ['/openai/deployments/whisper-1/audio/transcriptions?api-version=2025-03-01-preview'],
    ['/openai/deployments/whisper-1/audio/transcriptions?api-version=2024-06-01'],
  ])('comes at %s without a model in the form', async (path) => {
    expect(await json(await post([threeSeconds], path))).toMatchObject({ text: 'one two three' });
  });

  test('comes at the v1 address of Azure', async () => {
    const response = await post([threeSeconds, whisper], '/openai/v1/audio/transcriptions');
    expect(await json(response)).toMatchObject({ text: 'one two three' });
  });

  test('is bare text', async () => {
    const response = await post([threeSeconds, whisper, ['response_format', 'text']]);
    expect(response.headers.get('content-type')).toBe('text/plain; charset=utf-8');
    expect(await response.text()).toBe('one two three\n');
  });

  test('is SubRip subtitles', async () => {
    const response = await post([['response_format', 'srt'], whisper, threeSeconds]);
    expect(response.headers.get('content-type')).toBe('text/plain; charset=utf-8');
    expect(await response.text()).toBe(
      '1\n00:00:00,000 --> 00:00:01,000\none\n\n' +
        '2\n00:00:01,000 --> 00:00:02,000\ntwo\n\n' +
        '3\n00:00:02,000 --> 00:00:03,000\nthree\n\n',
    );
  });

  test('is WebVTT', async () => {
    const response = await post([['response_format', 'vtt'], whisper, threeSeconds]);
    expect(await response.text()).toMatch(/^WEBVTT\n\n00:00:00\.000 --> 00:00:01\.000\none\n\n/);
  });

  test('is verbose, with an utterance as a segment', async () => {
    const fields: Field[] = [
      ['response_format', 'verbose_json'],
      ['temperature', '0.25'],
    ];
    const body = await json(await post([...fields, whisper, threeSeconds]));
    // The service sends `task`, which its schema does not know.
    const { task: _task, ...published } = body;
    checkContract('openai-rest', 'CreateTranscriptionResponseVerboseJson', published);
    expect(body).toMatchObject({
      task: 'transcribe',
      language: 'english',
      duration: 3.5,
      text: 'one two three',
      usage: { type: 'duration', seconds: 4 },
    });
    expect(body).not.toHaveProperty('words');
    expect(body['segments']).toHaveLength(3);
    expect((body['segments'] as unknown[])[1]).toEqual({
      id: 1,
      seek: 0,
      start: 1,
      end: 2,
      text: ' two',
      tokens: [],
      temperature: 0.25,
      avg_logprob: 0,
      compression_ratio: 1,
      no_speech_prob: 0,
    });
  });

  test('tells the times of words, and of segments beside them when both are asked for', async () => {
    const timed: Field[] = [['model', 'timed'], ['response_format', 'verbose_json'], threeSeconds];
    const words = await json(await post([...timed, ['timestamp_granularities[]', 'word']]));
    expect(words['words']).toEqual([
      { word: 'one', start: 0, end: 1 },
      { word: 'two', start: 1, end: 2 },
      { word: 'three', start: 2, end: 3 },
    ]);
    expect(words).not.toHaveProperty('segments');
    const both = await json(
      await post([...timed, ['timestamp_granularities[]', 'word'], ['timestamp_granularities[]', 'segment']]),
    );
    expect(both['words']).toHaveLength(3);
    expect(both['segments']).toHaveLength(3);
  });

  test('is of the content, whatever the file is called', async () => {
    const file: Field = ['file', new Blob([toneWav(2)]), 'speech.mp3'];
    expect(await json(await post([file, whisper]))).toMatchObject({ text: 'one two' });
  });

  test('is empty where nothing is said', async () => {
    const file: Field = ['file', new Blob([toneWav(0.5)]), 'short.wav'];
    expect(await json(await post([file, whisper]))).toMatchObject({ text: '' });
    const verbose = await json(await post([file, whisper, ['response_format', 'verbose_json']]));
    expect(verbose).toMatchObject({ text: '', segments: [] });
  });

  test('is asked of the recognizer with the language and with all hints', async () => {
    await json(
      await post([
        threeSeconds,
        whisper,
        ['language', 'en-US'],
        ['prompt', 'Counting.'],
        ['keywords[]', 'one'],
        ['keywords[]', 'two'],
        ['chunking_strategy', '{"type":"server_vad","threshold":0.5}'],
        ['temperature', '0'],
        ['stream', 'false'],
      ]),
    );
    expect(recognizer.asked).toEqual({ language: 'en-US', prompt: 'Counting., one, two' });
    await json(await post([threeSeconds, whisper, ['languages[]', 'sv'], ['languages[]', 'en']]));
    expect(recognizer.asked.language).toBe('en');
  });

  test('comes for chunking strategies in each form that the SDKs write', async () => {
    const auto = await post([threeSeconds, whisper, ['chunking_strategy', 'auto']]);
    expect(auto.status).toBe(200);
    const nested = await post([threeSeconds, whisper, ['chunking_strategy[type]', 'server_vad']]);
    expect(nested.status).toBe(200);
    const wrong = await post([threeSeconds, whisper, ['chunking_strategy[type]', 'client_vad']]);
    expect(wrong.status).toBe(400);
  });
});

describe('the stream', () => {
  test('tells each utterance once and ends with the whole and its usage', async () => {
    const events = await eventsOf(await post([threeSeconds, whisper, ['stream', 'true']]));
    const done = events.pop();
    for (const event of events) checkContract('openai-rest', 'TranscriptTextDeltaEvent', event);
    checkContract('openai-rest', 'TranscriptTextDoneEvent', done);
    expect(events).toEqual([
      { type: 'transcript.text.delta', delta: 'one' },
      { type: 'transcript.text.delta', delta: ' two' },
      { type: 'transcript.text.delta', delta: ' three' },
    ]);
    expect(done).toEqual({
      type: 'transcript.text.done',
      text: 'one two three',
      usage: {
        type: 'tokens',
        input_tokens: 35,
        input_token_details: { text_tokens: 0, audio_tokens: 35 },
        output_tokens: 3,
        total_tokens: 38,
      },
    });
  });

  test('has an end also where nothing is said', async () => {
    const file: Field = ['file', new Blob([toneWav(0.5)]), 'short.wav'];
    const events = await eventsOf(await post([file, whisper, ['stream', 'true']]));
    expect(events).toMatchObject([{ type: 'transcript.text.done', text: '' }]);
  });

  test('begins while the file is still being heard', async () => {
    const counter = secondCounter();
    await using long = await openTestApp({ long: { recognizer: counter } });
    const form = new FormData();
    form.append('file', new Blob([toneWav(600)]), 'long.wav');
    form.append('model', 'long');
    form.append('stream', 'true');
    const response = await fetch(`${await long.listen()}/v1/audio/transcriptions`, {
      method: 'POST',
      headers: { 'api-key': long.key },
      body: form,
    });
    const reader = response.body?.getReader();
    const first = await reader?.read();
    expect(Buffer.from(first?.value ?? []).toString()).toMatch(/^data: \{"type":"transcript\.text\.delta"/);
    expect(counter.secondsHeard).toBeLessThan(300);
    await reader?.cancel();
  });
});

describe('a refusal', () => {
  test.each<[string, Field[], string | null, string, string | RegExp]>([
    [
      'a missing file',
      [whisper],
      'file',
      'missing_required_parameter',
      "Missing required parameter: 'file'.",
    ],
    [
      'a missing model',
      [threeSeconds],
      'model',
      'missing_required_parameter',
      'you must provide a model parameter',
    ],
    [
      'a language that is not heard',
      [threeSeconds, whisper, ['language', 'sv']],
      'language',
      'unsupported_value',
      "Unsupported value: 'language' does not support 'sv' with this model. Supported values are: 'en'.",
    ],
    [
      'a language that is none',
      [threeSeconds, whisper, ['language', 'Swedish, please']],
      'language',
      'invalid_value',
      /^Invalid language/,
    ],
    [
      'an unknown format',
      [threeSeconds, whisper, ['response_format', 'xml']],
      'response_format',
      'invalid_value',
      "Invalid value: 'xml'. Supported values are: 'json', 'text', 'srt', 'verbose_json', 'vtt', and 'diarized_json'.",
    ],
    [
      'speakers',
      [threeSeconds, whisper, ['response_format', 'diarized_json']],
      'response_format',
      'unsupported_value',
      /does not support 'diarized_json'/,
    ],
    [
      'known speakers',
      [threeSeconds, whisper, ['known_speaker_names[]', 'Ann']],
      'known_speaker_names',
      'unsupported_parameter',
      /^Unsupported parameter: 'known_speaker_names'/,
    ],
    [
      'probabilities',
      [threeSeconds, whisper, ['include[]', 'logprobs']],
      'include',
      'unsupported_parameter',
      /logprobs/,
    ],
    [
      'times outside of verbose_json',
      [threeSeconds, whisper, ['timestamp_granularities[]', 'word']],
      'timestamp_granularities',
      'invalid_value',
      /only allowed when 'response_format' is 'verbose_json'/,
    ],
    [
      'the times of words that nobody knows',
      [threeSeconds, whisper, ['response_format', 'verbose_json'], ['timestamp_granularities[]', 'word']],
      'timestamp_granularities',
      'unsupported_value',
      /does not support 'word' with this model/,
    ],
    [
      'an unknown granularity',
      [threeSeconds, whisper, ['response_format', 'verbose_json'], ['timestamp_granularities[]', 'letter']],
      'timestamp_granularities[0]',
      'invalid_value',
      "Invalid value: 'letter'. Supported values are: 'word' and 'segment'.",
    ],
    [
      'a temperature that is too high',
      [threeSeconds, whisper, ['temperature', '1.5']],
      'temperature',
      'invalid_value',
      /Expected a value <= 1/,
    ],
    [
      'a temperature that is no number',
      [threeSeconds, whisper, ['temperature', 'warm']],
      'temperature',
      'invalid_type',
      "Invalid type for 'temperature': expected a number, but got a string instead.",
    ],
    [
      'subtitles in a stream',
      [threeSeconds, whisper, ['stream', 'true'], ['response_format', 'srt']],
      'response_format',
      'unsupported_value',
      "Unsupported value: 'response_format' does not support 'srt' when stream=true. Supported values are: 'json' and 'text'.",
    ],
    [
      'a field of its own',
      [threeSeconds, whisper, ['beam_size', '5']],
      'beam_size',
      'unknown_parameter',
      'Unrecognized request argument supplied: beam_size',
    ],
    [
      'a file by another name',
      [whisper, ['audio', new Blob([toneWav(1)]), 'a.wav']],
      'audio',
      'unknown_parameter',
      'Unrecognized request argument supplied: audio',
    ],
    [
      'a second file',
      [threeSeconds, threeSeconds, whisper],
      'file',
      'invalid_value',
      'Send one file with a request.',
    ],
    [
      'a file that is no audio',
      [['file', new Blob(['Hello, this is text.']), 'a.wav'], whisper],
      'file',
      'invalid_value',
      "Invalid file format. Supported formats: ['flac', 'm4a', 'mp3', 'mp4', 'mpeg', 'mpga', 'oga', 'ogg', 'wav', 'webm']",
    ],
    [
      'a file that is broken',
      [['file', new Blob([toneWav(1).subarray(0, 30)]), 'a.wav'], whisper],
      'file',
      'invalid_value',
      /^Audio file might be corrupted or unsupported: /,
    ],
    [
      'an empty file',
      [['file', new Blob([]), 'a.wav'], whisper],
      'file',
      'invalid_value',
      'The file can not be used: The audio is empty.',
    ],
    [
      'a recording that is too long',
      [['file', new Blob([toneWav(61)]), 'a.wav'], whisper],
      'file',
      'invalid_value',
      /^The file can not be used: /,
    ],
    [
      'a field that is too long',
      [threeSeconds, whisper, ['prompt', 'a'.repeat(70_000)]],
      'prompt',
      'invalid_value',
      "Invalid 'prompt': string too long. Expected at most 65536.",
    ],
    [
      'too many fields',
      [...Array.from({ length: 70 }, (_, index): Field => ['keywords[]', String(index)]), whisper],
      null,
      'invalid_value',
      'The form has too many fields. Expected at most 64.',
    ],
  ])('names %s', async (_, fields, param, code, message) => {
    const response = await post(fields);
    const body = await response.json();
    expect(response.status).toBe(400);
    checkContract('openai-rest', 'ErrorResponse', body);
    const { error } = body as { error: Record<string, unknown> };
    expect(error).toMatchObject({ type: 'invalid_request_error', param, code });
    expect(error['message']).toMatch(message);
  });

  test('of a stream is an answer with a status too', async () => {
    const text: Field = ['file', new Blob(['Hello, this is text.']), 'a.wav'];
    const response = await post([text, whisper, ['stream', 'true']]);
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ error: { param: 'file' } });
  });

  test('of an unknown deployment comes before the form is read', async () => {
    const path = '/openai/deployments/nobody/audio/transcriptions?api-version=2025-03-01-preview';
    const response = await post([], path);
    expect(response.status).toBe(404);
    expect(await response.json()).toMatchObject({ error: { code: 'DeploymentNotFound' } });
  });

  test('of a deployment that can not hear says so in both families', async () => {
    const azure = await post(
      [threeSeconds],
      '/openai/deployments/deaf/audio/transcriptions?api-version=2025-03-01-preview',
    );
    expect(azure.status).toBe(400);
    expect(await azure.json()).toMatchObject({
      error: {
        code: 'OperationNotSupported',
        message: expect.stringContaining(
          'The audioTranscription operation does not work with the specified model, deaf.',
        ),
      },
    });
    const openai = await post([threeSeconds, ['model', 'deaf']]);
    expect(openai.status).toBe(400);
    expect(await openai.json()).toMatchObject({ error: { type: 'invalid_request_error', param: null } });
  });

  test('of JSON names the type to send', async () => {
    const response = await fetch(`${url}/v1/audio/transcriptions`, {
      method: 'POST',
      headers: { 'api-key': server.key, 'content-type': 'application/json' },
      body: '{}',
    });
    expect(response.status).toBe(415);
    expect(await response.json()).toMatchObject({
      error: { message: expect.stringContaining('multipart/form-data') },
    });
  });

  test('of a form that ends too early names the form', async () => {
    const response = await server.app.inject({
      method: 'POST',
      url: '/v1/audio/transcriptions',
      headers: { 'api-key': server.key, 'content-type': 'multipart/form-data; boundary=x' },
      payload: '--x\r\ncontent-disposition: form-data; name="model"\r\n\r\nwhisper-1',
    });
    expect(response.statusCode).toBe(400);
    expect(response.json()).toMatchObject({
      error: { message: 'The multipart form is malformed or incomplete.' },
    });
  });

  test('of a form without its boundary names the form', async () => {
    const response = await server.app.inject({
      method: 'POST',
      url: '/v1/audio/transcriptions',
      headers: { 'api-key': server.key, 'content-type': 'multipart/form-data' },
      payload: 'whatever',
    });
    expect(response.statusCode).toBe(400);
  });
});

describe('a file of more than 25 MB', () => {
  const tooLarge = 'Maximum content size limit (26214400) exceeded';

  test('is refused by its announced length before a byte of it is read', async () => {
    const answer = await refusalOf({ announced: 30_000_000, sent: 0 });
    expect(answer).toEqual({
      status: 413,
      body: expect.stringContaining(`413: ${tooLarge} (30000000 bytes read)`),
    });
  });

  test('is refused at the first byte too many when its length is not told', async () => {
    const answer = await refusalOf({ announced: undefined, sent: 27_000_000 });
    expect(answer).toEqual({ status: 413, body: expect.stringContaining(tooLarge) });
  });

  test('is refused without cutting off a client that goes on sending', async () => {
    const { hostname, port } = new URL(url);
    const socket = connect(Number(port), hostname);
    socket.write(
      `POST /v1/audio/transcriptions HTTP/1.1\r\nhost: ${hostname}\r\napi-key: ${server.key}\r\n` +
        'content-type: multipart/form-data; boundary=x\r\ncontent-length: 30000000\r\n\r\n',
    );
    const [answer] = (await once(socket, 'data')) as [Buffer];
    expect(answer.toString()).toMatch(/^HTTP\/1\.1 413 [\s\S]*file_too_large/);
    socket.end(Buffer.alloc(30_000_000));
    socket.resume();
    // Rejects when the connection is reset.
    await once(socket, 'close');
  });

  test('is taken when it is just as large as may be', async () => {
    const file = Buffer.alloc(26_214_400);
    toneWav(2).copy(file);
    const response = await post([['file', new Blob([file]), 'a.wav'], whisper]);
    expect(await json(response)).toMatchObject({ text: 'one two' });
  });

  async function refusalOf(size: {
    readonly announced: number | undefined;
    readonly sent: number;
  }): Promise<{ status: number | undefined; body: string }> {
    const head = '--x\r\ncontent-disposition: form-data; name="file"; filename="a.wav"\r\n\r\n';
    const { promise, resolve, reject } = Promise.withResolvers<{
      status: number | undefined;
      body: string;
    }>();
    const request = httpRequest(`${url}/v1/audio/transcriptions`, {
      method: 'POST',
      headers: {
        'api-key': server.key,
        'content-type': 'multipart/form-data; boundary=x',
        ...(size.announced !== undefined && { 'content-length': size.announced }),
      },
    });
    request.on('response', (response) => {
      let body = '';
      response.on('data', (piece: Buffer) => {
        body += piece.toString();
      });
      response.on('end', () => resolve({ status: response.statusCode, body }));
    });
    request.on('error', reject);
    request.write(head);
    if (size.sent > 0) request.write(Buffer.alloc(size.sent));
    return await promise.finally(() => request.destroy());
  }
});

describe('a translation', () => {
  test('is refused in the words of each family', async () => {
    const azure = await post(
      [threeSeconds],
      '/openai/deployments/whisper-1/audio/translations?api-version=2025-03-01-preview',
    );
    expect(azure.status).toBe(400);
    expect(await azure.json()).toMatchObject({
      error: {
        code: 'OperationNotSupported',
        message: expect.stringContaining(
          'The audioTranslation operation does not work with the specified model, whisper-1.',
        ),
      },
    });
    const openai = await post([threeSeconds, whisper], '/v1/audio/translations');
    expect(openai.status).toBe(400);
    expect(await openai.json()).toMatchObject({ error: { type: 'invalid_request_error', code: null } });
  });

  test('by an unknown model is refused as such', async () => {
    const response = await post([threeSeconds, ['model', 'nobody']], '/v1/audio/translations');
    expect(response.status).toBe(404);
  });

  test('takes no language, as it always comes in English', async () => {
    const response = await post([threeSeconds, whisper, ['language', 'sv']], '/v1/audio/translations');
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ error: { param: 'language', code: 'unknown_parameter' } });
  });
});
