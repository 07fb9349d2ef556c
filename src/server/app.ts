import cors from '@fastify/cors';
import {
  type FastifyBaseLogger,
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
  fastify,
  LogController,
} from 'fastify';
import type { Codecs } from '../audio/codecs/codec-pool.ts';
import { ApiError } from '../util/errors.ts';
import { newId } from '../util/ids.ts';
import type { JobPool } from '../util/jobs/job-pool.ts';
import { collapseSlashes, parseAddress } from '../wire/address/address.ts';
import { renderError, toApiError } from '../wire/errors.ts';
import type { Authenticator } from './auth/authenticator.ts';
import type { ChatCompletions } from './chat/chat-completions.ts';
import { ClientErrors } from './client-errors.ts';
import { ConcurrencyLimit } from './concurrency.ts';
import type { Deployments } from './deployment.ts';
import { guard } from './guard.ts';
import { inStep } from './in-step.ts';
import type { IntakeLimits } from './intake/intake-limits.ts';
import { readJsonBody } from './intake/read-json-body.ts';
import { lingerOnRefusal } from './lingering-refusal.ts';
import { type ManagementOptions, managementRoutes } from './management/management-routes.ts';
import { pageRoutes } from './playground/page-routes.ts';
import type { SignIn } from './playground/sign-in.ts';
import { signInLinksRoute, signInRoute } from './playground/sign-in-routes.ts';
import { type ModelRoutesOptions, modelRoutes } from './pulls/model-routes.ts';
import { clientSecretsRoutes } from './realtime/client-secrets-routes.ts';
import type { RealtimeServer } from './realtime/realtime-server.ts';
import { addressOf } from './request-context.ts';
import { audioSpeechRoute } from './routes/audio-speech.ts';
import { audioTranscriptionsRoute } from './routes/audio-transcriptions.ts';
import { audioTranslationsRoute } from './routes/audio-translations.ts';
import { uploadScope } from './routes/audio-uploads.ts';
import { chatCompletionsRoute } from './routes/chat-completions.ts';
import { deploymentsRoute } from './routes/deployments.ts';
import { type HealthReport, healthRoute } from './routes/health.ts';
import { modelsRoute } from './routes/models.ts';
import { storedCompletionsRoute } from './routes/stored-completions.ts';
import type { CompletionStore } from './store/completion-store.ts';
import { VERSION } from './version.ts';

export interface AppServices {
  readonly authenticator: Authenticator;
  readonly deployments: Deployments;
  /** `undefined` where the deployments can not be changed. */
  readonly management?: ManagementOptions | undefined;
  /** `undefined` where models can not be pulled. */
  readonly models?: ModelRoutesOptions | undefined;
  readonly chat: ChatCompletions;
  readonly completions: CompletionStore;
  readonly realtime: RealtimeServer;
  /** `undefined` where no link signs the playground in, which then asks for a key. */
  readonly signIn?: SignIn | undefined;
  readonly codecs: Codecs;
  readonly bodyPool: JobPool;
  readonly limits: IntakeLimits & {
    readonly concurrentPerKey: number;
    readonly messages: number;
    readonly audioSeconds: number;
  };
  readonly allowedOrigins: readonly string[];
  readonly trustProxy: boolean | readonly string[];
  readonly health: () => HealthReport;
  readonly logger: FastifyBaseLogger;
}

