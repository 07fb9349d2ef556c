import { createHmac } from 'node:crypto';
import { exportSPKI, importJWK } from 'jose';
import { afterAll, describe, expect, test } from 'vitest';
import {
  bearer,
  header,
  ISSUER,
  localToken,
  OTHER_TENANT,
  openAuthWorld,
  person,
} from './testing/auth-world.ts';
import { GROUP_ID, NOW_SECONDS, PERSON_V2, SERVICE_V1, TENANT_ID } from './testing/tenant.ts';

const world = await openAuthWorld();
const { tenant, stranger, foreignLocal, ask, signed } = world;

afterAll(async () => {
  await world[Symbol.asyncDispose]();
});

const encode = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');
const without = (claim: string): object =>
  Object.fromEntries(Object.entries(PERSON_V2).filter(([name]) => name !== claim));

function hmacToken(alg: 'HS256' | 'RS256', secret: string): string {
  const text = `${encode(header({ alg }))}.${encode(PERSON_V2)}`;
  return `${text}.${createHmac('sha256', secret).update(text).digest('base64url')}`;
}

async function publicPem(): Promise<string> {
  const key = await importJWK(tenant.publicJwk(), 'RS256', { extractable: true });
  if (key instanceof Uint8Array) throw new Error('The tenant has an RSA key.');
  return await exportSPKI(key);
}

type Refused = readonly [why: string, make: () => string | Promise<string>, detail: string];

const FORGED: readonly Refused[] = [
  ['alg none, unsigned', () => `${encode(header({ alg: 'none' }))}.${encode(PERSON_V2)}.`, 'not signed'],
  ['alg none with a signature', async () => await signed({}, { alg: 'none' }), 'header is refused: alg'],
  ['alg None in other letters', async () => await signed({}, { alg: 'nOnE' }), 'header is refused: alg'],
  ['no alg', async () => await signed({}, { alg: undefined }), 'header is refused: alg'],
  [
    'HS256 with the public key as the secret',
    async () => hmacToken('HS256', await publicPem()),
    'header is refused: alg',
  ],
  [
    'HS256 with the public JWK as the secret',
    () => hmacToken('HS256', JSON.stringify(tenant.publicJwk())),
    'header is refused: alg',
  ],
  [
    'an HMAC that claims to be RS256',
    async () => hmacToken('RS256', await publicPem()),
    'signature is wrong',
  ],
  [
    'RS384, which is not on the list',
    async () => await signed({}, { alg: 'RS384' }),
    'header is refused: alg',
  ],
  [
    'PS256, which is not on the list',
    async () => await signed({}, { alg: 'PS256' }),
    'header is refused: alg',
  ],
  ['ES256 claimed for an RSA key', async () => await signed({}, { alg: 'ES256' }), 'no key of its issuer'],
  ['RS256 claimed for an EC key', async () => await signed({}, { kid: 'curve' }), 'no key of its issuer'],
  [
    'a key that the issuer has not',
    async () => await signed({}, { kid: 'second' }),
    'no key of its issuer is called "second"',
  ],
  ['no kid', async () => await signed({}, { kid: undefined }), 'header is refused: kid'],
  ['a kid that is a path', async () => await signed({}, { kid: '../../dev/null' }), 'no key of its issuer'],
  ['a kid that is a number', async () => await signed({}, { kid: 1 }), 'header is refused: kid'],
  [
    'a kid of 300 characters',
    async () => await signed({}, { kid: 'k'.repeat(300) }),
    'header is refused: kid',
  ],
  ['a critical extension', async () => await signed({}, { crit: ['exp'], exp: 1 }), 'header is refused'],
  [
    'a key that it brings along',
    async () => await stranger.sign(PERSON_V2, { jwk: stranger.publicJwk() }),
    'header is refused',
  ],
  [
    'a link to its own keys',
    async () => await stranger.sign(PERSON_V2, { jku: stranger.keysUrl }),
    'header is refused',
  ],
  [
    'a link to its own certificate',
    async () => await stranger.sign(PERSON_V2, { x5u: stranger.keysUrl }),
    'header is refused',
  ],
  [
    'a certificate that it brings along',
    async () => await stranger.sign(PERSON_V2, { x5c: ['MIIB'] }),
    'header is refused',
  ],
  ['an unencoded payload', async () => await signed({}, { b64: false }), 'header is refused'],
  ['a compressed payload', async () => await signed({}, { zip: 'DEF' }), 'header is refused'],
  ['another type', async () => await signed({}, { typ: 'secevent+jwt' }), 'header is refused: typ'],
  ["a stranger's key under the right kid", async () => await stranger.sign(PERSON_V2), 'signature is wrong'],
  [
    "a local token with another home's key",
    async () => await localToken(foreignLocal),
    'no key of this server',
  ],
  [
    'a token of the tenant that claims the local issuer',
    async () => await signed({ iss: ISSUER }),
    'no key of this server',
  ],
];

