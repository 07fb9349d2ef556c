import { createHash } from 'node:crypto';
import type { SessionConfig } from '../../realtime/session-config.ts';
import type { Clock } from '../../util/clock.ts';
import { ApiError } from '../../util/errors.ts';
import { newId } from '../../util/ids.ts';
import type { Principal } from '../auth/principal.ts';

/** What a client secret opens: sessions of whoever made it, configured as they said. */
export interface SessionGrant {
  readonly principal: Principal;
  /** The deployment it is bound to; `undefined` leaves that to the address. */
  readonly deployment: string | undefined;
  /** `undefined` for what the deployment and the address say. */
  readonly config: SessionConfig | undefined;
}

export interface ClientSecretsOptions {
  readonly clock: Clock;
  /** Secrets that one owner may have at a time. */
  readonly perOwner?: number;
  readonly inAll?: number;
}

const PREFIX = 'ek_';

/**
 * Ephemeral keys, which a server hands to a browser so that its own key stays at home. They open realtime
 * sessions and nothing else. Kept as SHA-256, and in memory alone: they live for minutes, and a restart ends
 * the sessions that they were for.
 */
export class ClientSecrets {
  readonly #options: Required<ClientSecretsOptions>;
  readonly #grants = new Map<string, SessionGrant & { readonly expiresAtMs: number }>();

  constructor({ clock, perOwner = 256, inAll = 4096 }: ClientSecretsOptions) {
    this.#options = { clock, perOwner, inAll };
  }

  /** @throws {ApiError} `too-many-requests` when there are too many that have not expired. */
  issue(
    grant: SessionGrant,
    lifetimeSeconds: number,
  ): { readonly value: string; readonly expiresAt: number } {
    this.#forgetExpired();
    this.#refuseTooMany(grant.principal.id);
    const expiresAt = Math.floor(this.#options.clock.now() / 1000) + lifetimeSeconds;
    const value = newId(PREFIX, 43);
    this.#grants.set(hash(value), { ...grant, expiresAtMs: expiresAt * 1000 });
    return { value, expiresAt };
  }

  /** What `secret` opens; `undefined` for one that is unknown or has expired. It can be used again. */
  find(secret: string): SessionGrant | undefined {
    const grant = this.#grants.get(hash(secret));
    return grant && grant.expiresAtMs > this.#options.clock.now() ? grant : undefined;
  }

  #refuseTooMany(owner: string): void {
    const { perOwner, inAll } = this.#options;
    const owned = [...this.#grants.values()].filter(({ principal }) => principal.id === owner).length;
    if (owned < perOwner && this.#grants.size < inAll) return;
    throw new ApiError(
      'too-many-requests',
      'Too many client secrets have not expired yet. Let them live for a shorter time, or try again in 60s.',
      { retryAfterSeconds: 60 },
    );
  }

  #forgetExpired(): void {
    const now = this.#options.clock.now();
    for (const [key, { expiresAtMs }] of this.#grants) if (expiresAtMs <= now) this.#grants.delete(key);
  }
}

function hash(secret: string): string {
  return createHash('sha256').update(secret).digest('base64');
}
