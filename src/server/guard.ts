import type { FastifyInstance, FastifyRequest } from 'fastify';
import { ApiError } from '../util/errors.ts';
import { hasServedVersion } from '../wire/address/address.ts';
import type { Authenticator, AuthRefusal } from './auth/authenticator.ts';
import { readCredentials } from './auth/credentials.ts';
import { isPermitted, type Principal } from './auth/principal.ts';
import type { ConcurrencyLimit } from './concurrency.ts';

export interface GuardOptions {
  readonly authenticator: Authenticator;
  readonly concurrency: ConcurrencyLimit;
}

/** Lets only known callers with a role to the routes of `app`, before a byte of the body is read. */
export function guard(app: FastifyInstance, { authenticator, concurrency }: GuardOptions): void {
  app.addHook('onRequest', async (request, reply) => {
    const principal = await authenticate(request, authenticator);
    request.principal = principal;
    if (!hasServedVersion(request.address)) throw new ApiError('resource-not-found', 'Resource not found');
    const leave = concurrency.enter(principal.id);
    reply.raw.once('close', leave);
    reply.header('x-ratelimit-remaining-requests', String(concurrency.remaining(principal.id)));
  });
}

async function authenticate(request: FastifyRequest, authenticator: Authenticator): Promise<Principal> {
  const credentials = readCredentials({ rawHeaders: request.raw.rawHeaders, address: request.ip });
  const outcome = await authenticator.authenticate(credentials);
  if (!outcome.ok) {
    request.log.warn({ failure: outcome.failure, detail: outcome.detail }, 'caller refused');
    throw toApiError(outcome, credentials.presented[0]?.secret ?? '');
  }
  if (!isPermitted(outcome.principal, 'call')) throw forbidden(request, outcome.principal);
  return outcome.principal;
}

function toApiError(refusal: AuthRefusal, secret: string): ApiError {
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
      return new ApiError(
        'too-many-requests',
        'Too many wrong credentials came from this address. Please wait.',
        {
          retryAfterSeconds: refusal.retryAfterSeconds ?? 1,
        },
      );
  }
}

/** As the services show a key: enough to tell which one it was, too little to use it. */
function masked(secret: string): string {
  return secret.length < 12 ? '***' : `${secret.slice(0, 3)}***${secret.slice(-3)}`;
}

function forbidden(request: FastifyRequest, principal: Principal): ApiError {
  return new ApiError(
    'forbidden',
    `The principal \`${principal.id}\` lacks the required data action \`Microsoft.CognitiveServices/accounts/OpenAI/deployments${request.address.operation}/action\` to perform \`${request.method} ${request.routeOptions.url ?? ''}\` operation.`,
  );
}
