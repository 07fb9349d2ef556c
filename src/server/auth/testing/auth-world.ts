import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ApiKey, namedKeySchema, openNamedKeys } from '../api-keys.ts';
import { type AuthOutcome, createAuthenticator } from '../authenticator.ts';
import { type CredentialPlaces, readCredentials } from '../credentials.ts';
import { createEntraVerifier } from '../entra.ts';
import { entraConfigSchema } from '../entra-config.ts';
import { FailedAttempts } from '../failed-attempts.ts';
import { type LocalIdentity, openLocalIdentity } from '../local-identity.ts';
import type { TokenVerifier } from '../token-verifier.ts';
import { GROUP_ID, OBJECT_ID, PERSON_V2, StillClock, TENANT_ID, Tenant } from './tenant.ts';

export const KEY = 'samtal-right-0123456789abcdefghijklmnopqrstuv';
export const EXPIRED_KEY = 'samtal-expired-0123456789abcdefghijklmnopqrst';
export const REVOKED_KEY = 'samtal-revoked-0123456789abcdefghijklmnopqrst';
export const OTHER_TENANT = '9a1f0e2b-1111-4222-8333-444455556666';
export const ISSUER = 'http://127.0.0.1:8080/msi';

export interface AuthWorld extends AsyncDisposable {
  readonly clock: StillClock;
  /** Whose tokens are trusted, and whose are not. */
  readonly tenant: Tenant;
  readonly stranger: Tenant;
  readonly keys: readonly ApiKey[];
  readonly entra: TokenVerifier;
  readonly local: LocalIdentity;
  /** Of another server. */
  readonly foreignLocal: LocalIdentity;
  /** What a request with `rawHeaders` is taken for. */
  readonly ask: (rawHeaders: readonly string[], request?: AskedRequest) => Promise<AuthOutcome>;
  /** A token of the tenant for a person, with what is changed in it. */
  readonly signed: (claims?: object, changes?: object) => Promise<string>;
}

export interface AskedRequest {
  readonly url?: string;
  readonly places?: CredentialPlaces;
}

/** A key, an expired one, a revoked one, a tenant, and the identity of the machine, for tests. */
export async function openAuthWorld(): Promise<AuthWorld> {
  const clock = new StillClock();
  const [tenant, stranger] = await Promise.all([Tenant.start(), Tenant.start()]);
  await tenant.addKey('curve', 'ES256');
  const [home, foreignHome] = await Promise.all([makeHome(), makeHome()]);
  const [keys, local, foreignLocal] = await Promise.all([
    openKeys(),
    openLocalIdentity({ home, issuer: () => ISSUER, clock }),
    openLocalIdentity({ home: foreignHome, issuer: () => ISSUER, clock }),
  ]);
  const entra = createEntraVerifier(entraConfig(tenant), { clock });
  return {
    clock,
    tenant,
    stranger,
    keys,
    entra,
    local,
    foreignLocal,
    ask: async (rawHeaders, { url, places } = {}) => {
      const attempts = new FailedAttempts({ clock });
      const authenticator = createAuthenticator({ keys, verifiers: [local, entra], attempts, clock });
      const credentials = readCredentials({ rawHeaders, url, address: '192.0.2.7' }, places);
      return await authenticator.authenticate(credentials);
    },
    signed: async (claims = {}, changes = {}) => await tenant.signHeader(header(changes), person(claims)),
    [Symbol.asyncDispose]: async () => {
      await Promise.all([tenant[Symbol.asyncDispose](), stranger[Symbol.asyncDispose]()]);
      await Promise.all([home, foreignHome].map(async (folder) => await rm(folder, { recursive: true })));
    },
  };
}

export const bearer = (token: string): string[] => ['Authorization', `Bearer ${token}`];
export const header = (changes: object = {}): object => ({
  alg: 'RS256',
  typ: 'JWT',
  kid: 'first',
  ...changes,
});
export const person = (changes: object = {}): object => ({ ...PERSON_V2, ...changes });

export async function localToken(identity: LocalIdentity): Promise<string> {
  const token = await identity.issue('https://cognitiveservices.azure.com');
  return token?.access_token ?? '';
}

async function makeHome(): Promise<string> {
  return await mkdtemp(join(tmpdir(), 'samtal-auth-'));
}

async function openKeys(): Promise<ApiKey[]> {
  const configs = [
    { name: 'right', from: { env: 'RIGHT' } },
    { name: 'old', from: { env: 'EXPIRED' }, expires: '2026-01-15T12:00:00Z' },
    { name: 'leaked', from: { env: 'REVOKED' }, revoked: true },
  ];
  return await openNamedKeys(
    configs.map((config) => namedKeySchema.parse(config)),
    { RIGHT: KEY, EXPIRED: EXPIRED_KEY, REVOKED: REVOKED_KEY },
  );
}

function entraConfig(tenant: Tenant): ReturnType<typeof entraConfigSchema.parse> {
  return entraConfigSchema.parse({
    tenants: [{ id: TENANT_ID, keysUrl: tenant.keysUrl }],
    audiences: ['api://samtal'],
    grants: [
      { objectId: OBJECT_ID, role: 'user' },
      { group: GROUP_ID, role: 'user' },
    ],
  });
}