const WRONG_CLAIMS: readonly Refused[] = [
  [
    'the v1 issuer without its slash',
    async () => await signed({ iss: `https://sts.windows.net/${TENANT_ID}` }),
    'is not trusted',
  ],
  ['the v2 issuer with a slash', async () => await signed({ iss: `${PERSON_V2.iss}/` }), 'is not trusted'],
  [
    'the issuer over plain http',
    async () => await signed({ iss: PERSON_V2.iss.replace('https', 'http') }),
    'is not trusted',
  ],
  [
    'the issuer with a port',
    async () => await signed({ iss: PERSON_V2.iss.replace('.com', '.com:443') }),
    'is not trusted',
  ],
  [
    'the common issuer',
    async () => await signed({ iss: PERSON_V2.iss.replace(TENANT_ID, 'common') }),
    'is not trusted',
  ],
  [
    'the issuer template',
    async () => await signed({ iss: PERSON_V2.iss.replace(TENANT_ID, '{tenantid}') }),
    'is not trusted',
  ],
  [
    'another tenant',
    async () => await signed({ iss: PERSON_V2.iss.replace(TENANT_ID, OTHER_TENANT) }),
    'is not trusted',
  ],
  [
    'the tenant in capitals',
    async () => await signed({ iss: PERSON_V2.iss.replace(TENANT_ID, TENANT_ID.toUpperCase()) }),
    'is not trusted',
  ],
  [
    'the tenant as a folder of another',
    async () => await signed({ iss: PERSON_V2.iss.replace(TENANT_ID, `${OTHER_TENANT}/../${TENANT_ID}`) }),
    'is not trusted',
  ],
  [
    'a host that begins like the issuer',
    async () => await signed({ iss: PERSON_V2.iss.replace('.com', '.com.example.org') }),
    'is not trusted',
  ],
  [
    'a host with a Cyrillic letter',
    async () => await signed({ iss: PERSON_V2.iss.replace('login', 'lоgin') }),
    'is not trusted',
  ],
  ['a list of issuers', async () => await signed({ iss: [PERSON_V2.iss] }), 'is not trusted'],
  ['no issuer', async () => await signed({ iss: undefined }), 'is not trusted'],
  ["another tenant's tid", async () => await signed({ tid: OTHER_TENANT }), "is not its issuer's"],
  ['no tid', async () => await signed({ tid: undefined }), 'claim tid'],
  ['a token that ended', async () => await signed({ exp: NOW_SECONDS - 3_600 }), 'expired'],
  [
    'a token that ended just as long ago as the skew',
    async () => await signed({ exp: NOW_SECONDS - 60 }),
    'expired',
  ],
  ['a token that begins after the skew', async () => await signed({ nbf: NOW_SECONDS + 61 }), 'claim nbf'],
  ['no end', async () => await tenant.sign(without('exp')), 'claim "exp"'],
  ['an end that is text', async () => await signed({ exp: '9999999999' }), 'claim exp'],
  [
    'an end beyond all numbers',
    async () => await tenant.signText(JSON.stringify(PERSON_V2).replace(/"exp":\d+/, '"exp":1e999')),
    'claim "exp"',
  ],
  ['no time of issue', async () => await tenant.sign(without('iat')), 'claim "iat"'],
  ['another audience', async () => await signed({ aud: 'api://other' }), 'claim aud is "api://other"'],
  [
    "Azure's audience without opting in",
    async () => await signed({ aud: 'https://cognitiveservices.azure.com' }),
    'claim aud',
  ],
  [
    'an audience with our name in front',
    async () => await signed({ aud: 'api://samtal.example' }),
    'claim aud',
  ],
  ['an audience with a slash too many', async () => await signed({ aud: 'api://samtal/' }), 'claim aud'],
  [
    'our audience in a list',
    async () => await signed({ aud: ['api://other', 'api://samtal'] }),
    'claim "aud"',
  ],
  ['our audience alone in a list', async () => await signed({ aud: ['api://samtal'] }), 'claim "aud"'],
  ['an empty audience', async () => await signed({ aud: '' }), 'claim aud'],
  ['no audience', async () => await tenant.sign(without('aud')), 'claim aud'],
  ['no subject', async () => await tenant.sign(without('sub')), 'claim "sub"'],
  ['no object id', async () => await tenant.sign(without('oid')), 'claim oid'],
  ['no version', async () => await tenant.sign(without('ver')), 'claim ver'],
  ['an ID token, which names no client', async () => await tenant.sign(without('azp')), 'claim azp'],
  ['neither scope nor app', async () => await tenant.sign(without('scp')), 'neither scopes nor an app'],
  ['groups that are text', async () => await signed({ groups: GROUP_ID }), 'claim groups'],
];

