import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer, request, type Server } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openHub } from '../../src/server/models/hub.ts';
import { pullModel } from '../../src/server/models/pull-model.ts';
import { bytesOf, entryOf, fileOf } from './entries.ts';
import { FakeHub } from './fake-hub.ts';

const WEIGHTS = bytesOf(50_000);

let hub: FakeHub;
let models: string;
let proxy: Server;
/** What the proxy was asked for. */
const asked: string[] = [];

beforeEach(async () => {
  asked.length = 0;
  hub = await FakeHub.start();
  hub.addFile('acme/tiny', 'model.onnx', WEIGHTS);
  models = await mkdtemp(join(tmpdir(), 'samtal-proxy-'));
  proxy = await startProxy();
});

afterEach(async () => {
  proxy.closeAllConnections();
  proxy.close();
  await hub[Symbol.asyncDispose]();
  await rm(models, { recursive: true, force: true });
});

/** Passes on in both ways: by a tunnel, and by the whole address in the request. */
async function startProxy(): Promise<Server> {
  const server = createServer((incoming, outgoing) => {
    asked.push(`${incoming.method} ${incoming.url}`);
    request(incoming.url ?? '', { headers: incoming.headers }, (answer) => {
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(outgoing);
    }).end();
  });
  server.on('connect', (incoming, socket) => {
    asked.push(`CONNECT ${incoming.url}`);
    const { hostname, port } = new URL(`http://${incoming.url}`);
    const far = connect(Number(port), hostname, () => {
      socket.write('HTTP/1.1 200 Connection established\r\n\r\n');
      far.pipe(socket).pipe(far);
    });
    socket.on('error', () => far.destroy());
    far.on('error', () => socket.destroy());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return server;
}

async function pull(env: NodeJS.ProcessEnv): Promise<Buffer> {
  await using source = openHub({ SAMTAL_HUB: hub.url, ...env }, { stallMs: 2_000, retryMs: 1 });
  const { signal } = new AbortController();
  const entry = entryOf(fileOf('model.onnx', WEIGHTS));
  const { directory } = await pullModel(models, entry, { hub: source, signal });
  return await readFile(join(directory, 'model.onnx'));
}

function proxyUrl(): string {
  return `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`;
}

test.each(['HTTP_PROXY', 'http_proxy'])('%s leads to the hub through a proxy', async (name) => {
  expect(await pull({ [name]: proxyUrl() })).toEqual(WEIGHTS);
  expect(asked).toHaveLength(1);
});

test('NO_PROXY names the hosts that are asked directly', async () => {
  expect(await pull({ HTTP_PROXY: proxyUrl(), NO_PROXY: '127.0.0.1' })).toEqual(WEIGHTS);
  expect(asked).toEqual([]);
});

test('a proxy that is not there is told with what to set', async () => {
  await expect(pull({ HTTP_PROXY: 'http://127.0.0.1:9' })).rejects.toMatchObject({
    reason: 'offline',
    message: expect.stringContaining('Behind a proxy, set HTTPS_PROXY'),
  });
});

test('the token of Hugging Face goes to no proxy in the clear', async () => {
  await pull({ HTTP_PROXY: proxyUrl(), HF_TOKEN: 'hf_secret' });
  expect(asked.join()).not.toContain('hf_secret');
});
