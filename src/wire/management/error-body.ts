import type { ApiError, ApiErrorKind } from '../../util/errors.ts';

/** Where the management plane has a word of its own for a fault; the others go by their status. */
const CODES: Partial<Readonly<Record<ApiErrorKind, string>>> = {
  'missing-key': 'AuthenticationFailed',
  'wrong-key': 'AuthenticationFailed',
  'wrong-token': 'InvalidAuthenticationToken',
  forbidden: 'AuthorizationFailed',
  'resource-not-empty': 'CannotDeleteResource',
  'missing-api-version': 'MissingApiVersionParameter',
  'invalid-api-version': 'InvalidApiVersionParameter',
};

const CODES_BY_STATUS: ReadonlyMap<number, string> = new Map([
  [400, 'InvalidRequestContent'],
  [404, 'ResourceNotFound'],
  [405, 'MethodNotAllowed'],
  [408, 'RequestTimeout'],
  [409, 'Conflict'],
  [412, 'PreconditionFailed'],
  [413, 'RequestEntityTooLarge'],
  [415, 'UnsupportedMediaType'],
  [429, 'TooManyRequests'],
  [503, 'ServiceUnavailable'],
]);

/**
 * `{ error: { code, message, target? } }`: an error of the management plane (`ErrorResponse` of the common types
 * of Azure Resource Manager, v5). `target` is where in the body the fault is.
 */
export function managementBody(error: ApiError, status: number): Readonly<Record<string, unknown>> {
  const code = CODES[error.kind] ?? CODES_BY_STATUS.get(status) ?? 'InternalServerError';
  return { error: { code, message: error.message, ...(error.param !== null && { target: error.param }) } };
}
