import { join } from 'node:path';
import type { FastifyBaseLogger, FastifyInstance } from 'fastify';
import { createCodecs } from '../audio/codecs/codec-pool.ts';
import { systemClock } from '../util/clock.ts';
import { inTurn } from '../util/in-turn.ts';
import { openAccess } from './access.ts';
import { createApp } from './app.ts';
import { localIdentityRoute } from './auth/local-identity-route.ts';
import { isLoopbackHost } from './auth/loopback.ts';
import { ChatCompletions } from './chat/chat-completions.ts';
import { ConversationReader } from './chat/conversation-reader.ts';
import type { Config } from './config/index.ts';
import { describeDefaults, describeEngines, type EngineRole } from './describe-engines.ts';
import { type Engines, openEngines } from './engines/engines.ts';
import { watchFolders } from './engines/watch-folders.ts';
import { claimHome, type HomeClaim } from './home/claim.ts';
import type { Home } from './home/paths.ts';
import { jsonBodyPool } from './intake/read-json-body.ts';
import { listen } from './listen.ts';
import { Account } from './management/account.ts';
import { DeploymentRegistry } from './management/deployment-registry.ts';
import { MODELS } from './models/catalog.ts';
import { isPageBuilt } from './playground/built-page.ts';
import type { SignInLink } from './playground/sign-in.ts';
import type { ModelRoutesOptions } from './pulls/model-routes.ts';
import { PullQueue } from './pulls/pull-queue.ts';
import { roleUses } from './pulls/role-uses.ts';
import { RealtimeServer } from './realtime/realtime-server.ts';
import { type HealthReport, toHealthReport } from './routes/health.ts';
import { openStore, type Store } from './store/open-store.ts';
import { VERSION } from './version.ts';

export interface StartOptions {
  readonly config: Config;
  /** The file that `config` was read from. */
  readonly configFile?: string | undefined;
  readonly home: Home;
  readonly host: string;
  /** 0 for any. */
  readonly port: number;
  readonly logger: FastifyBaseLogger;
}

export interface StartedServer {
  /** Such as `http://127.0.0.1:8080`. */
  readonly url: string;
  /** Which engines answer where a deployment names no others. */
  readonly engines: readonly EngineRole[];
  /** What an operator should know, with its remedy, such as that nothing can hear. */
  readonly notices: readonly string[];
  /** Makes a link that signs the playground in; `undefined` where it asks for a key, or has not been built. */
  readonly signInLink: (() => SignInLink) | undefined;
  /** Refuses what is new, lets what is running finish within `deadlineMs`, and stops every engine. */
  close(deadlineMs?: number): Promise<void>;
}

const CLOSE_DEADLINE_MS = 10_000;
/** Of the time to close in, what sessions may go on speaking for; the rest is for saying goodbye. */
const SPEAKING_SHARE = 0.7;

/**
 * Starts the whole server and resolves when it answers.
 * @throws {HomeInUseError}, `EADDRINUSE` and the like, or what an engine of the configuration needs.
 */
export async function startServer(options: StartOptions): Promise<StartedServer> {
  const { config, home } = options;
  await using resources = new AsyncDisposableStack();
  const claim = await claimHome(home, { version: VERSION });
  resources.defer(async () => await claim.release());
  const engines = resources.use(await openEngines(config, home));
  const store = resources.use(await openReplies(options));
  const registry = await openRegistry(options, { engines, store });
  const deployments = registry.served;
  const lookAgain = useWhatIsThere(options, { engines, registry });
  resources.use(await watchPulls(options, lookAgain));
  const access = await openAccess(options);
  const { authenticator, signIn } = access;
  const realtime = openRealtime(options, { authenticator, deployments });
  const models = resources.use(openModels(options, engines, lookAgain));
  const app = await compose(options, resources, {
    store,
    models,
    deployments,
    management: {
      registry,
      engines,
      account: new Account({ registry, store: store.deployments, clock: systemClock }),
    },
    authenticator,
    realtime,
    signIn,
    health: () => report(claim, registry, engines),
  });
  if (access.identity) await app.register(localIdentityRoute, { enabled: true, identity: access.identity });
  await engines.warm();
  const listener = await listen(app, options);
  access.settle(listener.url);
  await claim.announce(listener);
  const held = resources.move();
  return {
    url: listener.url,
    engines: describeEngines(engines),
    notices: engines.notices,
    signInLink: signIn && isPageBuilt() ? () => signIn.link() : undefined,
    close: async (deadlineMs = CLOSE_DEADLINE_MS) => {
      await Promise.all([
        realtime.close(deadlineMs * SPEAKING_SHARE),
        listener.close(deadlineMs),
        models[Symbol.asyncDispose](),
      ]);
      await held.disposeAsync();
    },
  };
}

