import { describe, expect, test } from 'vitest';
import { ApiError, EngineError } from '../util/errors.ts';
import { parseAddress } from './address/address.ts';
import { renderError, toApiError } from './errors.ts';

const azure = parseAddress('/openai/deployments/d/chat/completions?api-version=2025-01-01-preview');
const openai = parseAddress('/v1/chat/completions');

describe('a fault of the request', () => {
  const error = new ApiError('invalid-value', "Invalid value: 'bob'.", { param: 'audio.voice' });

  test.each([
    ['Azure', azure],
    ['OpenAI', openai],
  ])('has the same envelope at %s', (_, address) => {
    expect(renderError(error, address)).toEqual({
      status: 400,
      headers: {},
      body: {
        error: {
          message: "Invalid value: 'bob'.",
          type: 'invalid_request_error',
          param: 'audio.voice',
          code: 'invalid_value',
        },
      },
    });
  });
});

test('Azure answers a wrong token without an error object around the message', () => {
  const { status, headers, body } = renderError(new ApiError('wrong-token', 'ours'), azure);
  expect([status, headers['www-authenticate']]).toEqual([401, 'Bearer']);
  expect(body).toEqual({
    statusCode: 401,
    message:
      'Unauthorized. Access token is missing, invalid, audience is incorrect (https://cognitiveservices.azure.com), or have expired.',
  });
});

test('Azure answers a missing role with 401 and PermissionDenied', () => {
  expect(renderError(new ApiError('forbidden', 'no role'), azure)).toMatchObject({
    status: 401,
    headers: { 'www-authenticate': 'Bearer' },
    body: { error: { code: 'PermissionDenied', message: 'no role' } },
  });
});

test.each([
  ['deployment-not-found', 404, 'DeploymentNotFound', 'model_not_found'],
  ['resource-not-found', 404, '404', 'unknown_url'],
  ['too-many-requests', 429, '429', 'rate_limit_exceeded'],
  ['wrong-key', 401, '401', 'invalid_api_key'],
  ['overloaded', 503, 'ServiceUnavailable', 'server_overloaded'],
] as const)('%s is %i, at Azure with code %s, at OpenAI with %s', (kind, status, azureCode, openAiCode) => {
  const error = new ApiError(kind, 'told');
  expect(renderError(error, azure)).toMatchObject({ status, body: { error: { code: azureCode } } });
  expect(renderError(error, openai)).toMatchObject({
    status,
    body: { error: { code: openAiCode, message: 'told' } },
  });
});

test('a retry hint becomes a header', () => {
  const error = new ApiError('too-many-requests', 'wait', { retryAfterSeconds: 8 });
  expect(renderError(error, azure).headers['retry-after']).toBe('8');
});

describe('what an engine throws', () => {
  test('says nothing of its insides when it broke', () => {
    const error = toApiError(new EngineError('upstream', 'failed', 'connect ECONNREFUSED secret-host'));
    expect(error.message).not.toContain('secret-host');
    expect(error.kind).toBe('engine-failed');
  });

  test('keeps the remedy when it is not installed', () => {
    expect(toApiError(new EngineError('x', 'unavailable', 'Install x.'))).toMatchObject({
      kind: 'engine-unavailable',
      message: 'Install x.',
    });
  });

  test('is a hint to retry when it is busy', () => {
    expect(toApiError(new EngineError('x', 'busy', 'full'))).toMatchObject({
      kind: 'overloaded',
      retryAfterSeconds: 1,
    });
  });
});

test('an unknown fault is told without its message', () => {
  expect(toApiError(new TypeError('cannot read x of undefined')).message).toBe(
    'The server had an error while processing your request.',
  );
});
