import { createHash, randomUUID, timingSafeEqual } from 'node:crypto';
import { join } from 'node:path';
import { type CryptoKey, exportJWK, generateKeyPair, importJWK, type JWK, SignJWT } from 'jose';
import { z } from 'zod';
import type { Clock } from '../../util/clock.ts';
import { randomText } from '../../util/ids.ts';
import type { Role } from './principal.ts';
import { readOrCreateSecretFile } from './secret-file.ts';
import { quoted, refuseToken, type TokenVerifier, verifySigned } from './token-verifier.ts';

/** What the samples of Azure ask a token for: the service of old, and Foundry. */
const RESOURCES = ['https://cognitiveservices.azure.com', 'https://ai.azure.com'];
const LIFETIME_SECONDS = 3_600;
/** Of tokens that no resource can be named for: they are for this server's own page, and may do more. */
const PAGE_AUDIENCE = 'samtal:playground';
/** A working day: the page holds its token for as long as the tab lives, and can not ask for another. */
const PAGE_LIFETIME_SECONDS = 8 * 3_600;
const CLOCK_SKEW_SECONDS = 5;

const storedSchema = z.strictObject({
  header: z.string().min(32),
  tenantId: z.guid(),
  objectId: z.guid(),
  clientId: z.guid(),
  key: z.looseObject({
    kty: z.literal('EC'),
    crv: z.literal('P-256'),
    kid: z.string().min(1),
    x: z.string(),
    y: z.string(),
    d: z.string(),
  }),
});

type StoredIdentity = z.output<typeof storedSchema>;

export interface LocalIdentityOptions {
  /** Folder of the server's own files; the identity is made there once. */
  readonly home: string;
  /** `iss` of the tokens: where the server answers. A function, because a port may be known only later. */
  readonly issuer: () => string;
  readonly clock: Clock;
  readonly roles?: readonly Role[];
}

/** As App Service answers: https://learn.microsoft.com/azure/app-service/overview-managed-identity#rest-endpoint-reference */
export interface IdentityToken {
  readonly access_token: string;
  readonly client_id: string;
  /** Seconds since the Unix epoch, as text. */
  readonly expires_on: string;
  readonly resource: string;
  readonly token_type: 'Bearer';
}

/** The managed identity of this machine: it issues the tokens that `DefaultAzureCredential` asks for. */
export interface LocalIdentity extends TokenVerifier {
  /** What `IDENTITY_HEADER` must be set to. Whoever knows it may have tokens. */
  readonly header: string;
  readonly issuer: () => string;
  /** Public keys (RFC 7517), for others who verify the tokens. */
  readonly publicKeys: { readonly keys: readonly JWK[] };
  isHeader(candidate: string): boolean;
  /** Undefined when the resource is not one that this server stands in for. */
  issue(resource: string): Promise<IdentityToken | undefined>;
  /** A token of the role `contributor`, for the page of whoever followed a link that only the owner gets. */
  issueForPage(): Promise<{ readonly token: string; readonly expiresAtMs: number }>;
}

/** @throws {Error} when the stored identity is damaged; the message says how to make a new one. */
export async function openLocalIdentity(options: LocalIdentityOptions): Promise<LocalIdentity> {
  const stored = await readStored(options.home);
  const { d: _secret, ...publicKey } = stored.key;
  const [signingKey, verifyingKey] = await Promise.all([toKey(stored.key), toKey(publicKey)]);
  return {
    header: stored.header,
    issuer: options.issuer,
    publicKeys: { keys: [publicKey] },
    isHeader: (candidate) => timingSafeEqual(sha256(candidate), sha256(stored.header)),
    issue: async (resource) => await issueToken(resource, { stored, signingKey, options }),
    issueForPage: async () => {
      const context = { stored, signingKey, options };
      const { token, expiresAt } = await sign(PAGE_AUDIENCE, PAGE_LIFETIME_SECONDS, context);
      return { token, expiresAtMs: expiresAt * 1_000 };
    },
    trusts: (issuer) => issuer === options.issuer(),
    verify: async (token) => {
      if (token.header.kid !== stored.key.kid) {
        return refuseToken(`no key of this server is called ${quoted(token.header.kid)}`);
      }
      const signed = await verifySigned(token, verifyingKey, {
        algorithms: ['ES256'],
        issuer: options.issuer(),
        audiences: [...RESOURCES, PAGE_AUDIENCE],
        clockSkewSeconds: CLOCK_SKEW_SECONDS,
        now: new Date(options.clock.now()),
      });
      if (!signed.ok) return signed;
      const isPage = signed.claims.aud === PAGE_AUDIENCE;
      const roles: readonly Role[] = isPage ? ['contributor'] : (options.roles ?? ['user']);
      return { ok: true, principal: { id: 'local', name: 'local', roles } };
    },
  };
}

interface IssueContext {
  readonly stored: StoredIdentity;
  readonly signingKey: CryptoKey;
  readonly options: LocalIdentityOptions;
}

async function issueToken(resource: string, context: IssueContext): Promise<IdentityToken | undefined> {
  const audience = RESOURCES.find((known) => resource === known || resource === `${known}/`);
  if (!audience) return undefined;
  const { token, expiresAt } = await sign(audience, LIFETIME_SECONDS, context);
  const { clientId } = context.stored;
  const expiresOn = String(expiresAt);
  return { access_token: token, client_id: clientId, expires_on: expiresOn, resource, token_type: 'Bearer' };
}

/** `expiresAt` is in seconds since the Unix epoch. */
async function sign(
  audience: string,
  lifetimeSeconds: number,
  { stored, signingKey, options }: IssueContext,
): Promise<{ readonly token: string; readonly expiresAt: number }> {
  const issuedAt = Math.floor(options.clock.now() / 1_000);
  const expiresAt = issuedAt + lifetimeSeconds;
  const { tenantId: tid, objectId: oid, clientId: appid } = stored;
  const token = await new SignJWT({ ver: '1.0', tid, oid, appid, idtyp: 'app' })
    .setProtectedHeader({ alg: 'ES256', kid: stored.key.kid, typ: 'JWT' })
    .setIssuer(options.issuer())
    .setAudience(audience)
    .setSubject(oid)
    .setJti(randomUUID())
    .setIssuedAt(issuedAt)
    .setNotBefore(issuedAt)
    .setExpirationTime(expiresAt)
    .sign(signingKey);
  return { token, expiresAt };
}

async function readStored(home: string): Promise<StoredIdentity> {
  const path = join(home, 'local-identity.json');
  const content = await readOrCreateSecretFile(path, async () =>
    JSON.stringify(await makeIdentity(), null, 2),
  );
  const stored = storedSchema.safeParse(parseJson(content));
  if (stored.success) return stored.data;
  throw new Error(`${path} is damaged. Delete it, and the server makes a new identity when it starts.`);
}

async function makeIdentity(): Promise<StoredIdentity> {
  const { privateKey } = await generateKeyPair('ES256', { extractable: true });
  const key = { ...(await exportJWK(privateKey)), kid: randomText(22), alg: 'ES256', use: 'sig' };
  return storedSchema.parse({
    header: randomText(43),
    tenantId: randomUUID(),
    objectId: randomUUID(),
    clientId: randomUUID(),
    key,
  });
}

async function toKey(jwk: JWK): Promise<CryptoKey> {
  const key = await importJWK(jwk, 'ES256');
  if (key instanceof Uint8Array) throw new Error('The identity holds a symmetric key.');
  return key;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** `timingSafeEqual` wants equal lengths, and hashes have them. */
function sha256(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
