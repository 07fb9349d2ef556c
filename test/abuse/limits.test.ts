import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { flite } from '../../src/engines/flite/flite.ts';
import { findPocketsphinx } from '../../src/engines/pocketsphinx/index.ts';
import { startScriptedServer } from '../conformance/scripted-server.ts';
import { wavOf } from '../conformance/wav-variants.ts';
import { openTestApp } from '../support/app.ts';
import type { TestServer } from '../support/test-server.ts';

const canHear = findPocketsphinx() !== undefined;
if (!canHear) console.warn('Left out, as pocketsphinx is not installed: the limits of audio that is heard');

const GUEST_KEY = 'guest-key-of-the-limit-tests-0123456789abcdef';
const CONCURRENT = 3;

let server: TestServer;

beforeAll(async () => {
  server = await startScriptedServer({
    scripts: {
      brief: { otherwise: { say: 'Ok.' } },
      slow: { otherwise: { say: 'At last.', delay: { firstTokenMs: 600_000 } } },
    },
    config: {
      server: { limits: { concurrentPerKey: CONCURRENT, messages: 20 } },
      auth: {
        keys: [{ name: 'guest', from: { sha256: createHash('sha256').update(GUEST_KEY).digest('hex') } }],
      },
    },
  });
});

afterAll(async () => {
  await server?.[Symbol.asyncDispose]();
});

interface Answer {
  readonly status: number;
  readonly error: { readonly message: string; readonly code: string; readonly param: string } | undefined;
}

async function ask(body: object): Promise<Answer> {
  const response = await server.post('/v1/chat/completions', {
    model: 'brief',
    messages: [{ role: 'user', content: 'Hello.' }],
    ...body,
  });
  const { error } = (await response.json()) as Pick<Answer, 'error'>;
  return { status: response.status, error };
}

function hearing(file: Uint8Array, format: string): object {
  const input_audio = { data: Buffer.from(file).toString('base64'), format };
  return { messages: [{ role: 'user', content: [{ type: 'input_audio', input_audio }] }] };
}

/** A second or two of silence in as many bytes as are asked for: 32 channels of 64-bit float at 48 kHz. */
function silence(bytes: number): Buffer {
  const layout = { tag: 3, bits: 64, channels: 32 as 1, sampleRate: 48_000 };
  return wavOf(Buffer.alloc(bytes - 44), layout).subarray(0, bytes);
}

const TWENTY_MEGABYTES = 20_971_520;

/** An empty frame of MPEG-2.5 layer III at 8 kHz and 8 kbit/s: 72 ms of silence in 72 bytes. */
const EMPTY_FRAME = Buffer.concat([Buffer.from([0xff, 0xe3, 0x18, 0xc0]), Buffer.alloc(68)]);

describe('audio', () => {
  test.runIf(canHear)('20 MB of it are heard', async () => {
    expect(await ask(hearing(silence(TWENTY_MEGABYTES), 'wav'))).toEqual({ status: 200 });
  });

  test('one byte more is refused', async () => {
    expect(await ask(hearing(silence(TWENTY_MEGABYTES + 1), 'wav'))).toEqual({
      status: 413,
      error: {
        message:
          'The audio file of 20971521 bytes is larger than the limit of 20971520 bytes. Send a shorter or compressed recording.',
        type: 'invalid_request_error',
        param: 'messages[0].content[0].input_audio.data',
        code: 'file_too_large',
      },
    });
  });

  test.runIf(canHear)('empty frames are silence to the decoder', async () => {
    const second = Buffer.concat(Array.from({ length: 14 }, () => EMPTY_FRAME));
    expect(await ask(hearing(second, 'mp3'))).toEqual({ status: 200 });
  });

  test('a small file that would last for hours is refused before it has been decoded', async () => {
    const hours = Buffer.concat(Array.from({ length: 3 * 50_000 }, () => EMPTY_FRAME));
    expect(hours.length).toBeLessThan(TWENTY_MEGABYTES);
    expect(await ask(hearing(hours, 'mp3'))).toMatchObject({
      status: 400,
      error: {
        message: expect.stringContaining('longer than the 1800 seconds that are accepted'),
        param: 'messages[0].content[0].input_audio.data',
      },
    });
  });
});

