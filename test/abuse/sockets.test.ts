import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startTestServer, type TestServer } from '../support/test-server.ts';
import { type RawExchange, type RawOptions, sendRaw } from './raw-socket.ts';

const REQUEST_SECONDS = 2;

let server: TestServer;

beforeAll(async () => {
  server = await startTestServer({ config: { server: { limits: { requestSeconds: REQUEST_SECONDS } } } });
});

afterAll(async () => {
  await server?.[Symbol.asyncDispose]();
});

const BODY = JSON.stringify({ model: 'gpt-audio', messages: [{ role: 'user', content: 'Hello.' }] });

/** A request head: its first line, then headers, each a line; `connection: close` unless it says otherwise. */
function head(requestLine: string, ...lines: readonly string[]): string {
  const key = `api-key: ${server.key}`;
  return `${[requestLine, 'host: localhost', key, ...lines].join('\r\n')}\r\n\r\n`;
}

const POST = 'POST /v1/chat/completions HTTP/1.1';
const JSON_TYPE = 'content-type: application/json';
const CLOSE = 'connection: close';

async function send(first: string | Uint8Array, options?: RawOptions): Promise<RawExchange> {
  const exchange = await sendRaw(server.url, first, options);
  expect((await server.get('/v1/models')).status).toBe(200);
  return exchange;
}

