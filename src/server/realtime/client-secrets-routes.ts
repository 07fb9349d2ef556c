import type { FastifyInstance, FastifyRequest } from 'fastify';
import { newId } from '../../util/ids.ts';
import { createDialect, type WireObject } from '../../wire/realtime/index.ts';
import type { Deployments } from '../deployment.ts';
import { callerOf } from '../request-context.ts';
import {
  type ClientSecretRequest,
  readClientSecretRequest,
  readPreviewSessionRequest,
} from './client-secret-request.ts';
import type { ClientSecrets } from './client-secrets.ts';
import { toApiError } from './problem-error.ts';
import { sessionDefaults } from './session-defaults.ts';

export interface ClientSecretsRoutesOptions {
  readonly deployments: Deployments;
  readonly realtime: { readonly secrets: ClientSecrets };
}

/** Where the preview had its sessions made, which it called by what they are for. */
const PREVIEW_PATHS = ['/openai/realtimeapi', '/v1/realtime'];

/** `POST` of what gives a browser a session without giving it a key (contract 2.1 and 3.5). */
export function clientSecretsRoutes(app: FastifyInstance, options: ClientSecretsRoutesOptions): void {
  for (const path of ['/openai/v1/realtime/client_secrets', '/v1/realtime/client_secrets']) {
    app.post(path, async (request) => {
      const { session, secret } = issue(request, readClientSecretRequest(request.body), options);
      return { ...secret, session };
    });
  }
  for (const path of PREVIEW_PATHS) {
    for (const purpose of ['conversation', 'transcription'] as const) {
      app.post(
        path + (purpose === 'conversation' ? '/sessions' : '/transcription_sessions'),
        async (request) => {
          const asked = readPreviewSessionRequest(request.body, purpose);
          const { session, secret } = issue(request, asked, options);
          return { ...session, client_secret: secret };
        },
      );
    }
  }
}

function issue(
  request: FastifyRequest,
  asked: ClientSecretRequest,
  { deployments, realtime }: ClientSecretsRoutesOptions,
): {
  readonly session: WireObject;
  readonly secret: { readonly value: string; readonly expires_at: number };
} {
  const { model, purpose, dialect: name, at, lifetimeSeconds } = asked;
  const deployment = model === undefined ? undefined : deployments.resolve(request.address, model);
  const defaults = sessionDefaults(name, purpose, deployment);
  const dialect = createDialect(name, { defaults, newId });
  const decoded = dialect.decodeSession(asked.session, defaults, at);
  if (!decoded.ok) throw toApiError(decoded.problem);
  const config = decoded.value;
  const grant = { principal: callerOf(request), deployment: deployment?.name, config };
  const { value, expiresAt } = realtime.secrets.issue(grant, lifetimeSeconds);
  // The session that is described does not run yet, so that it has no end.
  const snapshot = { id: newId('sess_'), model: deployment?.model ?? '', expiresAt: 0, config };
  return { session: dialect.encodeSession(snapshot), secret: { value, expires_at: expiresAt } };
}
