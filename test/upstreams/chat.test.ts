import type { ChatCompletion } from 'openai/resources/chat/completions';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { findPocketsphinx } from '../../src/engines/pocketsphinx/index.ts';
import {
  startTwoServers,
  type TwoServers,
  takePlaces,
  UPSTREAM_PLACES,
  untilThereIsRoom,
} from './two-servers.ts';

let servers: TwoServers;
beforeAll(async () => {
  servers = await startTwoServers();
});
afterAll(async () => await servers[Symbol.asyncDispose]());

const AUDIO = { modalities: ['text', 'audio'], audio: { voice: 'alloy', format: 'wav' } };

async function ask(model: string, content: unknown, more: Readonly<Record<string, unknown>> = {}) {
  return await servers.front.post('/v1/chat/completions', {
    model,
    messages: [{ role: 'user', content }],
    ...more,
  });
}

/** The only choice of a whole answer, and its usage. */
async function answerOf(response: Response) {
  // What the assertions read is what the stock clients' types say there is.
  const body = (await response.json()) as ChatCompletion;
  const [choice] = body.choices ?? [];
  if (!choice) throw new Error(`${response.status}: ${JSON.stringify(body)}`);
  return { choice, usage: body.usage };
}

async function errorOf(response: Response) {
  const { error } = (await response.json()) as { readonly error: Readonly<Record<string, unknown>> };
  return error;
}

describe.each(['cloud', 'azure', 'v1'])('the upstream of %s', (model) => {
  test('answers text with text', async () => {
    const { choice, usage } = await answerOf(await ask(model, 'Good morning.'));
    expect(choice.message).toMatchObject({ content: 'I heard: Good morning.' });
    expect(usage?.prompt_tokens).toBeGreaterThan(0);
  });
});

describe('a speech model elsewhere', () => {
  test('speaks its answer, and its count of the sound is passed on', async () => {
    const { choice, usage } = await answerOf(await ask('cloud', 'Good morning.', AUDIO));
    const { audio, content } = choice.message;
    expect(content).toBeNull();
    expect(audio?.transcript).toBe('I heard: Good morning.');
    const wav = Buffer.from(audio?.data ?? '', 'base64');
    expect(wav.toString('latin1', 0, 4)).toBe('RIFF');
    expect(wav.length).toBeGreaterThan(24_000);
    const seconds = (wav.length - 44) / 48_000;
    expect(usage?.completion_tokens_details?.audio_tokens).toBe(Math.ceil(seconds * 20));
  });

  test('streams words ahead of sound', async () => {
    const audio = { voice: 'alloy', format: 'pcm16' };
    const response = await ask('cloud', 'Good morning.', { ...AUDIO, audio, stream: true });
    const chunks = await readChunks(response);
    const told = chunks.flatMap(({ choices }) => choices[0]?.delta.audio ?? []);
    expect(told.map(({ transcript = '' }) => transcript).join('')).toBe('I heard: Good morning.');
    const sound = told.map(({ data = '' }) => Buffer.from(data, 'base64').length);
    expect(sound.reduce((sum, bytes) => sum + bytes, 0)).toBeGreaterThan(24_000);
    expect(told.findIndex(({ transcript }) => transcript)).toBeLessThan(told.findIndex(({ data }) => data));
    expect(chunks.at(-1)?.choices[0]?.finish_reason).toBe('stop');
  });

  test('calls a tool and reads what it gave', async () => {
    const tools = [{ type: 'function', function: { name: 'get_weather', parameters: { type: 'object' } } }];
    const question = { role: 'user', content: 'What is the weather in Uppsala?' };
    const { choice } = await answerOf(await ask('cloud', question.content, { tools, ...AUDIO }));
    expect(choice.finish_reason).toBe('tool_calls');
    const [call] = choice.message.tool_calls ?? [];
    expect(call).toMatchObject({ function: { name: 'get_weather', arguments: '{"city":"Uppsala"}' } });
    const messages = [
      question,
      { role: 'assistant', tool_calls: [call] },
      { role: 'tool', tool_call_id: call?.id, content: '{"degrees": 7}' },
    ];
    const after = await servers.front.post('/v1/chat/completions', { model: 'cloud', messages, tools });
    expect((await answerOf(after)).choice.message.content).toBe('It is 7 degrees.');
  });

  test('knows an earlier spoken reply by its words', async () => {
    const { choice } = await answerOf(await ask('cloud', 'Good evening.', AUDIO));
    const messages = [
      { role: 'user', content: 'Good evening.' },
      { role: 'assistant', audio: { id: choice.message.audio?.id } },
      { role: 'user', content: 'Sorry, what did you say?' },
    ];
    const after = await servers.front.post('/v1/chat/completions', { model: 'cloud', messages });
    expect((await answerOf(after)).choice.message.content).toBe('I said: I heard: Good evening.');
  });

  test.skipIf(!findPocketsphinx())('gets what is said as it sounds', async () => {
    const speech = await say('Is a golden retriever a good family dog?');
    const sound = { type: 'input_audio', input_audio: { data: speech.toString('base64'), format: 'wav' } };
    const { choice, usage } = await answerOf(await ask('native', [{ type: 'text', text: 'Well?' }, sound]));
    expect(choice.message.content).toMatch(/^I heard: Well\?\s.*(dog|family|good)/s);
    expect(usage?.prompt_tokens_details?.audio_tokens).toBe(Math.ceil(((speech.length - 44) / 48_000) * 10));
  });
});

