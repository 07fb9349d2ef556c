import type { Responder } from '../../conversation/responder.ts';
import { RealtimeSession } from '../../realtime/session.ts';
import { RealtimeConnection } from '../../transport/connection.ts';
import type { RealtimeTransport } from '../../transport/transport.ts';
import type { Clock } from '../../util/clock.ts';
import { EngineError } from '../../util/errors.ts';
import { newId } from '../../util/ids.ts';
import { createDialect, type DialectName, type RealtimeDialect } from '../../wire/realtime/index.ts';
import type { AdmittedSession } from './admit-session.ts';
import type { RealtimeLimits } from './realtime-limits.ts';
import type { RealtimeRequest } from './realtime-request.ts';
import { sessionDefaults } from './session-defaults.ts';

export interface StartSessionOptions {
  readonly transport: RealtimeTransport;
  readonly limits: RealtimeLimits;
  readonly clock: Clock;
  /** The caller's, as they are when they are asked for. */
  readonly places: () => { readonly limit: number; readonly remaining: number };
  /** Told of a fault of ours, which ends the session. */
  readonly onFault: (error: unknown) => void;
  /** Told what is not as it should be in a reply that is given all the same. */
  readonly onNotice: (notice: string) => void;
}

/** A session as it was asked for, on a transport, not served yet. */
export function startSession(
  admitted: AdmittedSession,
  asked: RealtimeRequest,
  { transport, limits, clock, places, onFault, onNotice }: StartSessionOptions,
): RealtimeConnection {
  const dialectOf = (name: DialectName): RealtimeDialect =>
    createDialect(name, {
      defaults: sessionDefaults(name, admitted.purpose, admitted.deployment),
      newId,
      apiVersion: asked.address.apiVersion,
    });
  return new RealtimeConnection({
    session: createSession(admitted, asked, { limits, clock, onNotice }),
    transport,
    dialect: dialectOf(asked.dialect),
    otherDialect: asked.dialect === 'preview' ? dialectOf('ga') : undefined,
    clock,
    limits: {
      sessionSeconds: limits.sessionSeconds,
      idleSeconds: limits.sessionIdleSeconds,
      audioPace: limits.sessionAudioPace,
    },
    // What is counted here are sessions, which is what a key can run out of.
    rateLimits: () => [{ name: 'requests', ...places(), resetSeconds: 0 }],
    onFault,
  });
}

function createSession(
  { grant, deployment, purpose }: AdmittedSession,
  { dialect, isTraced }: RealtimeRequest,
  { limits, clock, onNotice }: Pick<StartSessionOptions, 'limits' | 'clock' | 'onNotice'>,
): RealtimeSession {
  return new RealtimeSession({
    id: newId('sess_'),
    conversationId: newId('conv_'),
    model: deployment.model,
    config: grant.config ?? sessionDefaults(dialect, purpose, deployment),
    responder: noticing(deployment.responder ?? SILENT, onNotice),
    recognizer: deployment.recognizer,
    detector: deployment.voiceActivity,
    noiseReducer: deployment.noiseReducer,
    clock,
    newId,
    expiresAt: Math.floor(clock.now() / 1000) + limits.sessionSeconds,
    hasCaptions: dialect === 'ga',
    isTraced,
  });
}

/** The Realtime API has no event that could carry a notice, so that the log alone is told. */
function noticing(responder: Responder, onNotice: (notice: string) => void): Responder {
  return {
    name: responder.name,
    respond: (request, options) => responder.respond({ ...request, onNotice }, options),
  };
}

/** In the place of a responder where a deployment only transcribes; sessions of it never ask. */
const SILENT: Responder = {
  name: 'none',
  respond() {
    throw new EngineError('none', 'unsupported', 'This deployment transcribes and does not answer.');
  },
};
