import { execFile, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { type IncomingMessage, request as plainRequest } from 'node:http';
import { request as secureRequest } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { promisify } from 'node:util';
import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { configSchema } from '../../src/server/config/schema.ts';
import { homeAt } from '../../src/server/home/paths.ts';
import { type Listener, listen } from '../../src/server/listen.ts';
import { openTestApp, type TestApp } from '../support/app.ts';

const TRIES = 5;
/** Above the 32 MiB that the server takes. */
const BODY = Buffer.alloc(40_000_000, 'x');

const hasPython = isInstalled('python3', ['-c', 'import ssl, urllib.request']);
const hasRequests = hasPython && isInstalled('python3', ['-c', 'import requests']);
const hasCurl = isInstalled('curl', ['--version']);
for (const [name, isThere] of Object.entries({
  python3: hasPython,
  'requests of python': hasRequests,
  curl: hasCurl,
})) {
  if (!isThere) console.warn(`${name} is not installed: how it meets a refused body was not tried`);
}

const home = homeAt(await mkdtemp(join(tmpdir(), 'samtal-refused-')));
const bodyFile = join(home.directory, 'body');
let server: TestApp;
let listener: Listener;

beforeAll(async () => {
  await writeFile(bodyFile, BODY);
  server = await openTestApp({ deaf: {} });
  listener = await listen(server.app, {
    config: configSchema.parse({}),
    home,
    host: '127.0.0.1',
    port: 0,
    logger: pino({ level: 'silent' }),
  });
});

afterAll(async () => {
  await listener.close(1000);
  await server[Symbol.asyncDispose]();
  await rm(home.directory, { recursive: true, force: true });
});

function isInstalled(program: string, words: string[]): boolean {
  return spawnSync(program, words).status === 0;
}

async function run(program: string, words: string[]): Promise<string> {
  const { stdout } = await promisify(execFile)(program, words, { maxBuffer: 1e7 });
  return stdout;
}

const URLLIB = `
import json, ssl, sys, urllib.error, urllib.request
url, key, body, ca, tries = sys.argv[1:]
data, context = open(body, 'rb').read(), ssl.create_default_context(cafile=ca)
for _ in range(int(tries)):
    request = urllib.request.Request(url, data, {'content-type': 'application/json', 'api-key': key})
    try:
        urllib.request.urlopen(request, context=context)
    except urllib.error.HTTPError as error:
        print(error.code, json.load(error)['error']['code'])
    except OSError as error:
        print(repr(error))
`;

const REQUESTS = `
import requests, sys
url, key, body, ca, tries = sys.argv[1:]
data = open(body, 'rb').read()
for _ in range(int(tries)):
    try:
        headers = {'content-type': 'application/json', 'api-key': key}
        answer = requests.post(url, data, headers=headers, verify=ca)
        print(answer.status_code, answer.json()['error']['code'])
    except OSError as error:
        print(repr(error))
`;

async function byPython(script: string, url: string): Promise<string[]> {
  const words = ['-c', script, url, server.key, bodyFile, home.authorityFile, String(TRIES)];
  return (await run('python3', words)).trim().split(/\r?\n/);
}

async function byCurl(url: string): Promise<string> {
  const headers = ['-H', 'content-type: application/json', '-H', `api-key: ${server.key}`, '-H', 'expect:'];
  const words = ['-s', '--cacert', home.authorityFile, ...headers, '-w', '\n%{http_code}'];
  const [body = '', status] = (await run('curl', [...words, '--data-binary', `@${bodyFile}`, url])).split(
    '\n',
  );
  return `${status} ${errorCode(body)}`;
}

async function byFetch(url: string): Promise<string> {
  const headers = { 'content-type': 'application/json', 'api-key': server.key };
  const answer = await fetch(url, { method: 'POST', headers, body: BODY });
  return `${answer.status} ${errorCode(await answer.text())}`;
}

/** With `fetch` a certificate authority can not be given while the program runs. */
async function byRequest(url: string, length: { 'content-length'?: number }): Promise<string> {
  const headers = { 'content-type': 'application/json', 'api-key': server.key, ...length };
  const ca = await readFile(home.authorityFile, 'utf8');
  const send = url.startsWith('https:') ? secureRequest : plainRequest;
  const sent = send(url, { method: 'POST', headers, ca, agent: false });
  // Once the answer is there, the connection may break under what is still being sent.
  sent.on('error', () => {});
  sent.end(BODY);
  const [response] = (await once(sent, 'response')) as [IncomingMessage];
  return `${response.statusCode} ${errorCode(await text(response))}`;
}

function errorCode(body: string): string {
  return String((JSON.parse(body) as { error: { code: unknown } }).error.code);
}

async function oftenEnough(attempt: () => Promise<string>): Promise<string[]> {
  const outcomes: string[] = [];
  while (outcomes.length < TRIES) outcomes.push(await attempt());
  return outcomes;
}

const ALL_REFUSED = Array.from({ length: TRIES }, () => '413 request_too_large');

describe.each(['http', 'https'])('over %s the refusal of a body that is too large is seen', (scheme) => {
  const url = (): string => `${scheme}://127.0.0.1:${listener.port}/v1/chat/completions`;

  test.runIf(hasPython)("by python's urllib", async () => {
    expect(await byPython(URLLIB, url())).toEqual(ALL_REFUSED);
  });

  test.runIf(hasRequests)("by python's requests", async () => {
    expect(await byPython(REQUESTS, url())).toEqual(ALL_REFUSED);
  });

  test.runIf(hasCurl)('by curl', async () => {
    expect(await oftenEnough(async () => await byCurl(url()))).toEqual(ALL_REFUSED);
  });

  test.runIf(scheme === 'http')("by node's fetch", async () => {
    expect(await oftenEnough(async () => await byFetch(url()))).toEqual(ALL_REFUSED);
  });

  test("by node's request", async () => {
    const attempt = async () => await byRequest(url(), { 'content-length': BODY.length });
    expect(await oftenEnough(attempt)).toEqual(ALL_REFUSED);
  });

  test('by a client that does not tell the length', async () => {
    expect(await oftenEnough(async () => await byRequest(url(), {}))).toEqual(ALL_REFUSED);
  });
});