describe('engines elsewhere', () => {
  test('a voice speaks', async () => {
    const speech = await say('Good morning.');
    expect(speech.toString('latin1', 0, 4)).toBe('RIFF');
    expect(speech.length).toBeGreaterThan(24_000);
  });

  test.skipIf(!findPocketsphinx())('ears hear', async () => {
    const form = new FormData();
    form.set('model', 'cloud');
    form.set('file', new Blob([new Uint8Array(await say('Is it a good dog?'))]), 'speech.wav');
    const headers = { 'api-key': servers.front.key };
    const address = new URL('/v1/audio/transcriptions', servers.front.url);
    const response = await fetch(address, { method: 'POST', headers, body: form });
    expect(await response.text()).toMatch(/dog|good/i);
  });
});

describe('an upstream that refuses', () => {
  test('the key: what to do is told, and not the key', async () => {
    const response = await ask('wrong', 'Good morning.');
    expect(response.status).toBe(503);
    const error = await errorOf(response);
    expect(error).toMatchObject({ type: 'server_error', code: 'engine_unavailable' });
    expect(error['message']).toContain('answered 401: ');
    expect(error['message']).toContain('Check the API key.');
    expect(error['message']).not.toContain('sk-wrong-key-of-the-front');
  });

  test('the model: its name is told', async () => {
    const response = await ask('lost', 'Good morning.');
    expect(response.status).toBe(503);
    expect((await errorOf(response))['message']).toContain('answered 404: The model `nobody` does not exist');
  });

  test('an engine that fails there fails here, before and within a stream', async () => {
    const whole = await ask('cloud', 'Please break down.');
    expect(whole.status).toBe(500);
    const stream = await ask('cloud', 'Please break down.', { stream: true });
    expect(stream.status).toBe(500);
    expect(await errorOf(stream)).toMatchObject({ type: 'server_error', code: 'server_error' });
  });

  test('one request too many: when to come again is told, until those before have left', async () => {
    const leave = await takePlaces(servers, UPSTREAM_PLACES);
    const response = await ask('cloud', 'Good morning.');
    expect(response.status).toBe(503);
    expect(response.headers.get('retry-after')).toBe('1');
    expect((await errorOf(response))['message']).toContain(
      `answered 429: This key has ${UPSTREAM_PLACES} requests open, which is its limit.`,
    );
    await leave();
    await untilThereIsRoom(servers);
  });
});

test('an upstream that dies in the middle of a reply ends it with an error', async () => {
  await using own = await startTwoServers();
  const response = await own.front.post('/v1/chat/completions', {
    model: 'cloud',
    stream: true,
    messages: [{ role: 'user', content: 'Tell me a long story.' }],
  });
  let text = '';
  for await (const piece of response.body ?? []) {
    if (text === '') await own.upstream.kill();
    text += Buffer.from(piece).toString();
  }
  const last = text.trim().split('\n\n').at(-1) ?? '';
  expect(JSON.parse(last.replace('data: ', ''))).toMatchObject({
    error: { type: 'server_error', code: 'server_error' },
  });
});

async function say(input: string): Promise<Buffer> {
  const body = { model: 'cloud', voice: 'alloy', input, response_format: 'wav' };
  const response = await servers.front.post('/v1/audio/speech', body);
  expect(response.status).toBe(200);
  return Buffer.from(await response.arrayBuffer());
}

interface Chunk {
  readonly choices: readonly {
    readonly finish_reason: string | null;
    readonly delta: { readonly audio?: { readonly transcript?: string; readonly data?: string } };
  }[];
}

async function readChunks(response: Response): Promise<Chunk[]> {
  const lines = (await response.text()).split('\n\n').filter((line) => line.startsWith('data: {'));
  return lines.map((line): Chunk => JSON.parse(line.slice('data: '.length)));
}
