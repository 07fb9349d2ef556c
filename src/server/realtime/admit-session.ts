import type { IncomingMessage } from 'node:http';
import { ApiError } from '../../util/errors.ts';
import { hasServedVersion } from '../../wire/address/address.ts';
import { notFor } from '../audio/operation-not-supported.ts';
import { toAuthError } from '../auth/auth-error.ts';
import type { Authenticator } from '../auth/authenticator.ts';
import { type Credentials, readCredentials } from '../auth/credentials.ts';
import { isPermitted } from '../auth/principal.ts';
import type { Deployment, Deployments } from '../deployment.ts';
import type { ClientSecrets, SessionGrant } from './client-secrets.ts';
import type { RealtimeRequest } from './realtime-request.ts';

export interface Doorkeepers {
  readonly authenticator: Authenticator;
  readonly secrets: ClientSecrets;
  readonly deployments: Deployments;
}

/** Who may have a session, of which deployment. */
export interface AdmittedSession {
  readonly grant: SessionGrant;
  readonly deployment: Deployment;
  readonly purpose: RealtimeRequest['purpose'];
}

/**
 * Decides about a request for a session, without a place for it yet.
 * @throws {ApiError} for credentials, a version, or a deployment that gets none.
 */
export async function admitSession(
  asked: RealtimeRequest,
  request: Pick<IncomingMessage, 'rawHeaders' | 'url'> & { readonly address: string | undefined },
  { authenticator, secrets, deployments }: Doorkeepers,
): Promise<AdmittedSession> {
  const credentials = readCredentials(request, 'realtime');
  const grant = grantOf(credentials, secrets) ?? (await authenticate(credentials, authenticator));
  if (!hasServedVersion(asked.address)) throw new ApiError('resource-not-found', 'Resource not found');
  const purpose = grant.config?.purpose ?? asked.purpose;
  const name = grant.deployment ?? asked.deployment;
  const deployment =
    name === undefined && purpose === 'transcription'
      ? anyThatHears(deployments)
      : deployments.resolve(asked.address, name ?? missingModel());
  refuseUnfit(deployment, purpose);
  if (deployment.realtime && grant.config) throw notConfigurable(deployment);
  return { grant, deployment, purpose };
}

/** A secret that is not known goes the way of every wrong key, which counts how many there were. */
function grantOf({ presented }: Credentials, secrets: ClientSecrets): SessionGrant | undefined {
  const [first, ...others] = presented;
  if (!first || others.some(({ secret }) => secret !== first.secret)) return undefined;
  return secrets.find(first.secret);
}

async function authenticate(credentials: Credentials, authenticator: Authenticator): Promise<SessionGrant> {
  const outcome = await authenticator.authenticate(credentials);
  if (!outcome.ok) throw toAuthError(outcome, credentials.presented[0]?.secret ?? '');
  const { principal } = outcome;
  if (isPermitted(principal, 'call')) return { principal, deployment: undefined, config: undefined };
  throw new ApiError(
    'forbidden',
    `The principal \`${principal.id}\` lacks the role to open realtime sessions. Its operator can grant it.`,
  );
}

function missingModel(): never {
  throw new ApiError(
    'missing-parameter',
    'You must provide a model parameter, for example wss://localhost:8080/v1/realtime?model=gpt-realtime',
    { param: 'model' },
  );
}

/** A transcription session may leave the model to its first update, and there names what transcribes. */
function anyThatHears(deployments: Deployments): Deployment {
  const hearing = deployments.list().find(({ recognizer }) => recognizer !== undefined);
  if (hearing) return hearing;
  throw new ApiError(
    'engine-unavailable',
    'Nothing can hear: no speech recognizer is installed. `samtal doctor` shows how to give the server one.',
  );
}

function refuseUnfit(deployment: Deployment, purpose: RealtimeRequest['purpose']): void {
  const fits = purpose === 'transcription' ? deployment.recognizer : deployment.responder;
  if (fits || deployment.realtime) return;
  const remedy = '`samtal doctor` shows which deployments can hear and answer.';
  throw notFor(purpose === 'transcription' ? 'realtime transcription' : 'realtime', deployment, remedy);
}

/** A session that is passed on begins as its upstream server has it. */
function notConfigurable({ name }: Deployment): ApiError {
  return new ApiError(
    'operation-not-supported',
    `The sessions of ${name} are passed on to another server, so that no client secret opens them. Use a key.`,
  );
}
