import { describe, expect, test } from 'vitest';
import type { Clock } from '../../util/clock.ts';
import { connect, run, STOPPED, textOf } from './ask-fake.ts';
import { serveFake, sse, textChunk } from './fake-upstream.ts';
import { openAiCompatible } from './index.ts';

/** Lets every wait pass at once and remembers it; what times out is tested with a real clock. */
function hurriedClock(waits: number[]): Clock {
  return {
    now: () => 0,
    after: (ms, callback) => {
      waits.push(ms);
      if (ms < 30_000) callback();
      return () => {};
    },
  };
}

async function refuseWith(status: number, body: string, headers = {}, clock?: Clock): Promise<unknown> {
  await using upstream = await serveFake((_, response) => response.writeHead(status, headers).end(body));
  return await run(connect(upstream, { apiKey: 'sk-secret-key', clock })).then(
    () => undefined,
    (error: unknown) => error,
  );
}

describe('refusals', () => {
  test.each([
    [
      401,
      '{"error":{"message":"Incorrect API key: sk-secret-key"}}',
      'unavailable',
      'answered 401: Incorrect API key: ***. Check the API key.',
    ],
    [
      404,
      '{"error":"model \\"tiny\\" not found"}',
      'unavailable',
      'answered 404: model "tiny" not found. Check the base URL',
    ],
    [
      400,
      '{"error":{"message":"tiny does not support tools"}}',
      'unsupported',
      'answered 400: tiny does not support tools',
    ],
    [400, '{"error":{"message":"Too long.","param":"messages"}}', 'failed', 'answered 400: Too long.'],
    [
      422,
      '{"detail":[{"loc":["body","x"],"msg":"extra fields not permitted"}]}',
      'unsupported',
      'extra fields',
    ],
    [500, '<html><style>b{}</style><h1>Internal</h1> error</html>', 'failed', 'answered 500: Internal error'],
    [500, '', 'failed', 'answered 500: no explanation'],
    [302, '', 'unavailable', 'answered 302: no explanation. Check the base URL: it leads somewhere else.'],
  ])('%i %s is %s', async (status, body, reason, message) => {
    const error = await refuseWith(status, body);
    expect(error).toMatchObject({ name: 'EngineError', reason, message: expect.stringContaining(message) });
    expect(JSON.stringify([String(error), error])).not.toContain('sk-secret-key');
  });

  test('a busy server is asked twice more, after the time it names', async () => {
    const waits: number[] = [];
    const error = await refuseWith(429, '{}', { 'retry-after': '2' }, hurriedClock(waits));
    expect(error).toMatchObject({ reason: 'busy' });
    expect(waits.filter((ms) => ms < 30_000)).toEqual([2_000, 2_000]);
  });

  test('a server that is busy for long is not waited for', async () => {
    const waits: number[] = [];
    expect(await refuseWith(503, '{}', { 'retry-after': '60' }, hurriedClock(waits))).toMatchObject({
      reason: 'busy',
    });
    expect(waits.filter((ms) => ms < 30_000)).toEqual([]);
  });

  test('a server that has recovered answers the second request', async () => {
    let requests = 0;
    await using upstream = await serveFake((_, response) => {
      requests += 1;
      if (requests === 1) response.writeHead(503).end();
      else response.end(sse(textChunk('Back.'), STOPPED));
    });
    expect(textOf(await run(connect(upstream, { clock: hurriedClock([]) })))).toBe('Back.');
  });

  test('a server that is not there is named, with what to check', async () => {
    const upstream = await serveFake(() => {});
    await upstream[Symbol.asyncDispose]();
    const waits: number[] = [];
    const baseUrl = upstream.baseUrl.replace('//', '//me:password@');
    await expect(
      run(openAiCompatible({ baseUrl, model: 'tiny', clock: hurriedClock(waits) })),
    ).rejects.toMatchObject({
      reason: 'unavailable',
      message: `Nothing answers at ${upstream.baseUrl} (ECONNREFUSED). Check that the server runs and that the base URL is right.`,
    });
    expect(waits.filter((ms) => ms < 30_000)).toEqual([250, 1_000]);
  });

  test('an address that is none is refused at once', () => {
    expect(() => openAiCompatible({ baseUrl: 'localhost:11434', model: 'tiny' })).toThrow('base URL');
  });
});
