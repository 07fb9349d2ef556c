import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { ApiError } from '../util/errors.ts';
import { hasServedVersion } from '../wire/address/address.ts';
import { toAuthError } from './auth/auth-error.ts';
import type { Authenticator, AuthRefusal } from './auth/authenticator.ts';
import { type Credentials, readCredentials } from './auth/credentials.ts';
import { isPermitted, type Principal } from './auth/principal.ts';
import type { ConcurrencyLimit } from './concurrency.ts';

export interface GuardOptions {
  readonly authenticator: Authenticator;
  readonly concurrency: ConcurrencyLimit;
}

/** Lets only known callers with a role to the routes of `app`, before a byte of the body is read. */
export function guard(app: FastifyInstance, { authenticator, concurrency }: GuardOptions): void {
  app.addHook('onRequest', async (request, reply) => {
    const credentials = readCredentials({ rawHeaders: request.raw.rawHeaders, address: request.ip });
    const decision = authenticator.authenticate(credentials);
    const outcome = decision instanceof Promise ? await decision : decision;
    if (!outcome.ok) throw refusal(request, outcome, credentials);
    enter(request, reply, outcome.principal, concurrency);
  });
}

/**
 * @throws {ApiError} when the caller may not call, asks for a version that is not served, or has no place left; and
 * the reason of `request.gone` when nobody is there any more, who would never leave the place.
 */
function enter(
  request: FastifyRequest,
  reply: FastifyReply,
  principal: Principal,
  concurrency: ConcurrencyLimit,
): void {
  request.gone.signal.throwIfAborted();
  if (!isPermitted(principal, 'call')) throw forbidden(request, principal);
  request.principal = principal;
  if (!hasServedVersion(request.address)) throw new ApiError('resource-not-found', 'Resource not found');
  const leave = concurrency.enter(principal.id);
  reply.raw.once('close', leave);
  reply.header('x-ratelimit-remaining-requests', String(concurrency.remaining(principal.id)));
}

function refusal(request: FastifyRequest, outcome: AuthRefusal, { presented }: Credentials): ApiError {
  request.log.warn({ failure: outcome.failure, detail: outcome.detail }, 'caller refused');
  return toAuthError(outcome, presented[0]?.secret ?? '');
}

function forbidden(request: FastifyRequest, principal: Principal): ApiError {
  return new ApiError(
    'forbidden',
    `The principal \`${principal.id}\` lacks the required data action \`Microsoft.CognitiveServices/accounts/OpenAI/deployments${request.address.operation}/action\` to perform \`${request.method} ${request.routeOptions.url ?? ''}\` operation.`,
  );
}