/** Every route of the server, not listening yet. */
export async function createApp(services: AppServices): Promise<FastifyInstance> {
  const { limits } = services;
  const clientErrors = new ClientErrors();
  const app = fastify({
    loggerInstance: services.logger,
    // Requests are told in our own line, below, which leaves out what a query may hold.
    logController: new LogController({ disableRequestLogging: true }),
    rewriteUrl: (request) => collapseSlashes(request.url ?? '/'),
    genReqId: () => newId('req_', 24),
    trustProxy: typeof services.trustProxy === 'boolean' ? services.trustProxy : [...services.trustProxy],
    // A second bound below the body reader's own, which knows how to word its refusal.
    bodyLimit: limits.bodyBytes + 1,
    requestTimeout: limits.requestSeconds * 1000,
    http: {
      headersTimeout: limits.requestSeconds * 1000,
      // How late the two timeouts above may be; Node looks each 30 seconds otherwise.
      connectionsCheckingInterval: 1000,
      maxHeaderSize: 32 * 1024,
      // Some clients offer HTTP/2 with every request, as RFC 7540 3.2 has it; they are answered in HTTP/1.1.
      shouldUpgradeCallback: ({ headers }) => headers.upgrade?.toLowerCase() === 'websocket',
    },
    routerOptions: { maxParamLength: 256 },
    forceCloseConnections: 'idle',
    clientErrorHandler: (error, socket) => clientErrors.answer(error, socket),
    frameworkErrors: refuseUnrouted,
  });
  app.addHook('onRequest', (_request, reply, done) => {
    clientErrors.note(reply.raw);
    done();
  });
  addRequestContext(app);
  addErrorAnswers(app);
  lingerOnRefusal(app);
  inStep(app);
  readBodies(app, services);
  await allowOrigins(app, services.allowedOrigins);
  app.server.on('upgrade', (request, socket, head) => services.realtime.upgrade(request, socket, head));
  await pageRoutes(app, { version: VERSION });
  if (services.signIn) await signInRoute(app, services.signIn);
  healthRoute(app, services.health);
  await app.register(async (guarded) => await guardedRoutes(guarded, services));
  return app;
}

/** What only known callers may ask for. */
async function guardedRoutes(guarded: FastifyInstance, services: AppServices): Promise<void> {
  guard(guarded, {
    authenticator: services.authenticator,
    concurrency: new ConcurrencyLimit(services.limits.concurrentPerKey),
  });
  chatCompletionsRoute(guarded, services);
  storedCompletionsRoute(guarded, services.completions);
  clientSecretsRoutes(guarded, services);
  signInLinksRoute(guarded, services.signIn);
  modelsRoute(guarded, services);
  deploymentsRoute(guarded, services);
  if (services.management) await managementRoutes(guarded, services.management);
  if (services.models) modelRoutes(guarded, services.models);
  await audioSpeechRoute(guarded, services);
  await uploadScope(guarded, (scope, read) => {
    audioTranscriptionsRoute(scope, read, services);
    audioTranslationsRoute(scope, read, services);
  });
}

const EXPOSED_HEADERS = [
  'x-request-id',
  'x-samtal-notice',
  'apim-request-id',
  'retry-after',
  'x-ratelimit-remaining-requests',
  'etag',
];
const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'];

async function allowOrigins(app: FastifyInstance, origins: readonly string[]): Promise<void> {
  if (origins.length === 0) return;
  await app.register(cors, {
    origin: toOrigins(origins),
    exposedHeaders: EXPOSED_HEADERS,
    methods: METHODS,
  });
}

function toOrigins(origins: readonly string[]): string[] | string {
  return origins.includes('*') ? '*' : [...origins];
}

/** Anybody may ask for any path, and is not to fill the log with it. */
const LONGEST_LOGGED = 100;

