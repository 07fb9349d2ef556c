import { ApiError } from '../../util/errors.ts';
import type { AuthRefusal } from './authenticator.ts';

/** What a refusal means to the client; `secret` is the one it presented. */
export function toAuthError(refusal: AuthRefusal, secret: string): ApiError {
  switch (refusal.failure) {
    case 'missing-key':
      return new ApiError(
        'missing-key',
        "You didn't provide an API key. You need to provide your API key in an Authorization header using Bearer auth (i.e. Authorization: Bearer YOUR_KEY), or in an api-key header. `samtal key` prints it.",
      );
    case 'wrong-key':
      return new ApiError(
        'wrong-key',
        `Incorrect API key provided: ${masked(secret)}. \`samtal key\` prints yours.`,
      );
    case 'wrong-token':
      return new ApiError(
        'wrong-token',
        'The access token is missing, invalid, for another audience, or expired.',
      );
    case 'forbidden':
      return new ApiError(
        'forbidden',
        'The principal has no role on this server. Its operator can grant one.',
      );
    case 'too-many-requests':
      return tooManyAttempts(refusal.retryAfterSeconds ?? 1);
  }
}

/** The answer to an address that has to wait before it tries another credential. */
export function tooManyAttempts(retryAfterSeconds: number): ApiError {
  const message = `Too many wrong credentials came from this address. Please wait ${retryAfterSeconds} s.`;
  return new ApiError('too-many-requests', message, { retryAfterSeconds });
}

/** As the services show a key: enough to tell which one it was, too little to use it. */
function masked(secret: string): string {
  return secret.length < 12 ? '***' : `${secret.slice(0, 3)}***${secret.slice(-3)}`;
}
