import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { brotliCompressSync } from 'node:zlib';
import Fastify, { type FastifyInstance } from 'fastify';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { pageRoutes } from './page-routes.ts';

const BROWSER = { accept: 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8' };

let directory: string;
let app: FastifyInstance;
let unbuilt: FastifyInstance;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'samtal-page-'));
  await mkdir(join(directory, 'built/assets'), { recursive: true });
  await writeFile(join(directory, 'built/index.html'), '<meta nonce="{{nonce}}"><p>the page</p>');
  await writeFile(join(directory, 'built/favicon.svg'), '<svg/>');
  await writeFile(join(directory, 'built/assets/main-abc.js'), 'go()');
  await writeFile(join(directory, 'built/assets/tool-sandbox-worker-abc.js'), 'run()');
  await writeFile(join(directory, 'built/assets/main-abc.js.br'), brotliCompressSync('go()'));
  app = Fastify();
  // As the server answers what it knows nothing of.
  app.setErrorHandler(async (_error, _request, reply) => await reply.code(500).send());
  await pageRoutes(app, { version: '1.2.3', directory: join(directory, 'built') });
  unbuilt = Fastify();
  await pageRoutes(unbuilt, { version: '1.2.3', directory: join(directory, 'nowhere') });
});

afterAll(async () => {
  await Promise.all([app.close(), unbuilt.close()]);
  await rm(directory, { recursive: true });
});

test.each(['/', '/realtime', '/chat', '/compare', '/deployments', '/models'])(
  'a browser gets the page at %s',
  async (url) => {
    const { statusCode, headers, body } = await app.inject({ url, headers: BROWSER });
    expect(statusCode).toBe(200);
    expect(headers).toMatchObject({
      'content-type': 'text/html; charset=utf-8',
      'cache-control': 'no-store',
      vary: 'accept',
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
      'cross-origin-opener-policy': 'same-origin',
    });
    expect(body).toContain('the page');
  },
);

test('the styles of each answer have a nonce of their own, and scripts have none', async () => {
  const ask = async () => await app.inject({ url: '/', headers: BROWSER });
  const nonces = [await ask(), await ask()].map(({ headers, body }) => {
    const nonce = /nonce="(\w{24})"/.exec(body)?.[1];
    const policy = String(headers['content-security-policy']).split('; ');
    expect(policy).toContain(`style-src 'self' 'nonce-${nonce}'`);
    expect(policy).toContain("script-src 'self'");
    expect(policy).toContain("default-src 'none'");
    return nonce;
  });
  expect(nonces[0]).not.toBe(nonces[1]);
});

test('a program that gets the root is told what the server is', async () => {
  const { headers, body } = await app.inject({ url: '/', headers: { accept: '*/*' } });
  expect(headers['content-type']).toBe('text/plain; charset=utf-8');
  expect(body).toMatch(/^Samtal 1\.2\.3: the OpenAI and Azure OpenAI speech APIs/);
});

test('to a program the other pages do not exist', async () => {
  expect((await app.inject({ url: '/realtime', headers: { accept: 'application/json' } })).statusCode).toBe(
    404,
  );
});

test('an asset is kept for a year, compressed, under a policy that its worker obeys', async () => {
  const { headers, rawPayload } = await app.inject({
    url: '/assets/main-abc.js',
    headers: { 'accept-encoding': 'gzip, br' },
  });
  expect(headers).toMatchObject({
    'content-type': 'application/javascript; charset=utf-8',
    'content-encoding': 'br',
    'cache-control': 'public, max-age=31536000, immutable',
    'x-content-type-options': 'nosniff',
  });
  expect(headers['content-security-policy']).toMatch(/^default-src 'none'; script-src 'self'/);
  expect(rawPayload).toEqual(brotliCompressSync('go()'));
});

test('only the worker that runs tools may evaluate text, and it may not connect', async () => {
  const policyOf = async (name: string): Promise<unknown> =>
    (await app.inject({ url: `/assets/${name}` })).headers['content-security-policy'];
  expect(await policyOf('tool-sandbox-worker-abc.js')).toBe(
    "default-src 'none'; script-src 'self' 'unsafe-eval'; frame-ancestors 'none'",
  );
  expect(await policyOf('main-abc.js')).not.toContain('unsafe-eval');
});

test.each([
  ['a name that none has', '/assets/other.js'],
  ['what is above', '/assets/../index.html'],
  ['what is above, encoded', '/assets/%2e%2e/index.html'],
  ['what is above elsewhere', '/assets/..%5cindex.html'],
  ['a name with a null', '/assets/main-abc.js%00'],
  ['a name that no file can have', `/assets/${'long'.repeat(1000)}`],
  ['the folder', '/assets/'],
])('there is nothing for who asks for %s', async (_title, url) => {
  expect((await app.inject({ url, headers: BROWSER })).statusCode).toBe(404);
});

test('an asset is sent whole, also to who asks for a part that it does not have', async () => {
  const { statusCode, body } = await app.inject({
    url: '/assets/main-abc.js',
    headers: { range: 'bytes=100-' },
  });
  expect([statusCode, body]).toEqual([200, 'go()']);
});

test('an asset that is not the one which is asked for fails that condition', async () => {
  const { statusCode } = await app.inject({
    url: '/assets/main-abc.js',
    headers: { 'if-match': '"another"' },
  });
  expect(statusCode).toBe(412);
});

test('a page that is not built names the command that builds it', async () => {
  const { statusCode, body } = await unbuilt.inject({ url: '/chat', headers: BROWSER });
  expect(statusCode).toBe(503);
  expect(body).toContain('npm run build --workspace playground');
});
