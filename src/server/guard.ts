import type { FastifyInstance, FastifyRequest } from 'fastify';
import { ApiError } from '../util/errors.ts';
import { hasServedVersion } from '../wire/address/address.ts';
import { toAuthError } from './auth/auth-error.ts';
import type { Authenticator } from './auth/authenticator.ts';
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
    throw toAuthError(outcome, credentials.presented[0]?.secret ?? '');
  }
  if (!isPermitted(outcome.principal, 'call')) throw forbidden(request, outcome.principal);
  return outcome.principal;
}

function forbidden(request: FastifyRequest, principal: Principal): ApiError {
  return new ApiError(
    'forbidden',
    `The principal \`${principal.id}\` lacks the required data action \`Microsoft.CognitiveServices/accounts/OpenAI/deployments${request.address.operation}/action\` to perform \`${request.method} ${request.routeOptions.url ?? ''}\` operation.`,
  );
}
