import { afterAll, beforeAll, expect, test } from 'vitest';
import { broken, wholeNumbers } from '../../src/audio/test-breakage.ts';
import { findPocketsphinx } from '../../src/engines/pocketsphinx/index.ts';
import type { TestServer } from '../support/test-server.ts';
import { startScriptedServer } from './scripted-server.ts';

const canHear = findPocketsphinx() !== undefined;
if (!canHear) console.warn('Left out, as pocketsphinx is not installed: broken audio over HTTP');

const FILES_PER_FORMAT = 100;
const AT_A_TIME = 8;
/** Far more than the slowest answer takes, as each waits for the others before it to be heard. */
const LONGEST_MS = 60_000;
const SEED = 20_241_217;

let server: TestServer;

beforeAll(async () => {
  server = await startScriptedServer({ scripts: { echo: { otherwise: { say: '{heard}' } } } });
});

afterAll(async () => {
  await server?.[Symbol.asyncDispose]();
});

async function speak(format: string): Promise<Uint8Array> {
  const response = await server.post('/v1/audio/speech', {
    model: 'tts-1',
    voice: 'alloy',
    input: 'Yes.',
    speed: 2,
    response_format: format,
  });
  return new Uint8Array(await response.arrayBuffer());
}

interface Answer {
  readonly error?: { readonly message: string; readonly type: string; readonly param: string };
  readonly choices?: readonly { readonly message: { readonly content: unknown } }[];
}

/** The status of an answer that is as it must be. */
async function ask(file: Uint8Array, format: string): Promise<number> {
  const data = Buffer.from(file).toString('base64');
  const content = [{ type: 'input_audio', input_audio: { data, format } }];
  const body = { model: 'echo', messages: [{ role: 'user', content }] };
  // A server that hangs is a failure of this test, not a reason to wait.
  const response = await server.post('/v1/chat/completions', body, {
    signal: AbortSignal.timeout(LONGEST_MS),
  });
  const answer = (await response.json()) as Answer;
  if (response.status === 200) {
    expect(['string', 'object']).toContain(typeof answer.choices?.[0]?.message.content);
  } else {
    expect(response.status, JSON.stringify(answer)).toBe(400);
    expect(answer.error).toMatchObject({
      message: expect.stringMatching(/^The data provided for 'input_audio' /),
      type: 'invalid_request_error',
      param: 'messages[0].content[0].input_audio.data',
      code: 'invalid_value',
    });
  }
  return response.status;
}

test.runIf(canHear).each(['wav', 'mp3'])(
  'every broken %s is heard or refused, and the server goes on',
  { timeout: 300_000 },
  async (format) => {
    const file = await speak(format);
    const random = wholeNumbers(SEED);
    const files = Array.from({ length: FILES_PER_FORMAT }, () => broken(file, random));
    const statuses: number[] = [];
    const waiting = files.values();
    const askOneByOne = async (): Promise<void> => {
      // All share one iterator, so that each takes the next file that is left.
      for (const next of waiting) statuses.push(await ask(next, format));
    };
    await Promise.all(Array.from({ length: AT_A_TIME }, askOneByOne));
    expect(statuses).toHaveLength(FILES_PER_FORMAT);
    // Neither nothing nor everything was broken beyond use; mp3 finds its way back after almost any fault.
    expect(new Set(statuses)).toEqual(new Set([200, 400]));
    expect(await ask(file, format)).toBe(200);
  },
);
