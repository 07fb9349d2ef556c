import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { CompactSign, type CryptoKey, exportJWK, generateKeyPair, type JWK } from 'jose';

export const TENANT_ID = '0f8fad5b-d9cb-469f-a165-70867728950e';
export const OBJECT_ID = '7c9e6679-7425-40de-944b-e07fc1f90ae7';
export const APP_ID = '3d813cbb-47fb-32ba-91df-831e1593ac29';
export const GROUP_ID = '21ec2020-3aea-4069-a2dd-08002b30309d';
/** 2026-01-15T12:00:00Z in seconds. */
export const NOW_SECONDS = 1_768_478_400;

const LIFETIME = { iat: NOW_SECONDS - 60, nbf: NOW_SECONDS - 60, exp: NOW_SECONDS + 3_600 };

/** What Entra ID says of a person who signed in, in a v2 access token for `api://samtal`. */
export const PERSON_V2 = {
  ...LIFETIME,
  ver: '2.0',
  iss: `https://login.microsoftonline.com/${TENANT_ID}/v2.0`,
  aud: 'api://samtal',
  tid: TENANT_ID,
  oid: OBJECT_ID,
  sub: 'AAAAAAAAAAAAAAAAAAAAAIkzqFVrSaSaFHy782bbtaQ',
  azp: APP_ID,
  scp: 'access_as_user',
  name: 'Ada',
};

/** What Entra ID says of a service that calls for itself, in a v1 access token. */
export const SERVICE_V1 = {
  ...LIFETIME,
  ver: '1.0',
  iss: `https://sts.windows.net/${TENANT_ID}/`,
  aud: 'api://samtal',
  tid: TENANT_ID,
  oid: OBJECT_ID,
  sub: OBJECT_ID,
  appid: APP_ID,
  idtyp: 'app',
};

interface SigningKey {
  readonly privateKey: CryptoKey;
  readonly publicJwk: JWK;
}

/** A tenant of one's own on loopback: signs tokens, serves its public keys and counts who fetches them. */
export class Tenant implements AsyncDisposable {
  readonly #server: Server;
  readonly #keys = new Map<string, SigningKey>();
  fetches = 0;
  isDown = false;
  /** What the key server sends in place of the keys. */
  answer: string | undefined;

  constructor() {
    this.#server = createServer((request, response) => {
      this.fetches += 1;
      if (this.isDown) response.writeHead(503).end();
      else response.end(this.#answerTo(request.url));
    });
  }

  static async start(): Promise<Tenant> {
    const tenant = new Tenant();
    await tenant.addKey('first');
    await new Promise<void>((resolve) => tenant.#server.listen(0, '127.0.0.1', resolve));
    return tenant;
  }

  get origin(): string {
    // A server that listens on TCP has an address with a port.
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  get keysUrl(): string {
    return `${this.origin}/keys`;
  }

  async addKey(kid: string, algorithm: 'RS256' | 'ES256' = 'RS256'): Promise<void> {
    const { privateKey, publicKey } = await generateKeyPair(algorithm, { extractable: true });
    this.#keys.set(kid, { privateKey, publicJwk: { ...(await exportJWK(publicKey)), kid, use: 'sig' } });
  }

  removeKey(kid: string): void {
    this.#keys.delete(kid);
  }

  publicJwk(kid = 'first'): JWK {
    return this.#key(kid).publicJwk;
  }

  async sign(claims: object, header: object = {}, kid = 'first'): Promise<string> {
    return await this.signText(JSON.stringify(claims), header, kid);
  }

  async signText(payload: string | Uint8Array, header: object = {}, kid = 'first'): Promise<string> {
    const bytes = typeof payload === 'string' ? new TextEncoder().encode(payload) : payload;
    return await new CompactSign(bytes)
      .setProtectedHeader({ alg: 'RS256', typ: 'JWT', kid, ...header })
      .sign(this.#key(kid).privateKey);
  }

  /** A token with the tenant's true signature over whatever header it has. */
  async signHeader(header: object, claims: object): Promise<string> {
    const encode = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
    const signed = `${encode(header)}.${encode(claims)}`;
    const signature = await crypto.subtle.sign(
      'RSASSA-PKCS1-v1_5',
      this.#key('first').privateKey,
      new TextEncoder().encode(signed),
    );
    return `${signed}.${Buffer.from(signature).toString('base64url')}`;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise<void>((resolve) => this.#server.close(() => resolve()));
  }

  #key(kid: string): SigningKey {
    const key = this.#keys.get(kid);
    if (!key) throw new Error(`The tenant has no key ${kid}.`);
    return key;
  }

  #answerTo(url: string | undefined): string {
    if (this.answer !== undefined) return this.answer;
    if (url === '/metadata') return JSON.stringify({ issuer: PERSON_V2.iss, jwks_uri: this.keysUrl });
    return JSON.stringify({ keys: [...this.#keys.values()].map(({ publicJwk }) => publicJwk) });
  }
}

/** A clock that stands at `NOW_SECONDS` until it is moved. */
export class StillClock {
  #nowMs = NOW_SECONDS * 1_000;

  now(): number {
    return this.#nowMs;
  }

  after(): () => void {
    return () => {};
  }

  advance(ms: number): void {
    this.#nowMs += ms;
  }
}
