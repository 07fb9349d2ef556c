import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { LocalIdentity } from './local-identity.ts';
import { isLoopbackAddress, isLoopbackHost } from './loopback.ts';

export interface LocalIdentityRouteOptions {
  /** True only when every address that the server listens on is loopback. */
  readonly enabled: boolean;
  readonly identity: LocalIdentity;
}

const TOKEN_PATH = '/msi/token';
const KEYS_PATH = '/msi/keys';
const METADATA_PATH = '/msi/.well-known/openid-configuration';
const API_VERSION = '2019-08-01';

/** What only a proxy adds. Behind one, a loopback peer may be anybody. */
const PROXY_HEADERS = /^(x-forwarded(-.*)?|forwarded|via|x-real-ip|x-original-.*)$/;
/** What only a browser adds; other users of `fetch` also send `Sec-Fetch-Mode`. */
const BROWSER_HEADERS = /^(origin|sec-fetch-site)$/;

const tokenQuerySchema = z.looseObject({ resource: z.string(), 'api-version': z.string() });

/** `iss` of the local identity's tokens, for the server at `origin` such as `http://127.0.0.1:8080`. */
export function localIssuer(origin: string): string {
  return `${origin}/msi`;
}

/**
 * The App Service token endpoint (`IDENTITY_ENDPOINT` ends in `/msi/token`), and the OpenID metadata and keys
 * of its issuer. Registers nothing unless `enabled`. The metadata service of virtual machines (IMDS) is left
 * out on purpose: it asks for no secret, so every user of the machine would get tokens.
 */
export async function localIdentityRoute(
  app: FastifyInstance,
  { enabled, identity }: LocalIdentityRouteOptions,
): Promise<void> {
  if (!enabled) return;
  app.get(TOKEN_PATH, async (request, reply) => await answerToken({ request, reply, identity }));
  app.get(KEYS_PATH, async (request, reply) => {
    const refusal = refusalOf(request);
    return refusal ? await refuse(reply, 403, refusal) : identity.publicKeys;
  });
  app.get(METADATA_PATH, async (request, reply) => {
    const refusal = refusalOf(request);
    return refusal ? await refuse(reply, 403, refusal) : metadataOf(identity);
  });
}

interface TokenExchange {
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
  readonly identity: LocalIdentity;
}

/** Parameters that choose among several identities (`client_id`, `mi_res_id`, …) are ignored: there is one. */
async function answerToken({ request, reply, identity }: TokenExchange): Promise<unknown> {
  const refusal = refusalOf(request);
  if (refusal) return await refuse(reply, 403, refusal);
  const header = request.headers['x-identity-header'];
  if (typeof header !== 'string' || !identity.isHeader(header)) {
    return await refuse(
      reply,
      401,
      'X-IDENTITY-HEADER is missing or wrong. `samtal env` prints the right IDENTITY_HEADER.',
    );
  }
  const query = tokenQuerySchema.safeParse(request.query);
  if (!query.success) return await refuse(reply, 400, 'Give `resource` and `api-version`, each once.');
  if (query.data['api-version'] !== API_VERSION) {
    return await refuse(reply, 400, `The api-version of this endpoint is ${API_VERSION}.`);
  }
  const token = await identity.issue(query.data.resource);
  if (!token) {
    return await refuse(
      reply,
      400,
      'This server issues tokens for https://cognitiveservices.azure.com alone.',
    );
  }
  return await reply.header('cache-control', 'no-store').send(token);
}

/** Why this request may not come from a program of this machine, or undefined. */
function refusalOf({ socket, headers }: FastifyRequest): string | undefined {
  // The socket's own address: what a proxy claims in headers proves nothing.
  if (!isLoopbackAddress(socket.remoteAddress)) return 'Only programs on this machine get tokens.';
  if (!isLoopbackHost(headers.host)) return 'The Host header must be a loopback address.';
  const names = Object.keys(headers);
  if (names.some((name) => PROXY_HEADERS.test(name))) return 'Requests through a proxy get no tokens.';
  if (names.some((name) => BROWSER_HEADERS.test(name))) return 'Web pages get no tokens.';
  return undefined;
}

/** In the form of App Service, whose `message` the clients show. */
async function refuse(reply: FastifyReply, statusCode: number, message: string): Promise<FastifyReply> {
  return await reply.code(statusCode).header('cache-control', 'no-store').send({ statusCode, message });
}

/** The members that OpenID Connect Discovery 1.0 section 3 requires of a verifier's view. */
function metadataOf({ issuer }: LocalIdentity): Readonly<Record<string, unknown>> {
  return {
    issuer: issuer(),
    jwks_uri: `${issuer()}/keys`,
    token_endpoint: `${issuer()}/token`,
    response_types_supported: ['token'],
    subject_types_supported: ['public'],
    id_token_signing_alg_values_supported: ['ES256'],
  };
}
