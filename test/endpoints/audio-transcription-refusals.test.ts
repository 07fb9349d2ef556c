import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openTestApp, type TestApp } from '../support/app.ts';
import { checkContract } from '../support/contract.ts';
import { secondCounter } from '../support/second-counter.ts';
import { toneWav } from '../support/tone.ts';
import { type Field, postForm, THREE_SECONDS, WHISPER } from './audio-form.ts';

let server: TestApp;
let url: string;

beforeAll(async () => {
  server = await openTestApp(
    { 'whisper-1': { recognizer: secondCounter() }, deaf: {} },
    { audioSeconds: 60 },
  );
  url = await server.listen();
});

afterAll(async () => {
  await server[Symbol.asyncDispose]();
});

async function post(fields: readonly Field[], path?: string): Promise<Response> {
  return await postForm({ url, key: server.key }, fields, path);
}

describe('a refusal', () => {
  test.each<[string, Field[], string | null, string, string | RegExp]>([
    [
      'a missing file',
      [WHISPER],
      'file',
      'missing_required_parameter',
      "Missing required parameter: 'file'.",
    ],
    [
      'a missing model',
      [THREE_SECONDS],
      'model',
      'missing_required_parameter',
      'you must provide a model parameter',
    ],
    [
      'a language that is not heard',
      [THREE_SECONDS, WHISPER, ['language', 'sv']],
      'language',
      'unsupported_value',
      "Unsupported value: 'language' does not support 'sv' with this model. Supported values are: 'en'.",
    ],
    [
      'a language that is none',
      [THREE_SECONDS, WHISPER, ['language', 'Swedish, please']],
      'language',
      'invalid_value',
      /^Invalid language/,
    ],
    [
      'an unknown format',
      [THREE_SECONDS, WHISPER, ['response_format', 'xml']],
      'response_format',
      'invalid_value',
      "Invalid value: 'xml'. Supported values are: 'json', 'text', 'srt', 'verbose_json', 'vtt', and 'diarized_json'.",
    ],
    [
      'speakers',
      [THREE_SECONDS, WHISPER, ['response_format', 'diarized_json']],
      'response_format',
      'unsupported_value',
      /does not support 'diarized_json'/,
    ],
    [
      'known speakers',
      [THREE_SECONDS, WHISPER, ['known_speaker_names[]', 'Ann']],
      'known_speaker_names',
      'unsupported_parameter',
      /^Unsupported parameter: 'known_speaker_names'/,
    ],
    [
      'probabilities',
      [THREE_SECONDS, WHISPER, ['include[]', 'logprobs']],
      'include',
      'unsupported_parameter',
      /logprobs/,
    ],
    [
      'times outside of verbose_json',
      [THREE_SECONDS, WHISPER, ['timestamp_granularities[]', 'word']],
      'timestamp_granularities',
      'invalid_value',
      /only allowed when 'response_format' is 'verbose_json'/,
    ],
    [
      'the times of words that nobody knows',
      [THREE_SECONDS, WHISPER, ['response_format', 'verbose_json'], ['timestamp_granularities[]', 'word']],
      'timestamp_granularities',
      'unsupported_value',
      /does not support 'word' with this model/,
    ],
    [
      'an unknown granularity',
      [THREE_SECONDS, WHISPER, ['response_format', 'verbose_json'], ['timestamp_granularities[]', 'letter']],
      'timestamp_granularities[0]',
      'invalid_value',
      "Invalid value: 'letter'. Supported values are: 'word' and 'segment'.",
    ],
    [
      'a temperature that is too high',
      [THREE_SECONDS, WHISPER, ['temperature', '1.5']],
      'temperature',
      'invalid_value',
      /Expected a value <= 1/,
    ],
    [
      'a temperature that is no number',
      [THREE_SECONDS, WHISPER, ['temperature', 'warm']],
      'temperature',
      'invalid_type',
      "Invalid type for 'temperature': expected a number, but got a string instead.",
    ],
    [
      'subtitles in a stream',
      [THREE_SECONDS, WHISPER, ['stream', 'true'], ['response_format', 'srt']],
      'response_format',
      'unsupported_value',
      "Unsupported value: 'response_format' does not support 'srt' when stream=true. Supported values are: 'json' and 'text'.",
    ],
    [
      'a field of its own',
      [THREE_SECONDS, WHISPER, ['beam_size', '5']],
      'beam_size',
      'unknown_parameter',
      'Unrecognized request argument supplied: beam_size',
    ],
    [
      'a file by another name',
      [WHISPER, ['audio', new Blob([toneWav(1)]), 'a.wav']],
      'audio',
      'unknown_parameter',
      'Unrecognized request argument supplied: audio',
    ],
    [
      'a second file',
      [THREE_SECONDS, THREE_SECONDS, WHISPER],
      'file',
      'invalid_value',
      'Send one file with a request.',
    ],
    [
      'a file that is no audio',
      [['file', new Blob(['Hello, this is text.']), 'a.wav'], WHISPER],
      'file',
      'invalid_value',
      "Invalid file format. Supported formats: ['flac', 'm4a', 'mp3', 'mp4', 'mpeg', 'mpga', 'oga', 'ogg', 'wav', 'webm']",
    ],
    [
      'a file that is broken',
      [['file', new Blob([toneWav(1).subarray(0, 30)]), 'a.wav'], WHISPER],
      'file',
      'invalid_value',
      /^Audio file might be corrupted or unsupported: /,
    ],
    [
      'an empty file',
      [['file', new Blob([]), 'a.wav'], WHISPER],
      'file',
      'invalid_value',
      'The file can not be used: The audio is empty.',
    ],
    [
      'a recording that is too long',
      [['file', new Blob([toneWav(61)]), 'a.wav'], WHISPER],
      'file',
      'invalid_value',
      /^The file can not be used: /,
    ],
    [
      'a field that is too long',
      [THREE_SECONDS, WHISPER, ['prompt', 'a'.repeat(70_000)]],
      'prompt',
      'invalid_value',
      "Invalid 'prompt': string too long. Expected at most 65536.",
    ],
    [
      'too many fields',
      [...Array.from({ length: 70 }, (_, index): Field => ['keywords[]', String(index)]), WHISPER],
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
    const response = await post([text, WHISPER, ['stream', 'true']]);
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
      [THREE_SECONDS],
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
    const openai = await post([THREE_SECONDS, ['model', 'deaf']]);
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

describe('a translation', () => {
  test('is refused in the words of each family', async () => {
    const azure = await post(
      [THREE_SECONDS],
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
    const openai = await post([THREE_SECONDS, WHISPER], '/v1/audio/translations');
    expect(openai.status).toBe(400);
    expect(await openai.json()).toMatchObject({ error: { type: 'invalid_request_error', code: null } });
  });

  test('by an unknown model is refused as such', async () => {
    const response = await post([THREE_SECONDS, ['model', 'nobody']], '/v1/audio/translations');
    expect(response.status).toBe(404);
  });

  test('takes no language, as it always comes in English', async () => {
    const response = await post([THREE_SECONDS, WHISPER, ['language', 'sv']], '/v1/audio/translations');
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ error: { param: 'language', code: 'unknown_parameter' } });
  });
});
