import OpenAI, {
  APIError,
  AuthenticationError,
  AzureOpenAI,
  BadRequestError,
  InternalServerError,
  NotFoundError,
} from 'openai';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { TestServer } from '../support/test-server.ts';
import { startScriptedServer } from './scripted-server.ts';

let server: TestServer;

beforeAll(async () => {
  server = await startScriptedServer({
    scripts: {
      busy: { otherwise: { fail: { reason: 'busy' } } },
      breaking: { otherwise: { say: 'This is going to break down here.', fail: { afterWords: 3 } } },
    },
    config: { server: { limits: { audioBytes: 1000 } } },
  });
});

afterAll(async () => {
  await server?.[Symbol.asyncDispose]();
});

interface ClientSettings {
  readonly apiKey?: string;
  readonly maxRetries?: number;
}

const CLIENTS = [
  {
    name: 'OpenAI',
    family: 'openai',
    open: ({ apiKey = server.key, maxRetries = 0 }: ClientSettings = {}) =>
      new OpenAI({ apiKey, maxRetries, baseURL: `${server.url}/v1` }),
  },
  {
    name: "OpenAI at Azure's v1 address",
    family: 'azure',
    open: ({ apiKey = server.key, maxRetries = 0 }: ClientSettings = {}) =>
      new OpenAI({ apiKey, maxRetries, baseURL: `${server.url}/openai/v1/` }),
  },
  {
    name: 'AzureOpenAI',
    family: 'azure',
    open: ({ apiKey = server.key, maxRetries = 0 }: ClientSettings = {}) =>
      new AzureOpenAI({ apiKey, maxRetries, endpoint: server.url, apiVersion: '2025-01-01-preview' }),
  },
] as const;

const hello = { role: 'user', content: 'Hello there.' } as const;
const request = { model: 'gpt-audio', messages: [hello] };

/** What the client throws for `change`, whose fault is beyond what the SDK's types allow. */
async function errorOf(client: OpenAI, change: object): Promise<APIError> {
  try {
    await client.chat.completions.create({ ...request, ...change });
  } catch (error) {
    if (error instanceof APIError) return error;
    throw error;
  }
  throw new Error('The request was not refused.');
}

describe.each(CLIENTS)('the client $name', ({ family, open }) => {
  test('a fault of the request is a BadRequestError with its place', async () => {
    const error = await errorOf(open(), {
      modalities: ['text', 'audio'],
      audio: { voice: 'bob', format: 'wav' },
    });
    expect(error).toBeInstanceOf(BadRequestError);
    expect(error).toMatchObject({
      status: 400,
      type: 'invalid_request_error',
      code: 'invalid_value',
      param: 'audio.voice',
      requestID: expect.stringMatching(/^req_/),
      message: expect.stringMatching(/^400 Invalid value: 'bob'\. Supported values are: /),
    });
  });

  test('a wrong key is an AuthenticationError', async () => {
    const error = await errorOf(open({ apiKey: 'a-wrong-key-of-some-length' }), {});
    expect(error).toBeInstanceOf(AuthenticationError);
    expect(error.code).toBe(family === 'azure' ? '401' : 'invalid_api_key');
    expect(error.headers?.get('www-authenticate')).toBe('Bearer');
  });

  test('a deployment that is not there is a NotFoundError', async () => {
    const error = await errorOf(open(), { model: 'nobody' });
    expect(error).toBeInstanceOf(NotFoundError);
    expect(error.code).toBe(family === 'azure' ? 'DeploymentNotFound' : 'model_not_found');
  });

  test('audio that is too large is an APIError with 413', async () => {
    const data = 'A'.repeat(4000);
    const error = await errorOf(open(), {
      messages: [{ role: 'user', content: [{ type: 'input_audio', input_audio: { data, format: 'wav' } }] }],
    });
    expect(error).toMatchObject({
      status: 413,
      code: 'file_too_large',
      param: 'messages[0].content[0].input_audio.data',
    });
  });

  test('a busy engine is an InternalServerError that the client tries again', async () => {
    const started = performance.now();
    const error = await errorOf(open({ maxRetries: 1 }), { model: 'busy' });
    expect(error).toBeInstanceOf(InternalServerError);
    expect(error).toMatchObject({
      status: 503,
      code: family === 'azure' ? 'ServiceUnavailable' : 'server_overloaded',
    });
    // It waited for as long as `retry-after` says.
    expect(performance.now() - started).toBeGreaterThan(1000);
  });

  test('what breaks in the middle of a stream is thrown out of it', async () => {
    const stream = await open().chat.completions.create({ ...request, model: 'breaking', stream: true });
    let text = '';
    const reading = async () => {
      for await (const chunk of stream) text += chunk.choices[0]?.delta.content ?? '';
    };
    await expect(reading()).rejects.toMatchObject({
      type: 'server_error',
      code: 'server_error',
      error: { message: 'An engine failed while processing your request.', param: null },
    });
    expect(text.trim()).toBe('This is going');
  });
});
