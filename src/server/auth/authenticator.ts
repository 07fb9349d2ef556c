import type { Clock } from '../../util/clock.ts';
import { type ApiKey, verifyApiKey } from './api-keys.ts';
import { parseToken } from './compact-token.ts';
import type { Credential, Credentials } from './credentials.ts';
import type { FailedAttempts } from './failed-attempts.ts';
import type { Principal } from './principal.ts';
import { quoted, refuseToken, type TokenVerifier } from './token-verifier.ts';

export interface AuthenticatorOptions {
  readonly keys: readonly ApiKey[];
  /** Asked in order; the first that trusts a token's issuer decides. */
  readonly verifiers: readonly TokenVerifier[];
  readonly attempts: FailedAttempts;
  readonly clock: Clock;
}

export interface Authenticator {
  /**
   * Decides at once about an API key; a token may have to wait for the keys of its issuer. Neither throws nor
   * rejects, whatever the credentials are.
   */
  authenticate(credentials: Credentials): AuthOutcome | Promise<AuthOutcome>;
}

export type AuthOutcome = { readonly ok: true; readonly principal: Principal } | AuthRefusal;

/** `failure` is the kind of `ApiError` to answer with; `detail` is for the log and holds no secret. */
export interface AuthRefusal {
  readonly ok: false;
  readonly failure: 'missing-key' | 'wrong-key' | 'wrong-token' | 'forbidden' | 'too-many-requests';
  readonly detail: string;
  /** With `too-many-requests`. */
  readonly retryAfterSeconds?: number;
}

/** Decides who a request comes from: an API key first, then the issuers of tokens. */
export function createAuthenticator(options: AuthenticatorOptions): Authenticator {
  const { attempts } = options;
  return {
    authenticate({ presented, address }) {
      const [credential, ...others] = presented;
      if (!credential)
        return { ok: false, failure: 'missing-key', detail: 'The request holds no credentials.' };
      const waitMs = attempts.waitMs(address);
      if (waitMs > 0) return tooManyAttempts(waitMs);
      const outcome = others.some(({ secret }) => secret !== credential.secret)
        ? refuseKey(`The credentials in ${presented.map(({ place }) => place).join(' and ')} differ.`)
        : decide(bearerAmong(presented) ?? credential, options);
      const record = (decided: AuthOutcome): AuthOutcome => {
        if (!decided.ok && decided.failure !== 'forbidden') attempts.record(address);
        return decided;
      };
      return outcome instanceof Promise ? outcome.then(record) : record(outcome);
    },
  };
}

function decide(credential: Credential, options: AuthenticatorOptions): AuthOutcome | Promise<AuthOutcome> {
  const verdict = verifyApiKey(credential.secret, options.keys, options.clock.now());
  switch (verdict.status) {
    case 'valid':
      return { ok: true, principal: verdict.principal };
    case 'expired':
    case 'revoked':
      return refuseKey(`The API key '${verdict.name}' is ${verdict.status}.`);
    case 'unknown':
      return isToken(credential)
        ? decideToken(credential, options.verifiers)
        : refuseKey(`The API key in ${credential.place} is not known.`);
  }
}

async function decideToken(
  { secret, place }: Credential,
  verifiers: readonly TokenVerifier[],
): Promise<AuthOutcome> {
  const inPlace = (detail: string): string => `The token in ${place}: ${detail}.`;
  const parsed = parseToken(secret);
  if (!parsed.ok) return refuseToken(inPlace(parsed.detail));
  const issuer = parsed.token.claims['iss'];
  const verifier = verifiers.find((candidate) => typeof issuer === 'string' && candidate.trusts(issuer));
  if (!verifier) return refuseToken(inPlace(`its issuer ${quoted(issuer)} is not trusted here`));
  const outcome = await verifier.verify(parsed.token);
  return outcome.ok ? outcome : { ...outcome, detail: inPlace(outcome.detail) };
}

/** Keys have been tried by now, and whatever else has a dot means to be a token. */
function isToken({ kind, secret }: Credential): boolean {
  return kind === 'bearer' && secret.includes('.');
}

/** The same secret may stand in two places, and as a bearer it may be a token. */
function bearerAmong(presented: readonly Credential[]): Credential | undefined {
  return presented.find(({ kind }) => kind === 'bearer');
}

function refuseKey(detail: string): AuthRefusal {
  return { ok: false, failure: 'wrong-key', detail };
}

function tooManyAttempts(waitMs: number): AuthRefusal {
  return {
    ok: false,
    failure: 'too-many-requests',
    detail: 'The address presented too many wrong credentials.',
    retryAfterSeconds: Math.ceil(waitMs / 1_000),
  };
}
