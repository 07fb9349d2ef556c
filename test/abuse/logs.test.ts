import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';
import { findPocketsphinx } from '../../src/engines/pocketsphinx/index.ts';
import { readDefaultKey } from '../../src/server/auth/api-keys.ts';

const canHear = findPocketsphinx() !== undefined;
if (!canHear) console.warn('Left out, as pocketsphinx is not installed: logs of what is heard');

const program = resolve(import.meta.dirname, '../../bin/samtal.js');

interface LoudServer extends AsyncDisposable {
  readonly url: string;
  readonly key: string;
  /** Stops the server, and gives all that it has written to standard output and error. */
  output(): Promise<string>;
}

/** `samtal serve` that logs all it can. */
async function startLoudServer(): Promise<LoudServer> {
  const home = await mkdtemp(join(tmpdir(), 'samtal-logs-'));
  const script = { otherwise: { say: `Marmalade zebra said: {heard}` } };
  const breaking = { otherwise: { say: 'Pineapple walrus.', fail: { afterWords: 1, message: 'Turnip.' } } };
  await writeFile(join(home, 'echo.json'), JSON.stringify(script));
  await writeFile(join(home, 'breaking.json'), JSON.stringify(breaking));
  await writeFile(
    join(home, 'samtal.config.json'),
    JSON.stringify({
      log: { level: 'trace', pretty: false },
      discovery: { languageModel: false },
      engines: {
        echo: { type: 'scripted', script: 'echo.json' },
        breaking: { type: 'scripted', script: 'breaking.json' },
      },
      deployments: { echo: { languageModel: 'echo' }, breaking: { languageModel: 'breaking' } },
    }),
  );
  const env = { ...process.env, SAMTAL_HOME: home };
  const child = spawn(process.execPath, [program, 'serve', '--port', '0'], {
    cwd: home,
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  const exited = once(child, 'close');
  const ready = new Promise<string>((found, lost) => {
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (piece: Buffer) => {
        output += piece.toString();
        const [, url] = /ready at (http:\/\/[^\s]+)/.exec(output) ?? [];
        if (url) found(url);
      });
    }
    child.once('exit', () => lost(new Error(output)));
  });
  const url = await ready;
  const stop = async (): Promise<void> => {
    child.kill('SIGTERM');
    await exited;
  };
  return {
    url,
    key: await readDefaultKey(home),
    output: async () => {
      await stop();
      return output;
    },
    [Symbol.asyncDispose]: async () => {
      await stop();
      await rm(home, { recursive: true });
    },
  };
}

const TOKEN = `eyJhbGciOiJSUzI1NiJ9.${Buffer.from('{"iss":"https://nobody.example","sub":"kangaroo"}').toString('base64url')}.c2lnbmF0dXJlb2Z0aGV0b2tlbg`;
const WRONG_KEY = 'wrong-key-abcdefghijklmnopqrstuvwxyz-0123456789';

test('nothing that was said, heard or shown as a credential stands in the log', async () => {
  await using server = await startLoudServer();
  const chat = '/v1/chat/completions';
  const post = async (path: string, body: object, headers: object = {}): Promise<Response> =>
    await fetch(server.url + path, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'api-key': server.key, ...headers },
      body: JSON.stringify(body),
    });
  const written = (text: string): object => ({ model: 'echo', messages: [{ role: 'user', content: text }] });

  const speech = await post('/v1/audio/speech', {
    model: 'tts-1',
    voice: 'alloy',
    input: 'The purple elephant has a bicycle.',
    response_format: 'wav',
  });
  const file = Buffer.from(await speech.arrayBuffer());
  const data = file.toString('base64');
  const statuses = [
    await post(chat, written('My password is swordfish.')),
    await post(chat, {
      ...written('Marzipan.'),
      stream: true,
      store: true,
      metadata: { topic: 'gooseberry' },
    }),
    await post(chat, {
      ...written('Rhubarb.'),
      modalities: ['text', 'audio'],
      audio: { voice: 'alloy', format: 'mp3' },
    }),
    await post(chat, {
      model: 'echo',
      messages: [{ role: 'user', content: [{ type: 'input_audio', input_audio: { data, format: 'wav' } }] }],
    }),
    await post(chat, { ...written('Aubergine.'), model: 'breaking' }),
    await post(chat, { ...written('Aubergine.'), model: 'breaking', stream: true }),
    await post(chat, { ...written('Artichoke.'), temperature: 'Artichoke' }),
    await post(`${chat}?q=persimmon`, written('Hello.')),
    await post(`/v1/${'a'.repeat(5000)}`, {}),
    await fetch(`${server.url}${chat}?after=persimmon`, { headers: { 'api-key': server.key } }),
    await post(chat, written('Hello.'), { 'api-key': WRONG_KEY }),
    await post(chat, written('Hello.'), { 'api-key': '', authorization: `Bearer ${TOKEN}` }),
    await post(chat, written('Hello.'), { 'api-key': '', authorization: `Bearer ${WRONG_KEY}` }),
  ].map(async (response) => {
    await response.arrayBuffer();
    return response.status;
  });
  expect(await Promise.all(statuses)).toEqual([
    200,
    200,
    200,
    canHear ? 200 : expect.any(Number),
    500,
    200,
    400,
    200,
    404,
    404,
    401,
    401,
    401,
  ]);

  const output = await server.output();
  // Anybody may ask for any path, and is not to fill the disk with it.
  expect(output).not.toContain('a'.repeat(200));
  const secrets = [
    'elephant',
    'bicycle',
    'swordfish',
    'marzipan',
    'gooseberry',
    'rhubarb',
    'aubergine',
    'artichoke',
    'persimmon',
    'marmalade',
    'zebra',
    'pineapple',
    'walrus',
    'kangaroo',
    server.key,
    WRONG_KEY,
    WRONG_KEY.slice(0, 16),
    TOKEN.split('.')[1],
    TOKEN.split('.')[2],
    data.slice(2000, 2040),
    file.toString('hex').slice(2000, 2040),
  ];
  for (const secret of secrets) expect(output.toLowerCase()).not.toContain(secret?.toLowerCase());

  const lines = output.split('\n').filter((line) => line.startsWith('{'));
  const records = lines.map((line) => JSON.parse(line) as Record<string, unknown>);
  const requests = records.filter(({ msg }) => msg === 'request');
  expect(requests).toHaveLength(14);
  for (const record of requests) {
    expect(record).toMatchObject({
      reqId: expect.stringMatching(/^req_\w{24}$/),
      status: expect.any(Number),
      ms: expect.any(Number),
      time: expect.any(Number),
      method: expect.stringMatching(/^(GET|POST)$/),
    });
  }
  // The log was as loud as it can be, and says what broke.
  expect(records.some(({ level }) => level === 50)).toBe(true);
});
