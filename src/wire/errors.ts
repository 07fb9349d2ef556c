import {
  ApiError,
  type ApiErrorKind,
  EngineError,
  EngineInterruption,
  UpstreamRefusal,
} from '../util/errors.ts';
import type { Address } from './address/address.ts';
import { managementBody } from './management/error-body.ts';

interface ErrorRow {
  readonly status: number;
  /** The OpenAI envelope: `{ error: { message, type, param, code } }`. */
  readonly type: string;
  readonly code: string | null;
  /** Azure's front end answers some faults itself, in its own envelope: `{ error: { code, message } }`. */
  readonly azure?: { readonly code: string; readonly message?: string; readonly status?: number };
}

/** Azure's words for a wrong key and for none, with the remedy that is at hand here. */
const AZURE_KEY_REFUSED =
  'Access denied due to invalid subscription key or wrong API endpoint. Make sure to provide a valid key for an active subscription and use a correct regional API endpoint for your resource. `samtal key` prints the key of this server.';

/**
 * Every error a client can meet over HTTP (contract 1.7). Codes and texts are those that have been seen from
 * the services; where none was ever published the choice is ours and stands here to be corrected:
 * `audio-not-found`, `file-too-large`, `body-too-large` and the 5xx codes.
 */
const errorTable: Readonly<Record<ApiErrorKind, ErrorRow>> = {
  'invalid-json': { status: 400, type: 'invalid_request_error', code: null },
  'invalid-value': { status: 400, type: 'invalid_request_error', code: 'invalid_value' },
  'invalid-type': { status: 400, type: 'invalid_request_error', code: 'invalid_type' },
  'missing-parameter': { status: 400, type: 'invalid_request_error', code: 'missing_required_parameter' },
  'unknown-parameter': { status: 400, type: 'invalid_request_error', code: 'unknown_parameter' },
  'unsupported-value': { status: 400, type: 'invalid_request_error', code: 'unsupported_value' },
  'context-too-long': { status: 400, type: 'invalid_request_error', code: 'context_length_exceeded' },
  'unsupported-parameter': { status: 400, type: 'invalid_request_error', code: 'unsupported_parameter' },
  'out-of-range': { status: 400, type: 'invalid_request_error', code: 'invalid_value' },
  'audio-not-found': { status: 404, type: 'invalid_request_error', code: 'audio_not_found' },
  'completion-not-found': { status: 404, type: 'invalid_request_error', code: 'not_found' },
  'body-too-large': {
    status: 413,
    type: 'invalid_request_error',
    code: 'request_too_large',
    azure: { code: 'RequestEntityTooLarge' },
  },
  'file-too-large': { status: 413, type: 'invalid_request_error', code: 'file_too_large' },
  'unsupported-media-type': { status: 415, type: 'invalid_request_error', code: 'unsupported_content_type' },
  'missing-key': {
    status: 401,
    type: 'invalid_request_error',
    code: null,
    azure: { code: '401', message: AZURE_KEY_REFUSED },
  },
  'wrong-key': {
    status: 401,
    type: 'invalid_request_error',
    code: 'invalid_api_key',
    azure: { code: '401', message: AZURE_KEY_REFUSED },
  },
  'wrong-token': {
    status: 401,
    type: 'invalid_request_error',
    code: 'invalid_api_key',
    azure: { code: '401' },
  },
  forbidden: {
    status: 403,
    type: 'invalid_request_error',
    code: 'insufficient_permissions',
    // Azure answers a missing role with 401, not 403.
    azure: { code: 'PermissionDenied', status: 401 },
  },
  'deployment-not-found': {
    status: 404,
    type: 'invalid_request_error',
    code: 'model_not_found',
    azure: {
      code: 'DeploymentNotFound',
      message:
        'The API deployment for this resource does not exist. If you created the deployment within the last 5 minutes, please wait a moment and try again.',
    },
  },
  'operation-not-supported': {
    status: 400,
    type: 'invalid_request_error',
    code: null,
    azure: { code: 'OperationNotSupported' },
  },
  'resource-not-found': {
    status: 404,
    type: 'invalid_request_error',
    code: 'unknown_url',
    azure: { code: '404', message: 'Resource not found' },
  },
  'method-not-allowed': { status: 405, type: 'invalid_request_error', code: 'method_not_supported' },
  'missing-api-version': { status: 400, type: 'invalid_request_error', code: 'missing_required_parameter' },
  'invalid-api-version': { status: 400, type: 'invalid_request_error', code: 'invalid_value' },
  conflict: { status: 409, type: 'invalid_request_error', code: 'conflict', azure: { code: 'Conflict' } },
  'resource-not-empty': { status: 409, type: 'invalid_request_error', code: 'conflict' },
  'precondition-failed': { status: 412, type: 'invalid_request_error', code: 'precondition_failed' },
  'request-timeout': { status: 408, type: 'invalid_request_error', code: 'request_timeout' },
  'too-many-requests': {
    status: 429,
    type: 'requests',
    code: 'rate_limit_exceeded',
    azure: { code: '429' },
  },
  overloaded: {
    status: 503,
    type: 'server_error',
    code: 'server_overloaded',
    azure: { code: 'ServiceUnavailable' },
  },
  'engine-unavailable': {
    status: 503,
    type: 'server_error',
    code: 'engine_unavailable',
    azure: { code: 'ServiceUnavailable' },
  },
  'engine-failed': {
    status: 500,
    type: 'server_error',
    code: 'server_error',
    azure: { code: 'InternalServerError' },
  },
};

