import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { PERSON_V2, TENANT_ID, Tenant } from '../../src/server/auth/testing/tenant.ts';
import type { ApiErrorKind, ManagementErrorKind } from '../../src/util/errors.ts';
import type { RequestOptions, TestServer } from '../support/test-server.ts';
import { ADDRESSES, type ApiAddress } from './addresses.ts';
import { startScriptedServer } from './scripted-server.ts';

const model = 'gpt-audio';
const hello = { role: 'user', content: 'Hello there.' };
const spoken = { modalities: ['text', 'audio'], audio: { voice: 'alloy', format: 'wav' } };
const failing = (reason: 'busy' | 'unavailable' | 'unsupported' | 'too-long' | 'failed') => ({
  otherwise: { fail: { reason, message: 'The script says so.' } },
});

let server: TestServer;
let tenant: Tenant;

beforeAll(async () => {
  tenant = await Tenant.start();
  server = await startScriptedServer({
    scripts: {
      slow: { otherwise: { say: 'At last.', delay: { firstTokenMs: 600_000 } } },
      busy: failing('busy'),
      unavailable: failing('unavailable'),
      unsupported: failing('unsupported'),
      'too-long': failing('too-long'),
      failed: failing('failed'),
    },
    config: {
      server: { limits: { bodyBytes: 400_000, audioBytes: 150_000, requestSeconds: 2, concurrentPerKey: 2 } },
      auth: {
        keys: [{ name: 'guest', from: { sha256: GUEST_SHA256 } }],
        entra: {
          tenants: [{ id: TENANT_ID, keysUrl: tenant.keysUrl }],
          audiences: ['api://samtal'],
          grants: [{ objectId: 'aaaaaaaa-0000-4000-8000-000000000000', role: 'user' }],
        },
      },
    },
  });
});

afterAll(async () => {
  await server?.[Symbol.asyncDispose]();
  await tenant?.[Symbol.asyncDispose]();
});

const GUEST_KEY = 'guest-key-of-the-error-table-tests-0123456789';
/** Of `GUEST_KEY`. */
const GUEST_SHA256 = 'e275d40ac1c5fcdfb4b05c9662686d2b6b8e92fa4f60d6f5824167c9f0bf05c3';

const AZURE_KEY_REFUSED = {
  error: {
    code: '401',
    message:
      'Access denied due to invalid subscription key or wrong API endpoint. Make sure to provide a valid key for an active subscription and use a correct regional API endpoint for your resource. `samtal key` prints the key of this server.',
  },
};

type Ask = (address: ApiAddress) => Promise<Response>;

/** What a client is to meet: the OpenAI envelope, and Azure's own where its front end answers. */
interface Fault {
  readonly ask: Ask;
  readonly status: number;
  readonly message: unknown;
  readonly type?: string;
  readonly param?: string;
  readonly code: string | null;
  readonly azure?: { readonly status?: number; readonly body: object };
  readonly headers?: Readonly<Record<string, string>>;
}

function asking(change: object, init?: RequestOptions): Ask {
  return async (address) =>
    await server.post(address.of(model, '/chat/completions'), { model, messages: [hello], ...change }, init);
}

/** Asks a deployment of the test's own. */
function askingOf(deployment: string): Ask {
  return async (address) => {
    const path = address.of(deployment, '/chat/completions');
    return await server.post(path, { model: deployment, messages: [hello] });
  };
}

function saying(part: object): object {
  return { messages: [{ role: 'user', content: [part] }] };
}

async function askWithTwoOpen(address: ApiAddress): Promise<Response> {
  const leaving = new AbortController();
  const headers = { 'api-key': GUEST_KEY };
  const path = address.of('slow', '/chat/completions');
  const body = { model: 'slow', messages: [hello] };
  const open = [1, 2].map(
    async () => await server.post(path, body, { headers, signal: leaving.signal }).catch(() => undefined),
  );
  try {
    return await expect
      .poll(async () => await server.get(address.resource('/models'), { headers }), { timeout: 10_000 })
      .toSatisfy((response: Response) => response.status === 429)
      .then(async () => await server.get(address.resource('/models'), { headers }));
  } finally {
    leaving.abort();
    await Promise.all(open);
  }
}

/** A body that begins and never ends. */
async function askForever(address: ApiAddress): Promise<Response> {
  const body = new ReadableStream({
    start: (stream) => stream.enqueue(new TextEncoder().encode('{"model"')),
  });
  const init = { method: 'POST', body, duplex: 'half' } as const;
  const headers = { 'content-type': 'application/json' };
  return await server.get(address.of(model, '/chat/completions'), { ...init, headers });
}

