import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ScriptSource } from '../../src/engines/scripted/script.ts';
import { type SpawnedServer, spawnServer } from '../support/spawned-server.ts';
import { startTestServer, type TestServer } from '../support/test-server.ts';

/** A server in this process whose engines are another server, in a process of its own. */
export interface TwoServers extends AsyncDisposable {
  readonly front: TestServer;
  readonly upstream: SpawnedServer;
  /** The key that the front has for the upstream. */
  readonly upstreamKey: string;
}

/** Takes a minute to say, so that who waits for its end waits for longer than any test lasts. */
const STORY = 'Once upon a time there was a server that told long stories to everybody who asked. '.repeat(
  20,
);

const script: ScriptSource = {
  rules: [
    { when: { toolResult: '/"degrees": ?(-?\\d+)/' }, reply: { say: 'It is {1} degrees.' } },
    { when: { user: 'a long story' }, reply: { say: STORY, delay: { firstTokenMs: 0, perWordMs: 40 } } },
    { when: { user: 'break down' }, reply: { fail: { reason: 'failed' } } },
    { when: { user: 'what did you say' }, reply: { say: 'I said: {previousReply}' } },
    {
      when: { user: '/weather in (?<city>\\p{L}+)/' },
      reply: { call: { name: 'get_weather', arguments: { city: '{city}' } } },
    },
  ],
  otherwise: { say: 'I heard: {heard}' },
};

/** Requests and sessions that one key may have open at the upstream. */
export const UPSTREAM_PLACES = 3;

export async function startTwoServers(limits: Readonly<Record<string, number>> = {}): Promise<TwoServers> {
  await using stack = new AsyncDisposableStack();
  const folder = await mkdtemp(join(tmpdir(), 'samtal-upstream-'));
  stack.defer(async () => await rm(folder, { recursive: true, force: true }));
  const upstream = stack.use(await startUpstream(folder));
  const upstreamKey = (await upstream.samtal('key')).trim();
  await writeFile(join(folder, 'key'), upstreamKey);
  await writeFile(join(folder, 'wrong-key'), 'sk-wrong-key-of-the-front');
  const front = stack.use(await startTestServer({ config: frontConfig(upstream.url, folder, limits) }));
  const held = stack.move();
  return { front, upstream, upstreamKey, [Symbol.asyncDispose]: async () => await held.disposeAsync() };
}

async function startUpstream(folder: string): Promise<SpawnedServer> {
  const file = join(folder, 'samtal.config.json');
  await writeFile(join(folder, 'script.json'), JSON.stringify(script));
  const places = { concurrentPerKey: UPSTREAM_PLACES, sessionsPerKey: UPSTREAM_PLACES };
  const config = {
    server: { limits: places },
    engines: { talker: { type: 'scripted', script: 'script.json' } },
    deployments: { talk: { languageModel: 'talker' } },
  };
  await writeFile(file, JSON.stringify(config));
  return await spawnServer({ words: ['--config', file] });
}

function frontConfig(url: string, folder: string, limits: Readonly<Record<string, number>>) {
  const apiKey = { file: join(folder, 'key') };
  const wrongKey = { file: join(folder, 'wrong-key') };
  const there = { baseUrl: `${url}/v1`, model: 'talk', apiKey };
  const azure = { azure: { deployment: 'talk', apiVersion: '2025-04-01-preview' }, baseUrl: url };
  return {
    server: { limits },
    engines: {
      mind: { type: 'openai-audio', ...there },
      'azure-mind': { type: 'openai-audio', ...there, ...azure },
      'v1-mind': { type: 'openai-audio', ...there, baseUrl: url, azure: {} },
      'wrong-mind': { type: 'openai-audio', ...there, apiKey: wrongKey },
      'lost-mind': { type: 'openai-audio', ...there, model: 'nobody' },
      ears: { type: 'openai-transcriptions', ...there, model: 'whisper-1' },
      voice: { type: 'openai-speech', ...there, model: 'tts-1' },
      live: { type: 'openai-realtime', ...there },
      'azure-live': { type: 'openai-realtime', ...there, ...azure, baseUrl: url.replace('http', 'ws') },
      'wrong-live': { type: 'openai-realtime', ...there, apiKey: wrongKey },
      'lost-live': { type: 'openai-realtime', ...there, model: 'nobody' },
    },
    deployments: {
      cloud: { speechModel: 'mind', recognizer: 'ears', synthesizer: 'voice', realtime: 'live' },
      native: { speechModel: 'mind', recognizer: 'ears' },
      azure: { speechModel: 'azure-mind', realtime: 'azure-live' },
      v1: { speechModel: 'v1-mind' },
      misled: { speechModel: 'wrong-mind' },
      wrong: { speechModel: 'wrong-mind', realtime: 'wrong-live' },
      lost: { speechModel: 'lost-mind', realtime: 'lost-live' },
    },
  };
}

/** Takes `count` places at the upstream, each with a long story over chat completions; call what is returned to leave. */
export async function takePlaces({ front }: TwoServers, count: number): Promise<() => Promise<void>> {
  const messages = [{ role: 'user', content: 'Tell me a long story.' }];
  const stories: Response[] = [];
  for (let place = 0; place < count; place += 1)
    stories.push(await front.post('/v1/chat/completions', { model: 'cloud', stream: true, messages }));
  // They are kept until then: `fetch` leaves where nobody holds its answer any more.
  return async () => void (await Promise.all(stories.map(async ({ body }) => await body?.cancel())));
}

/** Resolves when the upstream has a place for one more request. */
export async function untilThereIsRoom({ front }: TwoServers): Promise<void> {
  const messages = [{ role: 'user', content: 'Is there room?' }];
  for (let status = 0; status !== 200; ) {
    const response = await front.post('/v1/chat/completions', { model: 'cloud', messages });
    status = response.status;
    await response.body?.cancel();
  }
}