/** These hooks run for every request and wait for nothing, so they call back instead of making promises. */
function addRequestContext(app: FastifyInstance): void {
  // Set for each request below; fastify wants the shape announced.
  app.decorateRequest('address');
  app.decorateRequest('principal');
  app.decorateRequest('gone');
  app.addHook('onRequest', (request, reply, done) => {
    request.address = parseAddress(request.url, request.headers);
    request.gone = new AbortController();
    reply.raw.once('close', () => {
      if (!reply.raw.writableFinished)
        request.gone.abort(new DOMException('The client has gone.', 'AbortError'));
    });
    reply.header('x-request-id', request.id);
    if (request.address.family === 'azure') reply.header('apim-request-id', request.id);
    const clientId = request.headers['x-ms-client-request-id'];
    if (typeof clientId === 'string' && /^[\w-]{1,128}$/.test(clientId)) {
      reply.header('x-ms-client-request-id', clientId);
    }
    done();
  });
  app.addHook('onResponse', (request, reply, done) => {
    // Paths only: a query may hold a key, a body speech.
    const { form, operation } = addressOf(request);
    request.log.info(
      {
        method: request.method,
        form,
        operation: operation.slice(0, LONGEST_LOGGED),
        status: reply.statusCode,
        ms: Math.round(reply.elapsedTime),
        caller: request.principal?.id,
      },
      'request',
    );
    done();
  });
  app.addHook('onSend', (request, reply, _payload, done) => {
    if (addressOf(request).family === 'openai') {
      reply.header('openai-processing-ms', String(Math.round(reply.elapsedTime)));
    }
    done();
  });
}

function readBodies(app: FastifyInstance, { limits, bodyPool: pool }: AppServices): void {
  app.removeAllContentTypeParsers();
  // A merge patch is JSON like any other (RFC 7396 section 4).
  const types = ['application/json', 'application/merge-patch+json'];
  app.addContentTypeParser(types, (request: FastifyRequest) =>
    readJsonBody(request.raw, { limits, pool, signal: request.gone.signal }),
  );
}

function addErrorAnswers(app: FastifyInstance): void {
  app.setErrorHandler(async (thrown, request, reply) => {
    if (request.gone?.signal.aborted) {
      request.log.info('client left before its answer');
      return await reply.code(499).send();
    }
    const error = toApiError(fromFastify(thrown));
    const { status, headers, body } = renderError(error, addressOf(request));
    if (status >= 500) request.log.error({ err: error, cause: error.cause }, 'request failed');
    else request.log.info({ kind: error.kind, param: error.param }, 'request refused');
    // What is left of a body that was refused would be taken for the next request.
    if (!request.raw.complete) reply.header('connection', 'close');
    return await reply
      .code(status)
      .headers({ ...headers })
      .send(body);
  });
  app.setNotFoundHandler(async (request) => {
    throw new ApiError('resource-not-found', `Invalid URL (${request.method} ${shown(request.url)})`);
  });
}

/** Answers a path that never comes to a route, and so to no hook either. */
function refuseUnrouted(thrown: Error, request: FastifyRequest, reply: FastifyReply): void {
  const { status, headers, body } = renderError(toApiError(fromFastify(thrown)), addressOf(request));
  request.log.info({ status }, 'request refused');
  reply.header('x-request-id', request.id);
  void reply
    .code(status)
    .headers({ ...headers })
    .send(body);
}

/** Fastify's own refusals, told in the API's words. */
function fromFastify(thrown: unknown): unknown {
  if (!(thrown instanceof Error) || !('code' in thrown)) return thrown;
  switch (thrown.code) {
    case 'FST_ERR_CTP_INVALID_MEDIA_TYPE':
      return new ApiError('unsupported-media-type', 'Send the request with content-type: application/json.', {
        cause: thrown,
      });
    case 'FST_ERR_CTP_BODY_TOO_LARGE':
      return new ApiError('body-too-large', 'The request body is too large.', { cause: thrown });
    case 'FST_ERR_MAX_PARAM_LENGTH':
      return new ApiError('resource-not-found', 'A name in the path is too long to be one of this server.', {
        cause: thrown,
      });
    case 'FST_ERR_CTP_INVALID_CONTENT_LENGTH':
    case 'FST_ERR_BAD_URL':
      return new ApiError('invalid-value', 'The request is malformed.', { cause: thrown });
    default:
      return thrown;
  }
}

function shown(url: string): string {
  const path = url.split('?')[0] ?? '';
  return path.length > 100 ? `${path.slice(0, 97)}...` : path;
}
