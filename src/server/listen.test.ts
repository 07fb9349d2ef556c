import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { get as getPlain } from 'node:http';
import { get as getSecure } from 'node:https';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { fastify, type RouteHandlerMethod } from 'fastify';
import { pino } from 'pino';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type Config, configSchema } from './config/schema.ts';
import { type Home, homeAt } from './home/paths.ts';
import { type Listener, listen } from './listen.ts';

const hasIpv6 = await canListen('::1');
if (!hasIpv6) console.warn('This machine has no ::1: localhost was tried at 127.0.0.1 alone.');
const loopback = hasIpv6 ? ['127.0.0.1', '::1'] : ['127.0.0.1'];

let home: Home;
const closing: (() => Promise<void>)[] = [];

beforeEach(async () => {
  home = homeAt(await mkdtemp(join(tmpdir(), 'samtal-listen-')));
});

afterEach(async () => {
  for (const close of closing.splice(0)) await close();
  await rm(home.directory, { recursive: true, force: true });
});

async function canListen(host: string): Promise<boolean> {
  const server = createServer();
  const outcome = once(server.listen({ host, port: 0 }), 'listening').then(
    () => true,
    () => false,
  );
  const isListening = await outcome;
  server.close();
  return isListening;
}

async function open(
  host: string,
  server?: Config['server'],
  answer: RouteHandlerMethod = async (request) => ({ encrypted: 'encrypted' in request.raw.socket }),
): Promise<Listener> {
  const app = fastify({ forceCloseConnections: 'idle' });
  app.get('/', answer);
  const config = configSchema.parse(server ? { server } : {});
  const options = { config, home, host, port: 0, logger: pino({ level: 'silent' }) };
  const listener = await listen(app, options);
  closing.push(async () => await listener.close(1000));
  return listener;
}

async function get(url: string): Promise<string> {
  const ca = await readFile(home.authorityFile, 'utf8');
  const options = { agent: false as const };
  const request = url.startsWith('https:') ? getSecure(url, { ...options, ca }) : getPlain(url, options);
  const [response] = await once(request, 'response');
  let text = '';
  for await (const piece of response) text += String(piece);
  return text;
}

test.each(loopback)('localhost answers plain and TLS at %s', async (address) => {
  const { port, url } = await open('localhost');
  expect(url).toBe(`http://localhost:${port}`);
  const host = address.includes(':') ? `[${address}]` : address;
  expect(await get(`http://${host}:${port}/`)).toBe('{"encrypted":false}');
  expect(await get(`https://${host}:${port}/`)).toBe('{"encrypted":true}');
});

test.runIf(hasIpv6)('a closed listener is closed at both addresses', async () => {
  const listener = await open('localhost');
  await Promise.all(closing.splice(0).map(async (close) => await close()));
  for (const host of ['127.0.0.1', '[::1]']) {
    await expect(get(`http://${host}:${listener.port}/`)).rejects.toMatchObject({ code: 'ECONNREFUSED' });
  }
});

test('a listener that closes waits for the answer that is on its way, and for nothing after it', async () => {
  const asked = Promise.withResolvers<void>();
  const answered = Promise.withResolvers<object>();
  const listener = await open('127.0.0.1', undefined, async () => {
    asked.resolve();
    return await answered.promise;
  });
  // Which keeps its connections, as most clients do.
  const answer = fetch(`${listener.url}/`);
  await asked.promise;
  const began = performance.now();
  const closed = listener.close(5_000);
  while (await canConnect(listener.port)) await setTimeout(1);
  answered.resolve({ said: 'Goodbye.' });
  const response = await answer;
  expect(await response.json()).toEqual({ said: 'Goodbye.' });
  expect(response.status).toBe(200);
  await closed;
  expect(performance.now() - began).toBeLessThan(2_500);
});

async function canConnect(port: number): Promise<boolean> {
  const socket = connect(port, '127.0.0.1');
  try {
    await once(socket, 'connect');
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}

test("an operator's certificate that is none is refused with the setting's name", async () => {
  const cert = join(home.directory, 'wrong.pem');
  await writeFile(cert, 'wrong');
  const { server } = configSchema.parse({ server: { tls: { cert, key: cert } } });
  await expect(open('127.0.0.1', server)).rejects.toThrow(/server\.tls\.cert: .* is no PEM certificate/);
});
