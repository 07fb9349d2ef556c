import { once } from 'node:events';
import { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { afterEach, expect, test } from 'vitest';
import { WebSocket, WebSocketServer } from 'ws';
import { systemClock } from '../util/clock.ts';
import type { Inbound, RealtimeTransport } from './transport.ts';
import { type WebSocketTiming, webSocketTransport } from './websocket.ts';

const MIB = 2 ** 20;
const closing: (() => void)[] = [];

afterEach(() => {
  for (const close of closing.splice(0)) close();
});

interface Pair {
  readonly transport: RealtimeTransport;
  /** The socket below the transport. */
  readonly socket: WebSocket;
  readonly client: WebSocket;
  /** What the server's socket writes to. */
  readonly stream: Duplex;
}

async function connect(
  timing: Partial<WebSocketTiming> = {},
  options: { readonly autoPong?: boolean } = {},
): Promise<Pair> {
  const server = new WebSocketServer({ host: '127.0.0.1', port: 0 });
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  const arrived: Promise<unknown[]> = once(server, 'connection');
  const client = new WebSocket(`ws://127.0.0.1:${port}`, options);
  closing.push(() => {
    client.terminate();
    server.close();
  });
  const [[socket, request]] = await Promise.all([arrived, once(client, 'open')]);
  if (!(socket instanceof WebSocket) || !(request instanceof IncomingMessage))
    throw new Error('A connection came without its socket.');
  const timings = { pingMs: 20_000, stallMs: 20_000, closeMs: 2_000, ...timing };
  const { socket: stream } = request;
  const transport = webSocketTransport(socket, { clock: systemClock, stream, timing: timings });
  return { transport, socket, client, stream };
}

function event(text: string): Parameters<RealtimeTransport['send']>[0] {
  return { type: 'test', event_id: 'event_1', text };
}

async function closeOf(client: WebSocket): Promise<{ code: unknown; reason: string }> {
  const [code, reason]: unknown[] = await once(client, 'close');
  return { code, reason: String(reason) };
}

async function take(transport: RealtimeTransport, count: number): Promise<Inbound[]> {
  const taken: Inbound[] = [];
  for await (const message of transport.inbound) {
    taken.push(message);
    if (taken.length === count) break;
  }
  return taken;
}

test('what the client sends arrives in order, a binary frame without its bytes', async () => {
  const { transport, client } = await connect();
  client.send('{"type":"a"}');
  client.send(Buffer.from('b'), { binary: true });
  client.send('ö');
  expect(await take(transport, 3)).toEqual([
    { type: 'message', text: '{"type":"a"}' },
    { type: 'binary' },
    { type: 'message', text: 'ö' },
  ]);
});

test('events that are told in one go are written in one go, and at once', async () => {
  const { transport, client, stream } = await connect();
  const writes: number[] = [];
  // What a stream is asked to write, each time: the two parts of every frame, and together for all that was held back.
  const write = stream._writev?.bind(stream);
  stream._writev = (chunks, done) => {
    writes.push(chunks.length);
    write?.(chunks, done);
  };
  let arrived = 0;
  client.on('message', () => {
    arrived += 1;
  });
  for (const text of ['a', 'b', 'c']) await transport.send(event(text));
  expect(writes).toEqual([]);
  while (arrived < 3) await once(client, 'message');
  expect(writes).toEqual([6]);
  await transport.send(event('d'));
  await once(client, 'message');
  expect(writes).toEqual([6, 2]);
});

test('an event arrives as JSON in a text frame', async () => {
  const { transport, client } = await connect();
  const arrived = once(client, 'message');
  await transport.send(event('hello'));
  const [data, isBinary]: unknown[] = await arrived;
  expect(String(data)).toBe('{"type":"test","event_id":"event_1","text":"hello"}');
  expect(isBinary).toBe(false);
});

test('sending waits for a client that reads slowly, so that little lies in memory', async () => {
  const { transport, socket, client } = await connect();
  const text = 'x'.repeat(MIB);
  let most = 0;
  let arrived = 0;
  const all = new Promise<void>((resolve) => {
    client.on('message', () => {
      arrived += 1;
      client.pause();
      setImmediate(() => client.resume());
      if (arrived === 48) resolve();
    });
  });
  for (let count = 0; count < 48; count += 1) {
    const sent = transport.send(event(text));
    most = Math.max(most, socket.bufferedAmount);
    await sent;
  }
  await all;
  expect(most).toBeLessThan(2 * MIB);
});

test('a client that reads nothing is closed', async () => {
  const { transport, socket, client } = await connect({ stallMs: 50 });
  client.pause();
  while (socket.readyState === WebSocket.OPEN) await transport.send(event('x'.repeat(MIB)));
  expect(await Array.fromAsync(transport.inbound)).toEqual([]);
  const closed = closeOf(client);
  client.resume();
  expect((await closed).code).toBe(1006);
});

test('a client that sends more than is read has to wait, and loses nothing', async () => {
  const { transport, socket, client } = await connect();
  for (let count = 0; count < 8; count += 1) client.send('x'.repeat(MIB));
  await once(socket, 'message');
  expect(socket.isPaused).toBe(true);
  expect(await take(transport, 8)).toHaveLength(8);
});

test('many small messages make the client wait as well', async () => {
  const { transport, socket, client } = await connect();
  for (let count = 0; count < 1000; count += 1) client.send(String(count));
  while (!socket.isPaused) await once(socket, 'message');
  const taken = await take(transport, 1000);
  expect(taken.at(-1)).toEqual({ type: 'message', text: '999' });
});

test('a client that answers pings is kept', async () => {
  const { transport, client } = await connect({ pingMs: 10 });
  for (let count = 0; count < 6; count += 1) await once(client, 'ping');
  const arrived = once(client, 'message');
  await transport.send(event('still here'));
  expect(String((await arrived)[0])).toContain('still here');
});

test('a client that answers no ping is dead', async () => {
  const { transport, client } = await connect({ pingMs: 10 }, { autoPong: false });
  const closed = closeOf(client);
  expect(await Array.fromAsync(transport.inbound)).toEqual([]);
  expect((await closed).code).toBe(1006);
});

test('a client that is not being read is not taken for dead', async () => {
  const { transport, socket, client } = await connect({ pingMs: 10 });
  client.send('x'.repeat(MIB));
  await once(socket, 'message');
  for (let count = 0; count < 6; count += 1) await once(client, 'ping');
  expect(socket.isPaused).toBe(true);
  expect(await take(transport, 1)).toHaveLength(1);
});

test('the client is told why its connection is closed, as far as a frame can hold it', async () => {
  const { transport, client } = await connect();
  const closed = closeOf(client);
  await transport.close(1001, 'ö'.repeat(100));
  expect(await closed).toEqual({ code: 1001, reason: 'ö'.repeat(61) });
});

test('closing does not wait for ever for a client that does not answer', async () => {
  const { transport, client } = await connect({ closeMs: 30 });
  client.pause();
  await transport.close(1000, '');
  await transport.close(1000, '');
  expect(await Array.fromAsync(transport.inbound)).toEqual([]);
});

test('closing reads on to the answer of a client whose reader was busy', async () => {
  const { transport, socket, client } = await connect({ closeMs: 60_000 });
  for (let count = 0; count < 8; count += 1) client.send('x'.repeat(MIB));
  await once(socket, 'message');
  const closed = closeOf(client);
  await transport.close(1000, 'enough');
  expect(await closed).toEqual({ code: 1000, reason: 'enough' });
});

test('sending to a client that has gone resolves', async () => {
  const { transport, client } = await connect();
  client.terminate();
  await Array.fromAsync(transport.inbound);
  await expect(transport.send(event('x'.repeat(MIB)))).resolves.toBeUndefined();
});
