import { afterAll, beforeAll, expect, test } from 'vitest';
import { parseToken } from './compact-token.ts';
import { createEntraVerifier } from './entra.ts';
import { entraConfigSchema } from './entra-config.ts';
import {
  APP_ID,
  GROUP_ID,
  OBJECT_ID,
  PERSON_V2,
  SERVICE_V1,
  StillClock,
  TENANT_ID,
  Tenant,
} from './testing/tenant.ts';
import type { TokenOutcome } from './token-verifier.ts';

let tenant: Tenant;

beforeAll(async () => {
  tenant = await Tenant.start();
});

afterAll(async () => await tenant[Symbol.asyncDispose]());

function configOf(changes: object): unknown {
  return {
    tenants: [{ id: TENANT_ID, keysUrl: tenant.keysUrl }],
    audiences: ['api://samtal'],
    grants: [{ objectId: OBJECT_ID, role: 'user' }],
    ...changes,
  };
}

async function verify(claims: object, changes: object = {}): Promise<TokenOutcome> {
  const verifier = createEntraVerifier(entraConfigSchema.parse(configOf(changes)), {
    clock: new StillClock(),
  });
  const parsed = parseToken(await tenant.sign(claims));
  if (!parsed.ok) throw new Error(parsed.detail);
  return await verifier.verify(parsed.token);
}

const accepted = (name: string, ...roles: string[]): object => ({
  ok: true,
  principal: {
    id: 'entra:0f8fad5b-d9cb-469f-a165-70867728950e/7c9e6679-7425-40de-944b-e07fc1f90ae7',
    name,
    roles,
  },
});

test('a v2 token of a person is accepted by the object id', async () => {
  expect(await verify(PERSON_V2)).toEqual(accepted('Ada', 'user'));
});

test('a v1 token of a service is accepted by the object id', async () => {
  expect(await verify(SERVICE_V1)).toEqual(accepted(OBJECT_ID, 'user'));
});

test('an ES256 token is accepted', async () => {
  await tenant.addKey('curve', 'ES256');
  const token = parseToken(await tenant.sign(PERSON_V2, { alg: 'ES256' }, 'curve'));
  const verifier = createEntraVerifier(entraConfigSchema.parse(configOf({})), { clock: new StillClock() });
  expect(token.ok && (await verifier.verify(token.token)).ok).toBe(true);
});

test('a group gives its role', async () => {
  const grants = [{ group: GROUP_ID.toUpperCase(), role: 'Cognitive Services OpenAI Contributor' }];
  expect(await verify({ ...PERSON_V2, groups: [GROUP_ID] }, { grants })).toEqual(
    accepted('Ada', 'contributor'),
  );
});

test('an app role gives its role', async () => {
  const grants = [{ appRole: 'Speech.Call', role: 'Cognitive Services OpenAI User' }];
  expect(await verify({ ...PERSON_V2, roles: ['Speech.Call'] }, { grants })).toEqual(accepted('Ada', 'user'));
});

test('an app gives its role to the app itself', async () => {
  const grants = [{ app: APP_ID, role: 'user' }];
  expect(await verify(SERVICE_V1, { grants })).toEqual(accepted(OBJECT_ID, 'user'));
});

test('an app gives nothing to the people who sign in through it', async () => {
  const grants = [{ app: APP_ID, role: 'user' }];
  expect(await verify(PERSON_V2, { grants })).toMatchObject({ ok: false, failure: 'forbidden' });
});

test('several grants add up', async () => {
  const grants = [
    { objectId: OBJECT_ID, role: 'user' },
    { appRole: 'Speech.Manage', role: 'contributor' },
  ];
  const outcome = await verify({ ...PERSON_V2, roles: ['Speech.Manage'] }, { grants });
  expect(outcome).toEqual(accepted('Ada', 'user', 'contributor'));
});