/** A row for every fault that a model's caller can meet: the compiler counts them. */
const FAULTS: Readonly<Record<Exclude<ApiErrorKind, ManagementErrorKind>, Fault>> = {
  'invalid-json': {
    ask: asking({}, { body: '{"model": "gpt-audio", }' }),
    status: 400,
    message: expect.stringMatching(/^We could not parse the JSON body of your request\. \(HINT: .*column 24/),
    code: null,
  },
  'invalid-value': {
    ask: asking({ ...spoken, audio: { voice: 'bob', format: 'wav' } }),
    status: 400,
    message: expect.stringMatching(
      /^Invalid value: 'bob'\. Supported values are: 'alloy', .*, and 'cedar'\.$/,
    ),
    param: 'audio.voice',
    code: 'invalid_value',
  },
  'invalid-type': {
    ask: asking({ temperature: 'hot' }),
    status: 400,
    message: "Invalid type for 'temperature': expected a number, but got a string instead.",
    param: 'temperature',
    code: 'invalid_type',
  },
  'missing-parameter': {
    ask: asking({ modalities: ['audio', 'text'] }),
    status: 400,
    message: "Missing required parameter: 'audio'.",
    param: 'audio',
    code: 'missing_required_parameter',
  },
  'unknown-parameter': {
    ask: asking({ foo: 1 }),
    status: 400,
    message: 'Unrecognized request argument supplied: foo',
    param: 'foo',
    code: 'unknown_parameter',
  },
  'unsupported-value': {
    ask: asking({ ...spoken, stream: true }),
    status: 400,
    message:
      "Unsupported value: 'audio.format' does not support 'wav' when stream=true. Supported values are: 'pcm16'.",
    param: 'audio.format',
    code: 'unsupported_value',
  },
  'context-too-long': {
    ask: askingOf('too-long'),
    status: 400,
    message: 'The script says so.',
    param: 'messages',
    code: 'context_length_exceeded',
  },
  'unsupported-parameter': {
    ask: asking({ logprobs: true }),
    status: 400,
    message: "Unsupported parameter: 'logprobs' is not supported with this model.",
    param: 'logprobs',
    code: 'unsupported_parameter',
  },
  'out-of-range': {
    ask: asking({ temperature: 2.5 }),
    status: 400,
    message:
      "Invalid 'temperature': decimal above maximum value. Expected a value <= 2, but got 2.5 instead.",
    param: 'temperature',
    code: 'invalid_value',
  },
  'audio-not-found': {
    ask: asking({ messages: [hello, { role: 'assistant', audio: { id: 'audio_x' } }, hello] }),
    status: 404,
    message: "Audio with id 'audio_x' not found or expired.",
    param: 'messages[1].audio.id',
    code: 'audio_not_found',
  },
  'completion-not-found': {
    ask: async (address) => await server.get(address.resource('/chat/completions/chatcmpl-none')),
    status: 404,
    message: "No chat completion found with id 'chatcmpl-none'.",
    param: 'completion_id',
    code: 'not_found',
  },
  'body-too-large': {
    ask: asking({ user: 'x'.repeat(400_000) }),
    status: 413,
    message: expect.stringMatching(/^Maximum content size limit \(400000\) exceeded/),
    code: 'request_too_large',
    azure: {
      body: {
        error: {
          code: 'RequestEntityTooLarge',
          message: expect.stringMatching(/^Maximum content size limit \(400000\) exceeded/),
        },
      },
    },
  },
  'file-too-large': {
    ask: asking(saying({ type: 'input_audio', input_audio: { data: 'A'.repeat(200_004), format: 'wav' } })),
    status: 413,
    message:
      'The audio file of 150003 bytes is larger than the limit of 150000 bytes. Send a shorter or compressed recording.',
    param: 'messages[0].content[0].input_audio.data',
    code: 'file_too_large',
  },
  'unsupported-media-type': {
    ask: asking({}, { headers: { 'content-type': 'text/plain' } }),
    status: 415,
    message: 'Send the request with content-type: application/json.',
    code: 'unsupported_content_type',
  },
  'missing-key': {
    ask: asking({}, { headers: { 'api-key': '' } }),
    status: 401,
    message: expect.stringMatching(/^You didn't provide an API key\./),
    code: null,
    azure: { body: AZURE_KEY_REFUSED },
    headers: { 'www-authenticate': 'Bearer' },
  },
  'wrong-key': {
    ask: asking({}, { headers: { 'api-key': 'abcdefghijklmnopqrstuvwxyz' } }),
    status: 401,
    message: 'Incorrect API key provided: abc***xyz. `samtal key` prints yours.',
    code: 'invalid_api_key',
    azure: { body: AZURE_KEY_REFUSED },
    headers: { 'www-authenticate': 'Bearer' },
  },
  'wrong-token': {
    ask: asking({}, { headers: { 'api-key': '', authorization: 'Bearer eyJhbGciOiJub25lIn0.e30.' } }),
    status: 401,
    message: 'The access token is missing, invalid, for another audience, or expired.',
    code: 'invalid_api_key',
    azure: {
      body: {
        statusCode: 401,
        message:
          'Unauthorized. Access token is missing, invalid, audience is incorrect (https://cognitiveservices.azure.com), or have expired.',
      },
    },
    headers: { 'www-authenticate': 'Bearer' },
  },
  forbidden: {
    ask: async (address) => {
      const now = Math.floor(Date.now() / 1000);
      const token = await tenant.sign({ ...PERSON_V2, iat: now, nbf: now, exp: now + 600 });
      return await asking({}, { headers: { 'api-key': '', authorization: `Bearer ${token}` } })(address);
    },
    status: 403,
    message: 'The principal has no role on this server. Its operator can grant one.',
    code: 'insufficient_permissions',
    azure: {
      status: 401,
      body: {
        error: {
          code: 'PermissionDenied',
          message: 'The principal has no role on this server. Its operator can grant one.',
        },
      },
    },
  },
  'deployment-not-found': {
    ask: askingOf('nobody'),
    status: 404,
    message: 'The model `nobody` does not exist or you do not have access to it.',
    code: 'model_not_found',
    azure: {
      body: {
        error: {
          code: 'DeploymentNotFound',
          message:
            'The API deployment for this resource does not exist. If you created the deployment within the last 5 minutes, please wait a moment and try again.',
        },
      },
    },
  },
  'operation-not-supported': {
    ask: askingOf('tts-1'),
    status: 400,
    message:
      'The chatCompletion operation does not work with the specified model, tts-1. Please choose different model and try again.',
    code: null,
    azure: {
      body: {
        error: {
          code: 'OperationNotSupported',
          message:
            'The chatCompletion operation does not work with the specified model, tts-1. Please choose different model and try again.',
        },
      },
    },
  },
  'resource-not-found': {
    ask: async (address) => await server.post(address.of(model, '/chat/nothing'), {}),
    status: 404,
    message: 'Invalid URL (POST /v1/chat/nothing)',
    code: 'unknown_url',
    azure: { body: { error: { code: '404', message: 'Resource not found' } } },
  },
  'method-not-allowed': {
    ask: async (address) => await server.get(address.resource('/models/gpt-audio'), { method: 'DELETE' }),
    status: 405,
    message: expect.stringMatching(/samtal deployments/),
    code: 'method_not_supported',
    headers: { allow: 'GET, HEAD' },
  },
  'request-timeout': {
    ask: askForever,
    status: 408,
    message: 'The request took longer than 2 seconds to arrive. Send it faster or make it smaller.',
    code: 'request_timeout',
  },
  'too-many-requests': {
    ask: askWithTwoOpen,
    status: 429,
    message: expect.stringMatching(/^This key has 2 requests open, which is its limit\./),
    type: 'requests',
    code: 'rate_limit_exceeded',
    azure: {
      body: {
        error: {
          code: '429',
          message: expect.stringMatching(/^This key has 2 requests open.* retry after 1 second/),
        },
      },
    },
    headers: { 'retry-after': '1' },
  },
  overloaded: {
    ask: askingOf('busy'),
    status: 503,
    message: 'The server is at capacity right now. Please retry after a moment.',
    type: 'server_error',
    code: 'server_overloaded',
    azure: {
      body: {
        error: {
          code: 'ServiceUnavailable',
          message: 'The server is at capacity right now. Please retry after a moment.',
        },
      },
    },
    headers: { 'retry-after': '1' },
  },
  'engine-unavailable': {
    ask: askingOf('unavailable'),
    status: 503,
    message: 'The script says so.',
    type: 'server_error',
    code: 'engine_unavailable',
    azure: { body: { error: { code: 'ServiceUnavailable', message: 'The script says so.' } } },
  },
  'engine-failed': {
    ask: askingOf('failed'),
    status: 500,
    message: 'An engine failed while processing your request.',
    type: 'server_error',
    code: 'server_error',
    azure: {
      body: {
        error: { code: 'InternalServerError', message: 'An engine failed while processing your request.' },
      },
    },
  },
};

function expectedBody({ azure, ...fault }: Fault, { family }: ApiAddress): object {
  if (family === 'azure' && azure) return azure.body;
  const { message, type = 'invalid_request_error', param = null, code } = fault;
  return { error: { message, type, param, code } };
}

describe.each(ADDRESSES)('at $name', (address) => {
  test.each(Object.entries(FAULTS))('%s', async (_, fault) => {
    const response = await fault.ask(address);
    const status = address.family === 'azure' ? (fault.azure?.status ?? fault.status) : fault.status;
    expect(await response.json()).toEqual(expectedBody(fault, address));
    expect(response.status).toBe(status);
    expect(Object.fromEntries(response.headers)).toMatchObject({
      'content-type': 'application/json; charset=utf-8',
      'x-request-id': expect.stringMatching(/^req_\w{24}$/),
      ...fault.headers,
    });
    const id = response.headers.get('x-request-id');
    expect(response.headers.get('apim-request-id')).toBe(address.family === 'azure' ? id : null);
    expect(response.headers.get('www-authenticate')).toBe(status === 401 ? 'Bearer' : null);
  });

  test('what an engine can not do is a fault of the request', async () => {
    const response = await askingOf('unsupported')(address);
    expect(response.status).toBe(400);
    expect(await response.json()).toEqual({
      error: {
        message: 'The script says so.',
        type: 'invalid_request_error',
        param: null,
        code: 'unsupported_value',
      },
    });
  });

  test('audio that is none is refused by the name of its format', async () => {
    for (const [format, data] of [
      ['wav', Buffer.from('no sound at all').toString('base64')],
      ['mp3', Buffer.from('no sound at all').toString('base64')],
      ['wav', '!!! not base64 !!!'],
    ]) {
      const response = await asking(saying({ type: 'input_audio', input_audio: { data, format } }))(address);
      expect(await response.json()).toEqual({
        error: {
          message: `The data provided for 'input_audio' is not of valid ${format} format.`,
          type: 'invalid_request_error',
          param: 'messages[0].content[0].input_audio.data',
          code: 'invalid_value',
        },
      });
      expect(response.status).toBe(400);
    }
  });

  test('an enum is refused with its place and its values', async () => {
    const ofPart = await asking(
      saying({ type: 'input_audio', input_audio: { data: 'AAAA', format: 'ogg' } }),
    )(address);
    expect(await ofPart.json()).toMatchObject({
      error: {
        message: "Invalid value: 'ogg'. Supported values are: 'wav' and 'mp3'.",
        param: 'messages[0].content[0].input_audio.format',
        code: 'invalid_value',
      },
    });
    const ofModality = await asking({ modalities: ['text', 'video'] })(address);
    expect(await ofModality.json()).toMatchObject({
      error: {
        message: "Invalid value: 'video'. Supported values are: 'text' and 'audio'.",
        param: 'modalities[1]',
        code: 'invalid_value',
      },
    });
  });
});

describe("at Azure's dated address", () => {
  const path = `/openai/deployments/${model}/chat/completions`;
  const body = { messages: [hello] };

  test.each([
    '',
    '?api-version=',
    '?api-version=v1',
    '?api-version=latest',
    '?API-VERSION=2025-01-01-preview',
  ])('the version "%s" is no resource', async (query) => {
    const response = await server.post(path + query, body);
    expect(response.status).toBe(404);
    expect(await response.json()).toEqual({ error: { code: '404', message: 'Resource not found' } });
  });

  test('the version may stand in a header, and slashes may be doubled', async () => {
    const versioned = { headers: { 'api-version': '2025-01-01-preview' } };
    expect((await server.post(path, body, versioned)).status).toBe(200);
    const doubled = `${server.url}/${path}?api-version=2025-01-01-preview`;
    expect((await server.post(doubled, body)).status).toBe(200);
  });

  test('a deployment that is not there comes before what is wrong with the body', async () => {
    const nobody = ADDRESSES[0]?.of('nobody', '/chat/completions') ?? '';
    const response = await server.post(nobody, { messages: 'none' });
    expect(await response.json()).toMatchObject({ error: { code: 'DeploymentNotFound' } });
  });
});
