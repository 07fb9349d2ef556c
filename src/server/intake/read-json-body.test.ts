import { once } from 'node:events';
import { createServer, IncomingMessage, type Server } from 'node:http';
import { type AddressInfo, connect, Socket } from 'node:net';
import { setImmediate as nextTurn } from 'node:timers/promises';
import fc from 'fast-check';
import { afterAll, afterEach, beforeEach, expect, test } from 'vitest';
import type { Clock } from '../../util/clock.ts';
import { deferred } from '../../util/deferred.ts';
import type { IntakeLimits } from './intake-limits.ts';
import { jsonBodyPool, readJsonBody } from './read-json-body.ts';

const MEBIBYTE = 1024 * 1024;
const LIMITS: IntakeLimits = {
  bodyBytes: 32 * MEBIBYTE,
  audioBytes: 20 * MEBIBYTE,
  jsonDepth: 64,
  jsonKeys: 10_000,
  requestSeconds: 60,
};

type Outcome = { readonly value: unknown } | { readonly error: unknown };

interface Intake {
  readonly outcome: Outcome;
  readonly request: IncomingMessage;
  /** Before it was answered. */
  readonly wasOpen: boolean;
}

const pool = jsonBodyPool({ workers: 1 });
let limits = LIMITS;
let clock: ManualClock;
let server: Server;
let intakes: { next(): Promise<Intake> };
let sockets: Socket[] = [];

class ManualClock implements Clock {
  readonly #callbacks = new Map<() => void, number>();
  readonly #set = deferred();

  get timerSet(): Promise<void> {
    return this.#set.promise;
  }

  now(): number {
    return 0;
  }

  after(ms: number, callback: () => void): () => void {
    this.#callbacks.set(callback, ms);
    this.#set.resolve();
    return () => this.#callbacks.delete(callback);
  }

