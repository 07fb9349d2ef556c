import { type CryptoKey, createLocalJWKSet, errors, type JWSHeaderParameters } from 'jose';
import { z } from 'zod';
import type { Clock } from '../../util/clock.ts';
import { isLoopbackHost } from './loopback.ts';

export interface RemoteKeySetOptions {
  readonly clock: Clock;
  /** The JWK set itself, or the OpenID metadata that names it. */
  readonly source:
    | { readonly keysUrl: string }
    | { readonly metadataUrl: string; readonly issuers: readonly string[] };
  /** Keys older than this are fetched anew, while the old ones go on serving. */
  readonly freshMs?: number;
  /** How long keys serve while their server can not be reached. */
  readonly keepMs?: number;
  /** The least time between two fetches, whatever tokens ask for and however the last one ended. */
  readonly cooldownMs?: number;
  readonly timeoutMs?: number;
}

const MAX_BYTES = 1024 * 1024;
const MAX_KEYS = 100;

/** RFC 7517 section 5: members that we do not know do not matter. */
const keySetSchema = z.looseObject({ keys: z.array(z.looseObject({ kty: z.string() })).max(MAX_KEYS) });
const metadataSchema = z.looseObject({ issuer: z.string(), jwks_uri: z.string() });

type KeyLookup = ReturnType<typeof createLocalJWKSet>;

/**
 * The public keys of an issuer, fetched when the first token asks for them. One fetch at a time serves all
 * who wait; a key that is not known is looked for once per cooldown, so that made-up names cost nothing.
 */
export class RemoteKeySet {
  readonly #options: Required<RemoteKeySetOptions>;
  #lookup: KeyLookup | undefined;
  #fetchedAtMs = Number.NEGATIVE_INFINITY;
  #triedAtMs = Number.NEGATIVE_INFINITY;
  #refresh: Promise<void> | undefined;
  #lastFault = '';

  constructor(options: RemoteKeySetOptions) {
    this.#options = {
      freshMs: 3_600_000,
      keepMs: 24 * 3_600_000,
      cooldownMs: 30_000,
      timeoutMs: 5_000,
      ...options,
    };
  }

  /** @throws {Error} when the keys can not be had, and as jose does when none of them fits. */
  async find(header: JWSHeaderParameters): Promise<CryptoKey> {
    const ageMs = this.#options.clock.now() - this.#fetchedAtMs;
    if (ageMs >= this.#options.keepMs) this.#lookup = undefined;
    const refreshed = ageMs >= this.#options.freshMs ? this.#startRefresh() : undefined;
    if (!this.#lookup) await refreshed;
    try {
      return await this.#known(header);
    } catch (error) {
      if (!(error instanceof errors.JWKSNoMatchingKey)) throw error;
      await this.#startRefresh();
      return await this.#known(header);
    }
  }

  async #known(header: JWSHeaderParameters): Promise<CryptoKey> {
    if (!this.#lookup) throw new Error(`the keys of its issuer are not to be had: ${this.#lastFault}`);
    return await this.#lookup(header);
  }

  /** Never rejects: a failed refresh leaves the keys as they were. */
  async #startRefresh(): Promise<void> {
    const now = this.#options.clock.now();
    if (!this.#refresh && now - this.#triedAtMs >= this.#options.cooldownMs) {
      this.#triedAtMs = now;
      this.#refresh = this.#fetchKeys().finally(() => {
        this.#refresh = undefined;
      });
    }
    await this.#refresh;
  }

  async #fetchKeys(): Promise<void> {
    try {
      const { keys } = keySetSchema.parse(await this.#fetchJson(await this.#keysUrl()));
      // A key without a name could never be the one that a token names.
      const named = keys.filter(({ kid }) => typeof kid === 'string');
      this.#lookup = createLocalJWKSet({ keys: named });
      this.#fetchedAtMs = this.#options.clock.now();
    } catch (error) {
      this.#lastFault = error instanceof Error ? error.message : 'the fetch failed';
    }
  }

  async #keysUrl(): Promise<string> {
    const { source } = this.#options;
    if ('keysUrl' in source) return source.keysUrl;
    const { issuer, jwks_uri: keysUrl } = metadataSchema.parse(await this.#fetchJson(source.metadataUrl));
    if (source.issuers.includes(issuer)) return keysUrl;
    throw new Error(`${source.metadataUrl} describes the issuer ${issuer}`);
  }

  async #fetchJson(url: string): Promise<unknown> {
    if (!isTrustworthyUrl(url)) throw new Error(`${url} is not https`);
    const response = await fetch(url, {
      redirect: 'error',
      signal: AbortSignal.timeout(this.#options.timeoutMs),
      headers: { accept: 'application/json' },
    });
    if (!response.ok || !response.body) throw new Error(`${url} answered ${response.status}`);
    const chunks: Uint8Array[] = [];
    let bytes = 0;
    for await (const chunk of response.body) {
      bytes += chunk.length;
      if (bytes > MAX_BYTES) throw new Error(`${url} answered more than ${MAX_BYTES} bytes`);
      chunks.push(chunk);
    }
    return JSON.parse(Buffer.concat(chunks).toString('utf8'));
  }
}

/** Keys decide who may call, so they travel encrypted or not at all. */
export function isTrustworthyUrl(text: string): boolean {
  const url = URL.parse(text);
  return url?.protocol === 'https:' || (url?.protocol === 'http:' && isLoopbackHost(url.host));
}
