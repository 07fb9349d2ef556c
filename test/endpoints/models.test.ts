import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { scripted } from '../../src/engines/scripted/index.ts';
import { openTestApp, type TestApp } from '../support/app.ts';
import { checkContract } from '../support/contract.ts';
import { secondCounter } from '../support/second-counter.ts';

let server: TestApp;

beforeAll(async () => {
  server = await openTestApp({
    'gpt-audio': { languageModel: await scripted() },
    'whisper-1': { recognizer: secondCounter() },
  });
});

afterAll(async () => {
  await server[Symbol.asyncDispose]();
});

interface Answer {
  readonly status: number;
  readonly allow: unknown;
  readonly body: unknown;
}

async function call(url: string, method: 'GET' | 'POST' | 'PUT' | 'DELETE' = 'GET'): Promise<Answer> {
  const { app, key } = server;
  const { statusCode, headers, body } = await app.inject({ method, url, headers: { 'api-key': key } });
  return { status: statusCode, allow: headers['allow'], body: JSON.parse(body) };
}

const whisper = { id: 'whisper-1', object: 'model', created: 1_700_000_000, owned_by: 'samtal' };

describe('the models', () => {
  test.each(['/v1/models', '/openai/v1/models', '/openai/v1/models?api-version=preview'])(
    'are every deployment at %s',
    async (url) => {
      const { status, body } = await call(url);
      expect(status).toBe(200);
      checkContract('openai-rest', 'ListModelsResponse', body);
      expect(body).toEqual({ object: 'list', data: [{ ...whisper, id: 'gpt-audio' }, whisper] });
    },
  );

  test('are told one by one too', async () => {
    const { body } = await call('/v1/models/whisper-1');
    checkContract('openai-rest', 'Model', body);
    expect(body).toEqual(whisper);
  });

  test("say at Azure's dated address what they can do, and nothing they can not", async () => {
    const { body } = await call('/openai/models?api-version=2024-10-21');
    expect(body).toMatchObject({
      object: 'list',
      data: [
        { id: 'gpt-audio', capabilities: { chat_completion: true } },
        {
          id: 'whisper-1',
          object: 'model',
          status: 'succeeded',
          created_at: 1_700_000_000,
          updated_at: 1_700_000_000,
          capabilities: {
            fine_tune: false,
            inference: true,
            completion: false,
            chat_completion: false,
            embeddings: false,
            scale_types: ['standard'],
          },
          lifecycle_status: 'generally-available',
          deprecation: { inference: 4_102_444_800 },
        },
      ],
    });
    const one = await call('/openai/models/whisper-1?api-version=2024-10-21');
    expect(one.body).toMatchObject({ id: 'whisper-1', status: 'succeeded' });
  });

  test("need a version at Azure's dated address", async () => {
    const { status, body } = await call('/openai/models');
    expect(status).toBe(404);
    expect(body).toEqual({ error: { code: '404', message: 'Resource not found' } });
  });

  test('that are not there are not found, in the words of each family', async () => {
    const openai = await call('/v1/models/nobody');
    expect(openai.status).toBe(404);
    checkContract('openai-rest', 'ErrorResponse', openai.body);
    expect(openai.body).toEqual({
      error: {
        message: 'The model `nobody` does not exist or you do not have access to it.',
        type: 'invalid_request_error',
        param: null,
        code: 'model_not_found',
      },
    });
    const azure = await call('/openai/models/nobody?api-version=2024-10-21');
    expect(azure.status).toBe(404);
    expect(azure.body).toMatchObject({ error: { code: 'DeploymentNotFound' } });
  });

  test.each(['/v1/models/', '/openai/v1/models/'])('are not deleted at %s', async (path) => {
    const { status, allow, body } = await call(`${path}whisper-1`, 'DELETE');
    expect(status).toBe(405);
    expect(allow).toBe('GET, HEAD');
    expect(body).toMatchObject({
      error: { code: 'method_not_supported', message: expect.stringContaining('samtal deployments') },
    });
    expect((await call(`${path}nobody`, 'DELETE')).status).toBe(404);
  });
});

describe('the deployments', () => {
  const version = '?api-version=2022-12-01';
  const deployment = {
    id: 'whisper-1',
    object: 'deployment',
    model: 'whisper-1',
    owner: 'organization-owner',
    status: 'succeeded',
    scale_settings: { scale_type: 'standard' },
    created_at: 1_700_000_000,
    updated_at: 1_700_000_000,
  };

  test('are listed', async () => {
    const { status, body } = await call(`/openai/deployments${version}`);
    expect(status).toBe(200);
    expect(body).toEqual({
      object: 'list',
      data: [{ ...deployment, id: 'gpt-audio', model: 'gpt-audio' }, deployment],
    });
  });

  test('are told one by one', async () => {
    expect((await call(`/openai/deployments/whisper-1${version}`)).body).toEqual(deployment);
    expect((await call(`/openai/deployments/nobody${version}`)).status).toBe(404);
  });

  test.each([
    ['POST', ''],
    ['PUT', '/whisper-1'],
    ['DELETE', '/whisper-1'],
  ] as const)('are not changed by %s %s', async (method, path) => {
    const { status, body } = await call(`/openai/deployments${path}${version}`, method);
    expect(status).toBe(405);
    expect(body).toMatchObject({ error: { message: expect.stringContaining('samtal deployments') } });
  });
});
