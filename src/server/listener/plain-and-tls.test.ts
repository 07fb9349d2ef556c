import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type IncomingMessage, request, type Server } from 'node:http';
import { request as secureRequest } from 'node:https';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Duplex } from 'node:stream';
import { connect as connectTls, TLSSocket } from 'node:tls';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { homeAt } from '../home/paths.ts';
import { ensureDevelopmentCertificate } from './development-certificate.ts';
import { type PlainAndTls, type PlainAndTlsOptions, servePlainAndTls } from './plain-and-tls.ts';
import type { ServerCertificate } from './server-certificate.ts';

const home = homeAt(await mkdtemp(join(tmpdir(), 'samtal-port-')));
let certificate: ServerCertificate;
beforeAll(async () => {
  certificate = await ensureDevelopmentCertificate(home, { hostName: 'box', now: new Date() });
});
afterAll(async () => await rm(home.directory, { recursive: true, force: true }));

interface Port {
  readonly server: Server;
  readonly number: number;
  readonly ends: PlainAndTls;
}

const ports: Port[] = [];
afterEach(async () => {
  for (const { server, ends } of ports.splice(0)) {
    ends.destroyAll();
    await new Promise((resolve) => server.close(resolve));
  }
});

/** Answers with the scheme and the body; an upgraded connection is echoed. */
async function open(options: Partial<PlainAndTlsOptions> = {}): Promise<Port> {
  const server = createServer({ requestTimeout: 2000 }, (message, response) => {
    message.setEncoding('utf8');
    let body = '';
    message.on('data', (text: string) => {
      body += text;
    });
    message.on('end', () => response.end(`${schemeOf(message)} ${body}`));
  });
  server.on('upgrade', (message, socket, head) => {
    socket.write(
      `HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: echo\r\n\r\n${schemeOf(message)}:`,
    );
    socket.write(head);
    socket.pipe(socket);
  });
  const ends = servePlainAndTls(server, { ...certificate, ...options });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const port = { server, ends, number: (server.address() as AddressInfo).port };
  ports.push(port);
  return port;
}

function schemeOf(message: IncomingMessage): string {
  return message.socket instanceof TLSSocket ? 'https' : 'http';
}

function dial(port: Port): Socket {
  const socket = connect({ port: port.number, host: '127.0.0.1', noDelay: true });
  socket.on('error', () => {});
  return socket;
}

function dialTls(
  port: Port,
  options: { readonly socket?: Duplex; readonly ALPNProtocols?: string[] } = {},
): TLSSocket {
  const target = options.socket ? {} : { port: port.number, host: '127.0.0.1' };
  return connectTls({ ...target, ...options, servername: 'localhost', ca: certificate.cert });
}

function byteByByte(socket: Socket): Duplex {
  const split = new Duplex({
    read() {},
    async write(chunk: Uint8Array, _, callback) {
      for (const byte of chunk) await new Promise((resolve) => socket.write(Buffer.from([byte]), resolve));
      callback();
    },
    final: (callback) => {
      socket.end(callback);
    },
  });
  socket.on('data', (chunk) => split.push(chunk));
  socket.on('end', () => split.push(null));
  return split;
}

/** All that comes until the peer ends. */
async function readAll(socket: Socket): Promise<string> {
  let text = '';
  for await (const chunk of socket) text += String(chunk);
  return text;
}

async function readUntil(socket: Socket, end: string): Promise<string> {
  let text = '';
  while (!text.endsWith(end)) {
    text += await new Promise<string>((resolve) => socket.once('data', (chunk) => resolve(String(chunk))));
  }
  return text;
}

async function closed(socket: Socket): Promise<void> {
  socket.resume();
  if (!socket.closed) await new Promise((resolve) => socket.once('close', resolve));
}

const GET = 'GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n';
const UPGRADE = 'GET / HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: echo\r\n\r\n';

async function post(port: Port, scheme: 'http' | 'https', body: string): Promise<string> {
  const send = scheme === 'http' ? request : secureRequest;
  const options = { port: port.number, host: 'localhost', family: 4, method: 'POST', ca: certificate.cert };
  return await new Promise((resolve, reject) => {
    const sent = send(options, (response) => {
      response.setEncoding('utf8');
      let text = '';
      response.on('data', (chunk: string) => {
        text += chunk;
      });
      response.on('end', () => resolve(text));
    });
    sent.on('error', reject);
    sent.end(body);
  });
}

test('one port answers HTTP and HTTPS, small bodies and large', async () => {
  const port = await open();
  const large = 'x'.repeat(3_000_000);
  expect(await post(port, 'http', 'one')).toBe('http one');
  expect(await post(port, 'https', 'two')).toBe('https two');
  expect(await post(port, 'http', large)).toBe(`http ${large}`);
  expect(await post(port, 'https', large)).toBe(`https ${large}`);
});

test('a connection is kept alive for the next request', async () => {
  const port = await open();
  const socket = dial(port);
  const secured = dialTls(port);
  for (const [client, scheme] of [
    [socket, 'http'],
    [secured, 'https'],
  ] as const) {
    client.write('GET / HTTP/1.1\r\nHost: localhost\r\n\r\n');
    await readUntil(client, `\r\n\r\n${scheme} `);
    client.write(GET);
    expect(await readAll(client)).toContain(`${scheme} `);
  }
});