test('an identity without a grant is forbidden, and the log says what to add', async () => {
  const grants = [{ group: GROUP_ID, role: 'user' }];
  expect(await verify(PERSON_V2, { grants })).toEqual({
    ok: false,
    failure: 'forbidden',
    detail:
      'user 7c9e6679-7425-40de-944b-e07fc1f90ae7 has no role here. Add the object id, a group, an app or an app role to grants.',
  });
});

test.each([
  [
    '_claim_names',
    { _claim_names: { groups: 'src1' }, _claim_sources: { src1: { endpoint: 'https://x.example' } } },
  ],
  ['hasgroups', { hasgroups: true }],
])('a token whose groups did not fit (%s) is forbidden for that reason', async (_claim, claims) => {
  const grants = [{ group: GROUP_ID, role: 'user' }];
  expect(await verify({ ...PERSON_V2, ...claims }, { grants })).toMatchObject({
    failure: 'forbidden',
    detail: expect.stringContaining('more groups than its token lists'),
  });
});

test('groups that did not fit do not matter to whom another row names', async () => {
  const claims = { ...PERSON_V2, _claim_names: { groups: 'src1' } };
  expect(await verify(claims)).toEqual(accepted('Ada', 'user'));
});

test("Azure's audience is accepted with and without slash once the operator has opted in", async () => {
  const changes = { audiences: [], acceptAzureAudience: true };
  for (const aud of ['https://cognitiveservices.azure.com', 'https://cognitiveservices.azure.com/']) {
    expect(await verify({ ...PERSON_V2, aud })).toMatchObject({ failure: 'wrong-token' });
    expect(await verify({ ...PERSON_V2, aud }, changes)).toEqual(accepted('Ada', 'user'));
  }
});

test('the clock skew is the configured one', async () => {
  const exp = 1_768_478_400 - 90;
  expect((await verify({ ...PERSON_V2, exp })).ok).toBe(false);
  expect((await verify({ ...PERSON_V2, exp }, { clockSkewSeconds: 120 })).ok).toBe(true);
});

test('a key server that is down refuses and says so', async () => {
  const tenants = [{ id: TENANT_ID, keysUrl: 'http://127.0.0.1:1/keys' }];
  expect(await verify(PERSON_V2, { tenants })).toMatchObject({
    failure: 'wrong-token',
    detail: expect.stringContaining('the keys of its issuer are not to be had'),
  });
});

test('without further settings the keys come from the metadata of the public cloud', () => {
  const { tenants } = entraConfigSchema.parse(configOf({ tenants: [{ id: TENANT_ID.toUpperCase() }] }));
  expect(tenants).toEqual([
    {
      id: '0f8fad5b-d9cb-469f-a165-70867728950e',
      issuers: [
        'https://sts.windows.net/0f8fad5b-d9cb-469f-a165-70867728950e/',
        'https://login.microsoftonline.com/0f8fad5b-d9cb-469f-a165-70867728950e/v2.0',
      ],
      keysUrl: undefined,
      metadataUrl:
        'https://login.microsoftonline.com/0f8fad5b-d9cb-469f-a165-70867728950e/v2.0/.well-known/openid-configuration',
    },
  ]);
});

test.each([
  ['no tenant', { tenants: [] }],
  ['the tenant common', { tenants: [{ id: 'common' }] }],
  ['keys over plain http', { tenants: [{ id: TENANT_ID, keysUrl: 'http://keys.example/' }] }],
  ['no audience', { audiences: [] }],
  ["Azure's audience without opting in", { audiences: ['https://cognitiveservices.azure.com'] }],
  ['a role that does not exist', { grants: [{ objectId: OBJECT_ID, role: 'owner' }] }],
  ['a row for two', { grants: [{ objectId: OBJECT_ID, group: GROUP_ID, role: 'user' }] }],
  ['no row', { grants: [] }],
  ['a skew of an hour', { clockSkewSeconds: 3_600 }],
])('a configuration with %s is refused', (_name, changes) => {
  expect(entraConfigSchema.safeParse(configOf(changes)).success).toBe(false);
});