export interface RenderedError {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Readonly<Record<string, unknown>>;
}

/** Turns a fault into the answer that the service which owns the address would give. */
export function renderError(error: ApiError, address: Address): RenderedError {
  const row = errorTable[error.kind];
  const isManagement = address.form === 'management';
  const isAzure = address.family === 'azure' && row.azure !== undefined && !isManagement;
  const status = (isAzure ? row.azure?.status : undefined) ?? row.status;
  const headers: Record<string, string> = {};
  // Every 401 names a scheme: RFC 9110 15.5.2.
  if (status === 401) headers['www-authenticate'] = 'Bearer';
  if (error.retryAfterSeconds !== undefined) headers['retry-after'] = String(error.retryAfterSeconds);
  if (isManagement) return { status, headers, body: managementBody(error, status) };
  return {
    status,
    headers,
    body: isAzure && row.azure ? azureBody(error, row.azure) : openAiBody(error, row),
  };
}

/** The inner error object alone, as a stream that has begun carries it. */
export function toErrorObject(error: ApiError): Readonly<Record<string, unknown>> {
  return openAiBody(error, errorTable[error.kind]);
}

function openAiBody(error: ApiError, row: ErrorRow): Record<string, unknown> {
  return { error: { message: error.message, type: row.type, param: error.param, code: row.code } };
}

function azureBody(error: ApiError, azure: NonNullable<ErrorRow['azure']>): Record<string, unknown> {
  if (error.kind === 'wrong-token') {
    // This one answer has no `error` around it.
    return {
      statusCode: 401,
      message:
        'Unauthorized. Access token is missing, invalid, audience is incorrect (https://cognitiveservices.azure.com), or have expired.',
    };
  }
  return { error: { code: azure.code, message: azure.message ?? error.message } };
}

/** What anything thrown means to a client. An internal message never crosses unless the client can act on it. */
export function toApiError(thrown: unknown): ApiError {
  if (thrown instanceof ApiError) return thrown;
  if (!(thrown instanceof EngineError)) {
    return new ApiError('engine-failed', 'The server had an error while processing your request.', {
      cause: thrown,
    });
  }
  const refusal = thrown instanceof UpstreamRefusal ? thrown : undefined;
  switch (thrown.reason) {
    case 'busy':
      if (refusal) return refusedUpstream('overloaded', refusal);
      return new ApiError('overloaded', 'The server is at capacity right now. Please retry after a moment.', {
        retryAfterSeconds: 1,
        cause: thrown,
      });
    case 'unavailable':
      return new ApiError('engine-unavailable', thrown.message, {
        ...(thrown instanceof EngineInterruption && { retryAfterSeconds: thrown.retryAfterSeconds }),
        cause: thrown,
      });
    case 'unsupported':
      return new ApiError('unsupported-value', thrown.message, { cause: thrown });
    case 'too-long':
      return new ApiError('context-too-long', thrown.message, { param: 'messages', cause: thrown });
    case 'failed':
      if (refusal) return refusedUpstream('engine-failed', refusal);
      return new ApiError('engine-failed', 'An engine failed while processing your request.', {
        cause: thrown,
      });
  }
}

function refusedUpstream(kind: ApiErrorKind, refusal: UpstreamRefusal): ApiError {
  const { message, retryAfterSeconds = 1 } = refusal;
  return new ApiError(kind, message, {
    ...(kind === 'overloaded' && { retryAfterSeconds }),
    cause: refusal,
  });
}