test('a request that comes byte by byte is answered', async () => {
  const socket = dial(await open());
  for (const byte of GET) await new Promise((resolve) => socket.write(byte, resolve));
  expect(await readAll(socket)).toMatch(/^HTTP\/1\.1 200 OK/);
});

test('a TLS hello that is split over packets is understood', async () => {
  const port = await open();
  const secured = dialTls(port, { socket: byteByByte(dial(port)) });
  secured.write(GET);
  expect(await readAll(secured)).toContain('https');
});

test('HTTP/1.1 is agreed on, and a client that speaks HTTP/2 alone is told so', async () => {
  const port = await open();
  const both = dialTls(port, { ALPNProtocols: ['h2', 'http/1.1'] });
  await new Promise((resolve) => both.once('secureConnect', resolve));
  expect(both.alpnProtocol).toBe('http/1.1');
  both.destroy();
  const newer = dialTls(port, { ALPNProtocols: ['h2'] });
  const error = await new Promise<Error>((resolve) => newer.once('error', resolve));
  expect(error).toMatchObject({ code: 'ERR_SSL_TLSV1_ALERT_NO_APPLICATION_PROTOCOL' });
});

test('an upgraded connection carries bytes both ways, plain and encrypted', async () => {
  const port = await open();
  for (const [client, scheme] of [
    [dial(port), 'http'],
    [dialTls(port), 'https'],
  ] as const) {
    client.write(`${UPGRADE}early`);
    expect(await readUntil(client, `${scheme}:early`)).toMatch(/^HTTP\/1\.1 101/);
    client.write('more');
    expect(await readUntil(client, 'more')).toBe('more');
    client.destroy();
  }
});

test('bytes that are neither are answered with 400', async () => {
  const socket = dial(await open());
  socket.write('\u0000\u0001garbage\r\n\r\n');
  expect(await readAll(socket)).toMatch(/^HTTP\/1\.1 400 Bad Request/);
});

test('a broken TLS hello ends the connection and is reported', async () => {
  const errors: Error[] = [];
  const port = await open({ onTlsError: (error) => errors.push(error) });
  const socket = dial(port);
  socket.write(Buffer.from([0x16, 0xff, 0xff, 0xff, 0xff, 0, 0, 0]));
  await closed(socket);
  expect(errors).toHaveLength(1);
  expect(await post(port, 'https', 'on')).toBe('https on');
});

test('a connection that says nothing is closed in time', async () => {
  const socket = dial(await open({ admissionMs: 50 }));
  await closed(socket);
});

test('a TLS handshake that stops half way is closed in time', async () => {
  const socket = dial(await open({ admissionMs: 50 }));
  socket.write(Buffer.from([0x16, 0x03, 0x01]));
  await closed(socket);
});

test('a connection that has shown its HTTP is not bound by that time', async () => {
  const port = await open({ admissionMs: 50 });
  const talking = dial(port);
  const secured = dialTls(port);
  talking.write(GET.slice(0, 4));
  secured.write(GET.slice(0, 4));
  await closed(dial(port));
  talking.write(GET.slice(4));
  secured.write(GET.slice(4));
  expect(await readAll(talking)).toContain('http ');
  expect(await readAll(secured)).toContain('https ');
});

test('when too many say nothing the oldest is closed', async () => {
  const port = await open({ maxUnadmitted: 2 });
  const silent = [dial(port), dial(port)];
  await Promise.all(
    silent.map(async (socket) => await new Promise((resolve) => socket.once('connect', resolve))),
  );
  expect(await post(port, 'http', 'third')).toBe('http third');
  await Promise.race(silent.map(closed));
  expect(silent.filter((socket) => socket.closed)).toHaveLength(1);
});

test('a client that ends or resets before its first byte does no harm', async () => {
  const port = await open();
  const ending = dial(port);
  ending.end();
  await closed(ending);
  const resetting = dial(port);
  await new Promise((resolve) => resetting.once('connect', resolve));
  resetting.resetAndDestroy();
  expect(await post(port, 'http', 'still')).toBe('http still');
});

test("the server's own limit on the time of a request holds for TLS too", async () => {
  const server = createServer({ headersTimeout: 50, requestTimeout: 50, connectionsCheckingInterval: 20 });
  const ends = servePlainAndTls(server, certificate);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const port = { server, ends, number: (server.address() as AddressInfo).port };
  ports.push(port);
  const secured = dialTls(port);
  secured.write('GET / HTTP/1.1\r\n');
  expect(await readAll(secured)).toMatch(/^HTTP\/1\.1 408/);
});

test('closing waits for nobody who has not spoken', async () => {
  const { server, ends, ...port } = await open();
  const silent = dial({ server, ends, ...port });
  await new Promise((resolve) => server.once('connection', resolve));
  const done = new Promise((resolve) => server.close(resolve));
  ends.closeUnadmitted();
  await done;
  await closed(silent);
});

test('destroying ends upgraded connections as well', async () => {
  const port = await open();
  const secured = dialTls(port);
  secured.write(UPGRADE);
  await readUntil(secured, 'https:');
  const done = new Promise((resolve) => port.server.close(resolve));
  port.ends.destroyAll();
  await done;
  await closed(secured);
});
