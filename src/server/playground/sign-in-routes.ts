import type { FastifyInstance, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { ApiError } from '../../util/errors.ts';
import { decodeWith } from '../../wire/validation.ts';
import { isLoopbackAddress, isLoopbackHost } from '../auth/loopback.ts';
import { callerOf } from '../request-context.ts';
import type { SignIn } from './sign-in.ts';

const MAX_BODY_BYTES = 1024;
const NO_LINKS =
  'There are no links to sign in with, as other machines may reach this server or it has no local identity. Open its address in a browser and give a key; `samtal key` prints one.';

const bodySchema = z.strictObject({ secret: z.string().min(1).max(200) });

/** `POST /samtal/v1/sign-in`: gives the page a token for the secret of its link. Asks for no credentials. */
export async function signInRoute(app: FastifyInstance, signIn: SignIn): Promise<void> {
  await app.register(async (scope) => {
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser(
      'application/json',
      { parseAs: 'string', bodyLimit: MAX_BODY_BYTES },
      async (_request: FastifyRequest, body: string) => parseJson(body),
    );
    scope.post(
      '/samtal/v1/sign-in',
      { onRequest: async (request) => refuseForeign(request) },
      async (request, reply) => {
        const body = decodeWith(bodySchema, request.body ?? {});
        if (!body.ok) throw body.error;
        const { token, expiresAtMs } = await signIn.redeem(body.value.secret, request.ip);
        reply.header('cache-control', 'no-store');
        return { token, expires_at: toSeconds(expiresAtMs) };
      },
    );
  });
}

/** `POST /samtal/v1/sign-in-links`: a new link, for whoever has a key with the role `contributor`. */
export function signInLinksRoute(guarded: FastifyInstance, signIn: SignIn | undefined): void {
  guarded.post('/samtal/v1/sign-in-links', async (request, reply) => {
    if (!signIn) throw new ApiError('operation-not-supported', NO_LINKS);
    const { id, roles } = callerOf(request);
    // A page that is signed in is not to prolong itself, nor may others become the owner of this machine.
    if (!id.startsWith('key:') || !roles.includes('contributor')) {
      throw new ApiError(
        'forbidden',
        'Only an API key with the role contributor gets links to sign in with.',
      );
    }
    const { url, expiresAtMs } = signIn.link();
    reply.header('cache-control', 'no-store');
    return { url, expires_at: toSeconds(expiresAtMs) };
  });
}

/**
 * @throws {ApiError} unless the request comes from this machine, to a name of this machine, and from no other
 * page: a host name of an attacker that leads here (DNS rebinding) makes any page look like the server's own.
 */
function refuseForeign({ socket, headers }: FastifyRequest): void {
  const { host, origin } = headers;
  const isLocal = isLoopbackAddress(socket.remoteAddress) && isLoopbackHost(host);
  const isOwnPage = origin === undefined || URL.parse(origin)?.host === host?.toLowerCase();
  if (isLocal && isOwnPage) return;
  throw new ApiError(
    'forbidden',
    'Links sign in at the loopback address of the server alone. Use a key here.',
  );
}

function parseJson(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch (cause) {
    throw new ApiError('invalid-json', 'The body is not JSON.', { cause });
  }
}

function toSeconds(ms: number): number {
  return Math.floor(ms / 1000);
}