describe('JSON', () => {
  /** `[[…]]`, so many deep. */
  const nested = (depth: number): unknown => JSON.parse('['.repeat(depth) + ']'.repeat(depth));
  // The body has 4 keys and elements of its own, and two in the message.
  const elements = (count: number): object => ({ prediction: Array.from({ length: count }, () => 0) });

  test('64 levels are read and one more is not', async () => {
    expect((await ask({ prediction: nested(63) })).status).toBe(200);
    const refused = await ask({ prediction: nested(64) });
    expect(refused.status).toBe(400);
    expect(refused.error?.message).toContain('nests deeper than 64 levels');
  });

  test('20,000 keys and elements are read and one more is not', async () => {
    expect((await ask(elements(20_000 - 6))).status).toBe(200);
    const refused = await ask(elements(20_001 - 6));
    expect(refused.status).toBe(400);
    expect(refused.error?.message).toContain('more than 20000 keys and array elements');
  });

  test('a million opening brackets are refused at the 65th', async () => {
    const response = await server.post('/v1/chat/completions', {}, { body: '['.repeat(1_000_000) });
    expect(response.status).toBe(400);
    expect(await response.text()).toContain('deeper than 64 levels at line 1, column 66');
  });

  test('as many messages as are allowed are read and one more is not', async () => {
    const messages = Array.from({ length: 20 }, () => ({ role: 'user', content: 'Hello.' }));
    expect((await ask({ messages })).status).toBe(200);
    expect(await ask({ messages: [...messages, ...messages.slice(0, 1)] })).toMatchObject({
      status: 400,
      error: {
        message: "Invalid 'messages': array too long. Expected at most 20, but got 21 instead.",
        param: 'messages',
      },
    });
  });
});

test('a key’s limit is its own, and its places come back', async () => {
  const leaving = new AbortController();
  const remaining = async (key: string): Promise<string | number> => {
    const response = await server.get('/v1/models', { headers: { 'api-key': key } });
    return response.headers.get('x-ratelimit-remaining-requests') ?? response.status;
  };
  const slow = { model: 'slow', messages: [{ role: 'user', content: 'Hello.' }] };
  const open = Array.from({ length: CONCURRENT }, async () => {
    await server.post('/v1/chat/completions', slow, { signal: leaving.signal }).catch(() => {});
  });
  await expect.poll(async () => await remaining(server.key)).toBe(429);
  expect(await remaining(GUEST_KEY)).toBe('2');
  leaving.abort();
  await Promise.all(open);
  await expect.poll(async () => await remaining(server.key)).toBe('2');
});

test('an engine whose queue is full says when to come again, and does what it has taken on', async () => {
  await using resources = new AsyncDisposableStack();
  const synthesizer = resources.use(flite({ workers: 1, waiting: 1 }));
  const app = resources.use(await openTestApp({ 'tts-1': { synthesizer } }));
  const answers = await Promise.all(
    Array.from({ length: 8 }, async () =>
      app.app.inject({
        method: 'POST',
        url: '/v1/audio/speech',
        headers: { 'api-key': app.key },
        payload: { model: 'tts-1', voice: 'alloy', input: 'Good morning to all of you.' },
      }),
    ),
  );
  const refused = answers.filter(({ statusCode }) => statusCode === 503);
  expect(answers.filter(({ statusCode }) => statusCode === 200).length).toBeGreaterThan(0);
  expect(refused.length + answers.filter(({ statusCode }) => statusCode === 200).length).toBe(8);
  expect(refused.length).toBeGreaterThan(0);
  for (const { headers, json } of refused) {
    expect(headers['retry-after']).toBe('1');
    expect(json()).toMatchObject({ error: { type: 'server_error', code: 'server_overloaded' } });
  }
});