async function openReplies({ config, home, logger }: StartOptions): Promise<Store> {
  return await openStore({
    directory: join(home.directory, 'store'),
    maxBytes: config.storage.maxBytes,
    keepCompletionsSeconds: config.storage.completionDays * 24 * 3600,
    onNotice: (message) => logger.warn(message),
  });
}

async function openRegistry(
  { config, configFile = 'the configuration file' }: StartOptions,
  { engines, store }: { readonly engines: Engines; readonly store: Store },
): Promise<DeploymentRegistry> {
  const registry = new DeploymentRegistry({
    config,
    configFile,
    engines,
    store: store.deployments,
    clock: systemClock,
  });
  await registry.open();
  return registry;
}

/** Models that arrive or go while the server runs change what answers, without a restart. */
async function watchPulls(
  { home, logger }: StartOptions,
  onChange: () => Promise<void>,
): Promise<AsyncDisposable> {
  return await watchFolders([home.modelsDirectory, home.enginesDirectory], {
    clock: systemClock,
    onChange,
    onError: (error) => logger.error(error, 'What has been pulled can not be used'),
  });
}

/** Is asked for by a pull that has ended, and by the folders that it has changed. */
function useWhatIsThere(
  { logger }: StartOptions,
  { engines, registry }: { readonly engines: Engines; readonly registry: DeploymentRegistry },
): () => Promise<void> {
  return inTurn(async () => {
    if (!(await engines.refresh())) return;
    await registry.recompose();
    const now = describeEngines(engines).map(({ role, engine }) => `${role}: ${engine}`);
    logger.info(`What has been pulled has changed. ${now.join('; ')}`);
  });
}

/** Who listens to a pull is told its end when this is disposed of, and goes. */
function openModels(
  { home, logger }: StartOptions,
  engines: Engines,
  onChanged: () => Promise<void>,
): ModelRoutesOptions & AsyncDisposable {
  const queue = new PullQueue({
    home,
    clock: systemClock,
    onChanged,
    onError: (error) => logger.error({ err: error }, 'pull failed'),
  });
  return {
    home,
    catalog: MODELS,
    queue,
    uses: () => roleUses(engines),
    onChanged,
    [Symbol.asyncDispose]: async () => await queue[Symbol.asyncDispose](),
  };
}

function openRealtime(
  { config, host, logger }: StartOptions,
  parts: Pick<Parts, 'authenticator' | 'deployments'>,
): RealtimeServer {
  const { limits, allowedOrigins, trustProxy } = config.server;
  return new RealtimeServer({
    ...parts,
    limits,
    origins: { allowed: allowedOrigins, isLocal: isLoopbackHost(host) },
    trustProxy,
    clock: systemClock,
    logger,
  });
}

type Parts = Pick<
  Parameters<typeof createApp>[0],
  'authenticator' | 'deployments' | 'management' | 'models' | 'realtime' | 'signIn' | 'health'
> & {
  readonly store: Store;
};

async function compose(
  { config, logger }: StartOptions,
  resources: AsyncDisposableStack,
  { store, ...parts }: Parts,
): Promise<FastifyInstance> {
  const { limits, allowedOrigins, trustProxy } = config.server;
  const codecs = resources.use(createCodecs({ workers: 1, waiting: 64 }));
  const { replies, completions } = store;
  return await createApp({
    ...parts,
    completions,
    codecs,
    bodyPool: resources.use(jsonBodyPool()),
    chat: new ChatCompletions({
      reader: new ConversationReader({ codecs, replies, audioSeconds: limits.audioSeconds }),
      codecs,
      replies,
      completions,
      clock: systemClock,
      audioLifetimeSeconds: config.storage.audioSeconds,
      promptFilterChunk: config.compatibility.promptFilterResults,
      requireAudio: config.compatibility.requireAudio,
    }),
    limits,
    allowedOrigins,
    trustProxy,
    logger,
  });
}

function report(claim: HomeClaim, registry: DeploymentRegistry, engines: Engines): HealthReport {
  return toHealthReport({
    instance: claim.instance,
    version: VERSION,
    registry,
    defaults: describeDefaults(engines),
    voiceActivity: engines.voiceActivity.name,
    notices: engines.notices,
  });
}
