import { systemClock } from '../util/clock.ts';
import { openDefaultKey, openNamedKeys } from './auth/api-keys.ts';
import { type Authenticator, createAuthenticator } from './auth/authenticator.ts';
import { createEntraVerifier } from './auth/entra.ts';
import { FailedAttempts } from './auth/failed-attempts.ts';
import { type LocalIdentity, openLocalIdentity } from './auth/local-identity.ts';
import { localIssuer } from './auth/local-identity-route.ts';
import { isLoopbackHost } from './auth/loopback.ts';
import type { Config } from './config/index.ts';
import type { Home } from './home/paths.ts';
import { SignIn } from './playground/sign-in.ts';

/** Who may call, and how they show it. */
export interface Access {
  readonly authenticator: Authenticator;
  /** There on loopback alone, unless the configuration turns it off. */
  readonly identity: LocalIdentity | undefined;
  /** There together with the identity, which signs what it gives. */
  readonly signIn: SignIn | undefined;
  /** Tells where the server answers, which is the issuer of its tokens. */
  settle(origin: string): void;
}

export interface AccessOptions {
  readonly config: Config;
  readonly home: Home;
  /** What the server listens at. */
  readonly host: string;
}

export async function openAccess({ config, home, host }: AccessOptions): Promise<Access> {
  const clock = systemClock;
  let origin = '';
  const isLocal = isLoopbackHost(host) && (config.auth.localIdentity ?? true);
  const issuer = (): string => localIssuer(origin);
  const identity = isLocal ? await openLocalIdentity({ home: home.directory, issuer, clock }) : undefined;
  const entra = config.auth.entra ? createEntraVerifier(config.auth.entra, { clock }) : undefined;
  const keys = [await openDefaultKey(home.directory), ...(await openNamedKeys(config.auth.keys))];
  const verifiers = [identity, entra].filter((verifier) => verifier !== undefined);
  const attempts = new FailedAttempts({ clock });
  return {
    authenticator: createAuthenticator({ keys, verifiers, attempts, clock }),
    identity,
    signIn: identity && new SignIn({ identity, attempts, clock, origin: () => origin }),
    settle: (url) => {
      origin = url;
    },
  };
}