/** One refusal in the contract's envelope, and the connection closed. */
function expectRefused(exchange: RawExchange, status: number): void {
  expect(exchange.statuses).toEqual([status]);
  expect(exchange.text).toMatch(/\{"error":\{"message":"[^"]+","type":"invalid_request_error"/);
  expect(exchange.closedAfterMs).toBeDefined();
}

describe.concurrent('slow clients', () => {
  const deadlineMs = REQUEST_SECONDS * 1000 + 2500;

  test('headers that never end are cut off', async () => {
    const exchange = await send(`${POST}\r\nhost: localhost\r\n`);
    expectRefused(exchange, 408);
    expect(exchange.closedAfterMs).toBeLessThan(deadlineMs);
  });

  test('headers that trickle in are cut off', async () => {
    const drip = Array.from({ length: 100 }, (_, index) => `x-${index}: y\r\n`);
    const exchange = await send(`${POST}\r\nhost: localhost\r\n`, { drip });
    expectRefused(exchange, 408);
    expect(exchange.closedAfterMs).toBeLessThan(deadlineMs);
  });

  test('a body that trickles in is cut off', async () => {
    const drip = Array.from({ length: 100 }, () => ' ');
    const exchange = await send(head(POST, JSON_TYPE, 'content-length: 5000'), { drip });
    expect(exchange.statuses).toEqual([408]);
    expect(exchange.text).toContain('"code":"request_timeout"');
  });

  test('a form that trickles in is cut off', async () => {
    const drip = Array.from({ length: 100 }, () => 'x');
    const type = 'content-type: multipart/form-data; boundary=b';
    const line = 'POST /v1/audio/transcriptions HTTP/1.1';
    const exchange = await send(head(line, type, 'content-length: 5000'), { drip });
    expect(exchange.closedAfterMs).toBeDefined();
    expect(exchange.statuses).toEqual([408]);
  });

  test('a body shorter than was promised is cut off', async () => {
    const exchange = await send(head(POST, JSON_TYPE, `content-length: ${BODY.length + 10}`) + BODY);
    expect(exchange.statuses).toEqual([408]);
  });
});

describe('requests that are not well-formed', () => {
  test.each([
    ['no HTTP at all', 'hello\r\n\r\n'],
    ['bytes', Buffer.from([0, 255, 1, 254, 13, 10, 13, 10])],
    ['an unknown method', 'BREW /v1/models HTTP/1.1\r\nhost: x\r\n\r\n'],
    ['an unknown version', 'GET /v1/models HTTP/9.9\r\nhost: x\r\n\r\n'],
    ['no host', 'GET /v1/models HTTP/1.1\r\n\r\n'],
    ['a header without a colon', 'GET /v1/models HTTP/1.1\r\nhost: x\r\nnonsense\r\n\r\n'],
    ['a space before the colon', 'GET /v1/models HTTP/1.1\r\nhost: x\r\napi-key : y\r\n\r\n'],
    ['a control character in a header', 'GET /v1/models HTTP/1.1\r\nhost: x\r\na: \0\r\n\r\n'],
    ['a length that is negative', `${POST}\r\nhost: x\r\ncontent-length: -1\r\n\r\n`],
    ['a length that is no number', `${POST}\r\nhost: x\r\ncontent-length: 0x10\r\n\r\n`],
    ['a length beyond all numbers', `${POST}\r\nhost: x\r\ncontent-length: 99999999999999999999\r\n\r\n`],
  ])('%s is refused', async (_, bytes) => {
    const exchange = await send(bytes);
    expect(exchange.statuses).toEqual([400]);
    expect(exchange.closedAfterMs).toBeDefined();
  });

  test('what the parser refuses is told in the contract’s words', async () => {
    expectRefused(await send('hello\r\n\r\n'), 400);
  });

  test('too many and too long headers are refused', async () => {
    const many = Array.from({ length: 5000 }, (_, index) => `x-${index}: y`);
    expectRefused(await send(head('GET /v1/models HTTP/1.1', ...many)), 431);
    expectRefused(await send(head('GET /v1/models HTTP/1.1', `x: ${'y'.repeat(100_000)}`)), 431);
    expectRefused(await send(head(`GET /v1/models?${'y'.repeat(100_000)} HTTP/1.1`)), 431);
  });
});

describe('smuggling', () => {
  const inner = 'GET /v1/models HTTP/1.1\r\nhost: x\r\n\r\n';

  test.each([
    ['a length and chunks', ['content-length: 4', 'transfer-encoding: chunked']],
    ['chunks and a length', ['transfer-encoding: chunked', 'content-length: 4']],
    ['two lengths', ['content-length: 4', 'content-length: 5']],
    ['two lengths in one', ['content-length: 4, 5']],
    ['an encoding that looks like chunks', ['transfer-encoding: xchunked']],
    ['chunks that are not last', ['transfer-encoding: chunked, identity']],
    ['chunks behind a tab and a comma', ['transfer-encoding:\tchunked,']],
    ['folded headers', ['transfer-encoding:\r\n chunked', 'content-length: 4']],
  ])('%s are one refused request', async (_, lines) => {
    const exchange = await send(`${head(POST, JSON_TYPE, ...lines)}0\r\n\r\n${inner}`);
    expect(exchange.statuses).toEqual([400]);
    expect(exchange.closedAfterMs).toBeDefined();
  });

  test.each([
    ['no number', 'zz\r\n'],
    ['too large for a number', 'fffffffffffffffff\r\n'],
    ['longer than its chunk', '2\r\n{}}\r\n0\r\n\r\n'],
  ])('a chunk with a size that is %s ends the connection', async (_, body) => {
    const exchange = await send(head(POST, JSON_TYPE, 'transfer-encoding: chunked') + body);
    expect(exchange.statuses.every((status) => status === 400)).toBe(true);
    expect(exchange.statuses).not.toEqual([]);
    expect(exchange.closedAfterMs).toBeDefined();
  });

  test('the rest of a refused body is never a request', async () => {
    const exchange = await send(`${head(POST, 'content-type: text/plain', 'content-length: 500')}${inner}`);
    expect(exchange.statuses).toEqual([415]);
    expect(exchange.closedAfterMs).toBeDefined();
  });
});

describe('what is unusual and allowed', () => {
  test('requests may be sent ahead, and are answered in order', async () => {
    const first = head(POST, JSON_TYPE, `content-length: ${BODY.length}`) + BODY;
    const exchange = await send(first + head('GET /nowhere HTTP/1.1') + head('GET /health HTTP/1.1', CLOSE));
    expect(exchange.statuses).toEqual([200, 404, 200]);
  });

  test('HTTP/1.0 is answered and closed', async () => {
    const exchange = await send(head('GET /v1/models HTTP/1.0'));
    expect(exchange.statuses).toEqual([200]);
    expect(exchange.closedAfterMs).toBeDefined();
  });

  test('a path that climbs leads nowhere', async () => {
    for (const path of ['/v1/../../../etc/passwd', '/..%2f..%2fetc/passwd', '/v1/models/..%2f..%2fapi-key']) {
      const exchange = await send(head(`GET ${path} HTTP/1.1`, CLOSE));
      expect(exchange.statuses).toEqual([404]);
      expect(exchange.text).not.toContain('root:');
    }
  });

  test('an address of 10,000 characters leads nowhere', async () => {
    const exchange = await send(head(`GET /${'a/'.repeat(5000)} HTTP/1.1`, CLOSE));
    expect(exchange.statuses).toEqual([404]);
    expect(exchange.text.length).toBeLessThan(2000);
  });

  test.each([
    'GET http://elsewhere.example/v1/models',
    'OPTIONS *',
    'PROPFIND /v1/models',
    'TRACE /v1/models',
  ])('%s leads nowhere', async (line) => {
    const exchange = await send(head(`${line} HTTP/1.1`, CLOSE));
    expect(exchange.statuses).toEqual([404]);
  });

  test('a tunnel is not opened', async () => {
    const exchange = await send(head('CONNECT elsewhere.example:443 HTTP/1.1'));
    expect(exchange.statuses.every((status) => status >= 400)).toBe(true);
    expect(exchange.closedAfterMs).toBeDefined();
  });

  test('an upgrade that is not offered is ignored', async () => {
    const upgrade = [
      'connection: upgrade, close',
      'upgrade: h2c',
      'http2-settings: AAMAAABkAAQAoAAAAAIAAAAA',
    ];
    const exchange = await send(head('GET /v1/models HTTP/1.1', ...upgrade), { waitMs: 3000 });
    expect(exchange.statuses).toEqual([200]);
  });
});

test('clients that leave in the middle of a request leave nothing behind', async () => {
  const whole = head(POST, JSON_TYPE, `content-length: ${BODY.length}`) + BODY;
  const cuts = Array.from({ length: 60 }, (_, index) => Math.floor((whole.length * index) / 60));
  await Promise.all(cuts.map(async (cut) => await sendRaw(server.url, whole.slice(0, cut), { waitMs: 20 })));
  const remaining = async (): Promise<string | null> =>
    (await server.get('/v1/models')).headers.get('x-ratelimit-remaining-requests');
  // All of them came with the same key, and none of them is open once the server has seen the last one leave.
  await expect.poll(remaining, { timeout: 5_000 }).toBe('15');
});