const MISSHAPEN: readonly Refused[] = [
  ['more than 16000 characters', async () => await signed({ name: 'n'.repeat(16_000) }), 'more than 16000'],
  ['no signature', async () => (await signed()).replace(/\.[^.]+$/, '.'), 'not signed'],
  ['two segments', async () => (await signed()).replace(/\.[^.]+$/, ''), '2 segments'],
  ['a cut signature', async () => (await signed()).slice(0, -2), 'signature is wrong'],
  [
    'the payload of another token',
    async () => swapPayload(await signed(), person({ oid: OTHER_TENANT })),
    'signature is wrong',
  ],
  ['an encrypted token', () => `${encode({ alg: 'RSA-OAEP', enc: 'A256GCM' })}.a.b.c.d`, 'encrypted'],
  ['the token twice', async () => `${await signed()}.${await signed()}`, '6 segments'],
  ['a dot at the end', async () => `${await signed()}.`, '4 segments'],
  ['padding at the end', async () => `${await signed()}=`, 'not canonical base64url'],
  ['one character more', async () => `${await signed()}A`, 'signature is wrong'],
  ['another spelling of the last byte', async () => respell(await signed()), 'not canonical base64url'],
  [
    'the plain base64 alphabet',
    async () => `${(await signed()).replace(/[^.]+$/, '')}${'+/'.repeat(171)}`,
    'not canonical base64url',
  ],
  ['a space inside', async () => (await signed()).replace('.', '. '), 'not canonical base64url'],
  ['claims that are a list', async () => await tenant.signText('[]'), 'not a JSON object'],
  ['claims that are no JSON', async () => await tenant.signText('{"iss":'), 'not a JSON object'],
  [
    'claims that are no UTF-8',
    async () => await tenant.signText(new Uint8Array([0x7b, 0xff, 0x7d])),
    'not a JSON object',
  ],
  ['a header that is no JSON', () => `e30x.${encode(PERSON_V2)}.AAAA`, 'header is refused'],
  ['dots alone', () => '..', 'not signed'],
];

function swapPayload(token: string, claims: object): string {
  const [head = '', , signature = ''] = token.split('.');
  return `${head}.${encode(claims)}.${signature}`;
}

/** A 256-byte signature ends in a character of which four bits count. */
function respell(token: string): string {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
  const last = alphabet.indexOf(token.slice(-1));
  return token.slice(0, -1) + alphabet[last + 1];
}

describe('a token is refused that has', () => {
  test.each([...FORGED, ...WRONG_CLAIMS, ...MISSHAPEN])('%s', async (_why, make, detail) => {
    const token = await make();
    const outcome = await ask(bearer(token));
    expect(outcome).toEqual({ ok: false, failure: 'wrong-token', detail: expect.stringContaining(detail) });
    expect(JSON.stringify(outcome)).not.toContain(token);
  });
});

describe('a true token is forbidden to', () => {
  test.each<Refused>([
    ['a person without a grant', async () => await signed({ oid: OTHER_TENANT }), 'has no role here'],
    [
      'a person whose groups did not fit',
      async () => await signed({ oid: OTHER_TENANT, hasgroups: true }),
      'more groups',
    ],
    [
      'a service without a grant',
      async () => await tenant.sign({ ...SERVICE_V1, oid: OTHER_TENANT, sub: OTHER_TENANT }),
      'has no role here',
    ],
  ])('%s', async (_who, make, detail) => {
    expect(await ask(bearer(await make()))).toMatchObject({
      failure: 'forbidden',
      detail: expect.stringContaining(detail),
    });
  });
});