  advance(ms: number): void {
    for (const [callback, due] of this.#callbacks) if (due <= ms) callback();
  }
}

/** A real server that answers every body it could read with 200, and with 400 and a closed connection otherwise. */
function serve(): { server: Server; intakes: { next(): Promise<Intake> } } {
  const arrived: Intake[] = [];
  let waiter = deferred();
  const made = createServer((request, response) => {
    void readJsonBody(request, { limits, pool, clock, signal: new AbortController().signal })
      .then(
        (value): Outcome => ({ value }),
        (error): Outcome => ({ error }),
      )
      .then(async (outcome) => {
        // As hooks do that run before an answer is sent: the connection has to outlive the refusal.
        await nextTurn();
        const wasOpen = !request.destroyed;
        response.writeHead('value' in outcome ? 200 : 400, 'value' in outcome ? {} : { connection: 'close' });
        response.end();
        arrived.push({ outcome, request, wasOpen });
        waiter.resolve();
      });
  });
  const next = async (): Promise<Intake> => {
    for (;;) {
      const intake = arrived.shift();
      if (intake) return intake;
      waiter = deferred();
      await waiter.promise;
    }
  };
  return { server: made, intakes: { next } };
}

beforeEach(async () => {
  limits = LIMITS;
  clock = new ManualClock();
  ({ server, intakes } = serve());
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
});

afterEach(async () => {
  for (const socket of sockets) socket.destroy();
  sockets = [];
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

afterAll(() => pool[Symbol.asyncDispose]());

async function post(body: string | Uint8Array, headers: Record<string, string> = {}): Promise<Outcome> {
  const { port } = server.address() as AddressInfo;
  const response = await fetch(`http://127.0.0.1:${port}`, {
    method: 'POST',
    body: Buffer.from(body),
    headers,
  });
  await response.arrayBuffer();
  return (await intakes.next()).outcome;
}

/** Sends the head of a request and whatever follows as it stands, right or wrong. */
function rawPost(headers: string, body: string | Uint8Array): Socket {
  const { port } = server.address() as AddressInfo;
  const socket = connect(port, '127.0.0.1');
  socket.on('error', () => {});
  sockets.push(socket);
  socket.write(`POST / HTTP/1.1\r\nhost: test\r\n${headers}\r\n\r\n`);
  socket.write(body);
  return socket;
}

function chunked(pieces: readonly string[]): string {
  return pieces.map((piece) => `${Buffer.byteLength(piece).toString(16)}\r\n${piece}\r\n`).join('');
}

function audioBody(bytes: number): Buffer {
  const data = Buffer.alloc(bytes, 7).toString('base64');
  return Buffer.from(JSON.stringify({ messages: [{ content: [{ input_audio: { data, format: 'wav' } }] }] }));
}

/** Returns once that many bodies are in the worker. */
async function untilRunning(bodies: number): Promise<void> {
  while (pool.status.running !== bodies) await nextTurn();
}

test('reads a small body', async () => {
  expect(await post('{"model":"gpt-audio"}')).toEqual({ value: { model: 'gpt-audio' } });
});

test('reads a body that comes in single bytes', async () => {
  rawPost('transfer-encoding: chunked', chunked([...Array.from('{"hej":"då"}'), '']));
  expect((await intakes.next()).outcome).toEqual({ value: { hej: 'då' } });
});

test('reads an audio file of exactly 20 MiB', async () => {
  const outcome = await post(audioBody(20 * MEBIBYTE));
  const expected = new Uint8Array(20 * MEBIBYTE).fill(7);
  const data = (outcome as { value: { messages: [{ content: [{ input_audio: { data: Uint8Array } }] }] } })
    .value.messages[0].content[0].input_audio.data;
  expect(Buffer.compare(data, expected)).toBe(0);
});

test('refuses an audio file of one byte more', async () => {
  expect(await post(audioBody(20 * MEBIBYTE + 1))).toEqual({
    error: expect.objectContaining({
      name: 'ApiError',
      kind: 'file-too-large',
      param: 'messages[0].content[0].input_audio.data',
    }),
  });
});

test('refuses a declared length over the limit before any of the body has come', async () => {
  limits = { ...LIMITS, bodyBytes: 1000 };
  rawPost('content-length: 1001', '');
  expect((await intakes.next()).outcome).toEqual({
    error: expect.objectContaining({ kind: 'body-too-large' }),
  });
});

test('accepts a body of exactly the limit', async () => {
  limits = { ...LIMITS, bodyBytes: 1000 };
  expect(await post(`"${'a'.repeat(998)}"`)).toEqual({ value: 'a'.repeat(998) });
});

test('refuses a body of no declared length at the first byte too many, without reading on', async () => {
  limits = { ...LIMITS, bodyBytes: 200_000 };
  const socket = rawPost('transfer-encoding: chunked', chunked(['a'.repeat(200_001)]));
  const { outcome, request, wasOpen } = await intakes.next();
  expect(outcome).toEqual({ error: expect.objectContaining({ kind: 'body-too-large' }) });
  expect(request.complete).toBe(false);
  expect(wasOpen).toBe(true);
  const [answer] = await once(socket, 'data');
  expect(String(answer)).toMatch(/^HTTP\/1.1 400 .*connection: close/is);
});

test('refuses compressed bodies', async () => {
  expect(await post('{}', { 'content-encoding': 'gzip' })).toEqual({
    error: expect.objectContaining({ kind: 'unsupported-media-type' }),
  });
});

test('refuses an empty body', async () => {
  expect(await post('')).toEqual({
    error: expect.objectContaining({
      kind: 'invalid-json',
      message: expect.stringContaining('The body is empty'),
    }),
  });
});

test('says where a large body is broken', async () => {
  expect(await post(`{"a":"${'x'.repeat(100_000)}",\n]`)).toEqual({
    error: expect.objectContaining({
      name: 'ApiError',
      kind: 'invalid-json',
      message: expect.stringContaining("found ']' at line 2, column 1."),
    }),
  });
});

test.each([
  ['small', 'x', 1_000, 0],
  ['large', 'x'.repeat(100_000), 1_000_000, 1],
])('refuses a %s body that stops coming', async (_, begin, length, bodies) => {
  rawPost(`content-length: ${length}`, `"${begin}`);
  await clock.timerSet;
  await untilRunning(bodies);
  clock.advance(60_000);
  expect((await intakes.next()).outcome).toEqual({
    error: expect.objectContaining({ kind: 'request-timeout' }),
  });
  await untilRunning(0);
});

test.each([
  ['small', 'x', 1_000, 0],
  ['large', 'x'.repeat(100_000), 1_000_000, 1],
])('gives up a %s body whose client goes away', async (_, begin, length, bodies) => {
  const socket = rawPost(`content-length: ${length}`, `"${begin}`);
  await clock.timerSet;
  await untilRunning(bodies);
  socket.destroy();
  expect((await intakes.next()).outcome).toEqual({ error: expect.objectContaining({ name: 'AbortError' }) });
  await untilRunning(0);
});

test('gives up a small body whose client has gone before it is read', async () => {
  const source = new IncomingMessage(new Socket());
  source.headers['content-length'] = '1000';
  source.destroy();
  await once(source, 'close');
  const reading = readJsonBody(source, { limits, pool, clock, signal: new AbortController().signal });
  await expect(reading).rejects.toThrow('The client has gone.');
});

test('takes no more than the declared length for the body', async () => {
  rawPost('content-length: 2', '{}GET / HTTP/1.1\r\n');
  expect((await intakes.next()).outcome).toEqual({ value: {} });
});

test('rejects with the reason of an aborted signal', async () => {
  const reading = readJsonBody(sourceOf(['{}']), {
    limits,
    pool,
    clock,
    signal: AbortSignal.abort(new Error('gone')),
  });
  await expect(reading).rejects.toThrow('gone');
});

test('refuses large bodies when too many wait already, and reads small ones still', async () => {
  await using narrow = jsonBodyPool({ workers: 0, waiting: 0 });
  const read = (body: string): Promise<unknown> =>
    readJsonBody(sourceOf([body]), { limits, pool: narrow, clock, signal: new AbortController().signal });
  await expect(read(`"${'x'.repeat(100_000)}"`)).rejects.toMatchObject({
    kind: 'overloaded',
    retryAfterSeconds: 1,
  });
  expect(await read('1')).toBe(1);
});

test('rejects at once when its worker ends while the client still sends', async () => {
  const mortal = jsonBodyPool({ workers: 1 });
  const stalled = deferred();
  async function* sending(): AsyncGenerator<Uint8Array> {
    yield Buffer.alloc(100_000);
    stalled.resolve();
    await new Promise(() => {});
  }
  const source = Object.assign(sending(), { headers: {} });
  const reading = readJsonBody(source, { limits, pool: mortal, clock, signal: new AbortController().signal });
  const rejected = expect(reading).rejects.toMatchObject({ name: 'EngineError' });
  await stalled.promise;
  await mortal[Symbol.asyncDispose]();
  await rejected;
});

test('reads alike on the loop and in a worker', async () => {
  const audio = fc.record({ data: fc.oneof(fc.base64String(), fc.string()), format: fc.constant('wav') });
  const part = fc.oneof(fc.record({ input_audio: audio }), fc.jsonValue());
  const body = fc.oneof(
    fc.json(),
    fc.string(),
    fc
      .record({ messages: fc.array(fc.record({ content: fc.array(part) })) })
      .map((value) => JSON.stringify(value)),
  );
  const read = async (pieces: string[]): Promise<Outcome> => {
    const signal = new AbortController().signal;
    try {
      return { value: await readJsonBody(sourceOf(pieces), { limits, pool, clock, signal }) };
    } catch (error) {
      const { kind, param } = error as { kind?: unknown; param?: unknown };
      return { error: { kind, param } };
    }
  };
  await fc.assert(
    fc.asyncProperty(body, async (text) => {
      // White space before the body moves it to the worker without changing what it says.
      expect(await read([' '.repeat(70_000), text])).toEqual(await read([text]));
    }),
    { numRuns: 200 },
  );
});

function sourceOf(pieces: readonly string[]): AsyncIterable<Uint8Array> & Pick<IncomingMessage, 'headers'> {
  async function* chunks(): AsyncGenerator<Uint8Array> {
    for (const piece of pieces) yield Buffer.from(piece);
  }
  return Object.assign(chunks(), { headers: {} });
}
