import { readFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import type { FastifyBaseLogger, FastifyInstance } from 'fastify';
import { createCodecs } from '../audio/codecs/codec-pool.ts';
import { systemClock } from '../util/clock.ts';
import { createApp } from './app.ts';
import { openDefaultKey, openNamedKeys } from './auth/api-keys.ts';
import { type Authenticator, createAuthenticator } from './auth/authenticator.ts';
import { createEntraVerifier } from './auth/entra.ts';
import { FailedAttempts } from './auth/failed-attempts.ts';
import { type LocalIdentity, openLocalIdentity } from './auth/local-identity.ts';
import { localIdentityRoute, localIssuer } from './auth/local-identity-route.ts';
import { isLoopbackHost } from './auth/loopback.ts';
import { ChatCompletions } from './chat/chat-completions.ts';
import { ConversationReader } from './chat/conversation-reader.ts';
import { composeDeployments } from './compose.ts';
import type { Config } from './config/index.ts';
import type { Deployments } from './deployment.ts';
import { type Engines, openEngines } from './engines.ts';
import { claimHome, type HomeClaim } from './home/claim.ts';
import type { Home } from './home/paths.ts';
import { healthAnswer } from './home/running.ts';
import { jsonBodyPool } from './intake/read-json-body.ts';
import { ensureDevelopmentCertificate } from './listener/development-certificate.ts';
import { type PlainAndTls, servePlainAndTls } from './listener/plain-and-tls.ts';
import type { HealthReport } from './routes/health.ts';
import { openStore } from './store/open-store.ts';
import { VERSION } from './version.ts';

export interface StartOptions {
  readonly config: Config;
  readonly home: Home;
  readonly host: string;
  /** 0 for any. */
  readonly port: number;
  readonly logger: FastifyBaseLogger;
}

export interface RunningServer {
  /** Such as `http://127.0.0.1:8080`. */
  readonly url: string;
  /** What an operator should read at start, a line each. */
  describe(): readonly string[];
  /** Refuses what is new, lets what is running finish within `deadlineMs`, and stops every engine. */
  close(deadlineMs?: number): Promise<void>;
}

/**
 * Starts the whole server and resolves when it answers.
 * @throws {HomeInUseError}, `EADDRINUSE` and the like, or what an engine of the configuration needs.
 */
export async function startServer(options: StartOptions): Promise<RunningServer> {
  const { config, home } = options;
  await using resources = new AsyncDisposableStack();
  const claim = await claimHome(home, { version: VERSION });
  resources.defer(async () => await claim.release());
  const engines = resources.use(await openEngines(config));
  const codecs = resources.use(createCodecs({ workers: 1, waiting: 64 }));
  const bodyPool = resources.use(jsonBodyPool());
  const store = resources.use(
    await openStore({
      directory: join(home.directory, 'store'),
      maxBytes: config.storage.maxBytes,
      keepCompletionsSeconds: config.storage.completionDays * 24 * 3600,
      onNotice: (message) => options.logger.warn(message),
    }),
  );
  const deployments = composeDeployments(config, engines, Math.floor(systemClock.now() / 1000));
  const access = await openAccess(options);
  const { limits } = config.server;
  const app = await createApp({
    authenticator: access.authenticator,
    deployments,
    chat: new ChatCompletions({
      reader: new ConversationReader({ codecs, replies: store.replies, audioSeconds: limits.audioSeconds }),
      codecs,
      replies: store.replies,
      clock: systemClock,
      audioLifetimeSeconds: config.storage.audioSeconds,
      promptFilterChunk: config.compatibility.promptFilterResults,
      requireAudio: config.compatibility.requireAudio,
    }),
    bodyPool,
    limits,
    allowedOrigins: config.server.allowedOrigins,
    trustProxy: config.server.trustProxy,
    health: () => report(claim, deployments, engines),
    logger: options.logger,
  });
  if (access.identity) await app.register(localIdentityRoute, { enabled: true, identity: access.identity });
  const listener = await listen(app, options);
  access.settle(listener.url);
  await claim.announce(listener);
  await engines.warm();
  const held = resources.move();
  return {
    url: listener.url,
    describe: () => describe(deployments, engines),
    close: async (deadlineMs = 10_000) => {
      await closeGracefully(app, listener.connections, deadlineMs);
      await held.disposeAsync();
    },
  };
}

interface Access {
  readonly authenticator: Authenticator;
  /** There on loopback alone, unless the configuration turns it off. */
  readonly identity: LocalIdentity | undefined;
  /** Tells where the server answers, which is the issuer of its tokens. */
  settle(origin: string): void;
}

async function openAccess({ config, home, host }: StartOptions): Promise<Access> {
  const clock = systemClock;
  let origin = '';
  const isLocal = isLoopbackHost(host) && (config.auth.localIdentity ?? true);
  const issuer = (): string => localIssuer(origin);
  const identity = isLocal ? await openLocalIdentity({ home: home.directory, issuer, clock }) : undefined;
  const entra = config.auth.entra ? createEntraVerifier(config.auth.entra, { clock }) : undefined;
  const keys = [await openDefaultKey(home.directory), ...(await openNamedKeys(config.auth.keys))];
  const verifiers = [identity, entra].filter((verifier) => verifier !== undefined);
  return {
    authenticator: createAuthenticator({ keys, verifiers, attempts: new FailedAttempts({ clock }), clock }),
    identity,
    settle: (url) => {
      origin = url;
    },
  };
}

interface Listener {
  readonly url: string;
  readonly port: number;
  readonly connections: PlainAndTls;
}

async function listen(
  app: FastifyInstance,
  { config, home, host, port, logger }: StartOptions,
): Promise<Listener> {
  const certificate = config.server.tls
    ? {
        cert: await readFile(config.server.tls.cert, 'utf8'),
        key: await readFile(config.server.tls.key, 'utf8'),
      }
    : await ensureDevelopmentCertificate(home, { hostName: hostname(), now: new Date(systemClock.now()) });
  const connections = servePlainAndTls(app.server, {
    ...certificate,
    onTlsError: (error) => logger.debug({ err: error }, 'TLS handshake failed'),
  });
  await app.listen({ host, port });
  const address = app.server.address();
  const opened = typeof address === 'object' && address ? address.port : port;
  return { url: `http://${urlHost(host)}:${opened}`, port: opened, connections };
}

/** An address to listen at is not always one to connect to. */
function urlHost(host: string): string {
  if (host === '0.0.0.0' || host === '::') return '127.0.0.1';
  return host.includes(':') ? `[${host}]` : host;
}

async function closeGracefully(
  app: FastifyInstance,
  connections: PlainAndTls,
  deadlineMs: number,
): Promise<void> {
  const closing = app.close();
  connections.closeUnadmitted();
  const cancel = systemClock.after(deadlineMs, () => connections.destroyAll());
  await closing;
  cancel();
}

function report(claim: HomeClaim, deployments: Deployments, engines: Engines): HealthReport {
  return {
    ...healthAnswer({ instance: claim.instance, version: VERSION }),
    deployments: Object.fromEntries(
      deployments.list().map((deployment) => [
        deployment.name,
        {
          hears: deployment.recognizer?.name ?? null,
          thinks: deployment.responder?.name ?? null,
          speaks: deployment.synthesizer?.name ?? null,
        },
      ]),
    ),
    notices: engines.notices,
  };
}

function describe(deployments: Deployments, engines: Engines): readonly string[] {
  const names = deployments.list().map((deployment) => deployment.name);
  return [`Deployments: ${names.join(', ')}.`, ...engines.notices];
}
