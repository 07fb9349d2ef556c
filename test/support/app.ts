import { createHash } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FastifyInstance } from 'fastify';
import { pino } from 'pino';
import { createCodecs } from '../../src/audio/codecs/codec-pool.ts';
import { cascade } from '../../src/conversation/cascade.ts';
import type { LanguageModel } from '../../src/engine/language-model.ts';
import type { NoiseReducer } from '../../src/engine/noise-reducer.ts';
import type { SpeechRecognizer } from '../../src/engine/speech-recognizer.ts';
import type { SpeechSynthesizer } from '../../src/engine/speech-synthesizer.ts';
import type { VoiceActivityDetector } from '../../src/engine/voice-activity-detector.ts';
import { createApp } from '../../src/server/app.ts';
import { type Authenticator, createAuthenticator } from '../../src/server/auth/authenticator.ts';
import { FailedAttempts } from '../../src/server/auth/failed-attempts.ts';
import type { Role } from '../../src/server/auth/principal.ts';
import { ChatCompletions } from '../../src/server/chat/chat-completions.ts';
import { ConversationReader } from '../../src/server/chat/conversation-reader.ts';
import { type Deployment, Deployments } from '../../src/server/deployment.ts';
import { jsonBodyPool } from '../../src/server/intake/read-json-body.ts';
import type { ModelRoutesOptions } from '../../src/server/pulls/model-routes.ts';
import { RealtimeServer } from '../../src/server/realtime/realtime-server.ts';
import { openStore } from '../../src/server/store/open-store.ts';
import { systemClock } from '../../src/util/clock.ts';
import { newId } from '../../src/util/ids.ts';

/** The engines of one deployment; what is left out it can not do. */
export interface TestEngines {
  readonly recognizer?: SpeechRecognizer;
  readonly languageModel?: LanguageModel;
  readonly synthesizer?: SpeechSynthesizer;
  readonly voiceActivity?: VoiceActivityDetector;
  readonly noiseReducer?: NoiseReducer;
}

export interface TestApp extends AsyncDisposable {
  readonly app: FastifyInstance;
  /** A key that may call. */
  readonly key: string;
  /** Listens on a free port of the loopback, for what only a socket can show; once. */
  listen(): Promise<string>;
}

export const LIMITS = {
  bodyBytes: 32 * 1024 * 1024,
  audioBytes: 20 * 1024 * 1024,
  audioSeconds: 1800,
  jsonDepth: 64,
  jsonKeys: 20_000,
  requestSeconds: 60,
  concurrentPerKey: 16,
  messages: 2048,
  sessions: 16,
  sessionsPerKey: 16,
  sessionSeconds: 3600,
  sessionIdleSeconds: 900,
  sessionAudioPace: 20,
};

const KEY = 'test-key-of-thirty-two-characters';

export interface TestAppOptions {
  readonly models?: ModelRoutesOptions;
  /** Of the one key. */
  readonly roles?: readonly Role[];
  /** Knows the one key unless it is told. */
  readonly authenticator?: Authenticator;
}

/** The whole server but for its start, with a deployment for each name and stores of its own. */
export async function openTestApp(
  deployments: Readonly<Record<string, TestEngines>>,
  limits: Partial<typeof LIMITS> = {},
  { models, roles = ['user'], authenticator = testAuthenticator(roles) }: TestAppOptions = {},
): Promise<TestApp> {
  await using resources = new AsyncDisposableStack();
  const directory = await mkdtemp(join(tmpdir(), 'samtal-test-'));
  resources.defer(async () => await rm(directory, { recursive: true, force: true }));
  const { replies, completions } = resources.use(await openStore({ directory, maxBytes: 1e8 }));
  const codecs = resources.use(createCodecs({ workers: 1, waiting: 16 }));
  const audioSeconds = limits.audioSeconds ?? LIMITS.audioSeconds;
  const served = new Deployments(
    Object.entries(deployments).map(([name, engines]) => toDeployment(name, engines)),
  );
  const logger = pino({ level: process.env['TEST_LOG'] ?? 'silent' });
  const realtime = new RealtimeServer({
    authenticator,
    deployments: served,
    limits: { ...LIMITS, ...limits },
    origins: { allowed: [], isLocal: true },
    trustProxy: false,
    clock: systemClock,
    logger,
  });
  const app = await createApp({
    authenticator,
    deployments: served,
    realtime,
    models,
    chat: new ChatCompletions({
      reader: new ConversationReader({ codecs, replies, audioSeconds }),
      codecs,
      replies,
      completions,
      clock: systemClock,
      audioLifetimeSeconds: 3600,
      promptFilterChunk: false,
      requireAudio: false,
    }),
    codecs,
    completions,
    bodyPool: resources.use(jsonBodyPool({ workers: 1 })),
    limits: { ...LIMITS, ...limits },
    allowedOrigins: [],
    trustProxy: false,
    health: () => ({
      status: 'ok',
      service: 'samtal',
      version: '0',
      instance: 'test',
      deployments: {},
      defaults: { hears: null, thinks: null, speaks: null },
      voiceActivity: 'webrtc-vad',
      notices: [],
    }),
    logger,
  });
  resources.defer(async () => {
    await Promise.all([realtime.close(0), app.close()]);
  });
  const held = resources.move();
  return {
    app,
    key: KEY,
    listen: async () => await app.listen({ host: '127.0.0.1', port: 0 }),
    [Symbol.asyncDispose]: async () => await held.disposeAsync(),
  };
}

/** Knows the one key of tests. */
export function testAuthenticator(roles: readonly Role[] = ['user']): Authenticator {
  const sha256 = createHash('sha256').update(KEY).digest();
  return createAuthenticator({
    keys: [{ name: 'test', sha256, roles }],
    verifiers: [],
    attempts: new FailedAttempts({ clock: systemClock }),
    clock: systemClock,
  });
}

function toDeployment(
  name: string,
  { recognizer, languageModel, synthesizer, voiceActivity, noiseReducer }: TestEngines,
): Deployment {
  return {
    name,
    model: name,
    createdAt: 1_700_000_000,
    recognizer,
    synthesizer,
    voiceActivity,
    noiseReducer,
    responder: languageModel && cascade({ recognizer, languageModel, synthesizer, newId }),
    defaults: { voice: 'alloy', instructions: '', temperature: undefined, maxOutputTokens: undefined },
  };
}
