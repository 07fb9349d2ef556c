import type { Clock } from '../../util/clock.ts';
import { ApiError } from '../../util/errors.ts';
import { tooManyAttempts } from '../auth/auth-error.ts';
import type { FailedAttempts } from '../auth/failed-attempts.ts';
import type { LocalIdentity } from '../auth/local-identity.ts';
import { SignInLinks } from './sign-in-links.ts';

export interface SignInLink {
  /** Such as `http://127.0.0.1:8080/#sign-in=…`: what follows `#` is never sent, and so stands in no log. */
  readonly url: string;
  readonly expiresAtMs: number;
}

export interface PageToken {
  readonly token: string;
  readonly expiresAtMs: number;
}

export interface SignInOptions {
  readonly identity: LocalIdentity;
  readonly attempts: FailedAttempts;
  readonly clock: Clock;
  /** Where the server answers. A function, because a port may be known only later. */
  readonly origin: () => string;
}

/** Lets the playground in by a link that only the owner of this machine's server can get. */
export class SignIn {
  readonly #options: SignInOptions;
  readonly #links: SignInLinks;

  constructor(options: SignInOptions) {
    this.#options = options;
    this.#links = new SignInLinks(options);
  }

  link(): SignInLink {
    const { secret, expiresAtMs } = this.#links.issue();
    return { url: `${this.#options.origin()}/#sign-in=${secret}`, expiresAtMs };
  }

  /** @throws {ApiError} for a secret that is wrong or spent, and after too many of them from one `address`. */
  async redeem(secret: string, address: string): Promise<PageToken> {
    const { attempts, identity } = this.#options;
    const waitMs = attempts.waitMs(address);
    if (waitMs > 0) throw tooManyAttempts(Math.ceil(waitMs / 1000));
    if (this.#links.redeem(secret)) return await identity.issueForPage();
    attempts.record(address);
    throw new ApiError(
      'wrong-key',
      'This link has been used or has expired. `samtal playground` prints a new one.',
    );
  }
}
