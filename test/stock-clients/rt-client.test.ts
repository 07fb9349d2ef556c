import { isFunctionCallItem, RTClient } from 'rt-client';
import { afterAll, afterEach, describe, expect, test } from 'vitest';
import { compressG711 } from '../../src/audio/g711.ts';
import { toPcmBytes } from '../../src/audio/pcm-bytes.ts';
import { resampleChunk } from '../../src/audio/resample.ts';
import { checkRecording } from './check-recording.ts';
import { recordConnections } from './recorder.ts';
import type { ScenarioName } from './scenarios.ts';
import { leftOut, PREVIEW_MODEL, spokenQuestion, startClientServer } from './served.ts';

const server = await startClientServer();
const recorder = await recordConnections(server);
const question = await spokenQuestion(server);

afterAll(async () => {
  await recorder[Symbol.asyncDispose]();
  await server[Symbol.asyncDispose]();
});

afterEach(() => {
  for (const connection of recorder.take()) checkRecording(connection);
});

type Session = AsyncDisposable & RTClient;

async function open(): Promise<Session> {
  const client = new RTClient(new URL(recorder.url), { key: server.key }, { deployment: PREVIEW_MODEL });
  await client.init();
  return Object.assign(client, { [Symbol.asyncDispose]: async () => await client.close() });
}

/** `RTClient` in the scenarios of the other clients, by its own methods, or why it can not play one. */
const PLAYS: Readonly<Record<ScenarioName, (() => Promise<void>) | string>> = {
  'a text turn': async () => {
    await using client = await open();
    await say(client, 'Hello, my name is Ada.');
    const spoken = await respond(client);
    expect(spoken).toMatchObject({
      text: 'Nice to meet you, Ada. What can I do for you?',
      status: 'completed',
    });
    expect(spoken.bytes / 2 / 24_000).toBeGreaterThan(1.5);
    await client.configure({ modalities: ['text'] });
    await say(client, 'What did you say?');
    const written = await respond(client);
    expect(written).toMatchObject({
      text: 'I said: Nice to meet you, Ada. What can I do for you?',
      bytes: 0,
    });
  },
  'a spoken turn by server VAD': async () => {
    await using client = await open();
    await client.configure({ turn_detection: SERVER_VAD, input_audio_transcription: { model: 'whisper-1' } });
    await speak(client, toPcmBytes(question));
    await speak(client, new Uint8Array(48_000));
    const events = client.events()[Symbol.asyncIterator]();
    const { value: heard } = await events.next();
    if (heard?.type !== 'input_audio') expect.fail('The first event is of the speech.');
    await heard.waitForCompletion();
    expect(heard.transcription).toMatch(/\w+ \w+/);
    const { value: response } = await events.next();
    if (response?.type !== 'response') expect.fail('The second event is of the answer.');
    expect((await read(response)).text).toMatch(/^I heard: \S+/);
  },
  'a manual commit': async () => {
    await using client = await open();
    await client.configure({ turn_detection: null, modalities: ['text'] });
    await speak(client, toPcmBytes(question));
    const item = await client.commitAudio();
    await item.waitForCompletion();
    expect((await respond(client)).text).toMatch(/^I heard: \S+/);
  },
  'a function call and its result': async () => {
    await using client = await open();
    await client.configure({ tools: [WEATHER_TOOL] });
    await say(client, 'What is the weather in Paris?');
    const response = await client.generateResponse();
    for await (const item of response ?? expect.fail('No response.')) {
      if (!isFunctionCallItem(item)) expect.fail('No function is called.');
      await item.waitForCompletion();
      expect(item).toMatchObject({ functionName: 'get_weather', arguments: '{"city":"Paris"}' });
      await client.sendItem({
        type: 'function_call_output',
        call_id: item.callId,
        output: '{"degrees": 21}',
      });
    }
    expect((await respond(client)).text).toBe('It is 21 degrees.');
  },
  'an interruption by speaking': async () => {
    await using client = await open();
    await client.configure({ turn_detection: SERVER_VAD });
    await say(client, 'Tell me a long story.');
    const response = await client.generateResponse();
    const spoken = read(response ?? expect.fail('No response.'));
    await speak(client, toPcmBytes(question));
    expect((await spoken).status).toBe('cancelled');
    expect(response?.statusDetails).toMatchObject({ type: 'cancelled', reason: 'turn_detected' });
  },
  'a truncated reply': 'RTClient has no method for it',
  'a response out of band': 'its responses take no options',
  'a transcription session': 'it can not ask for `intent=transcription`',
  'G.711 both ways': async () => {
    const { samples } = await resampleChunk({ samples: question, sampleRate: 24_000 }, 8_000);
    for (const [format, law] of [
      ['g711-ulaw', 'mulaw'],
      ['g711-alaw', 'alaw'],
    ] as const) {
      await using client = await open();
      const formats = { input_audio_format: format, output_audio_format: format };
      const session = await client.configure({ ...formats, turn_detection: null });
      expect(session).toMatchObject(formats);
      await speak(client, compressG711(samples, law));
      await client.commitAudio();
      const { text, bytes } = await respond(client);
      expect(text).toMatch(/^I heard: \S+/);
      expect(bytes / 8_000).toBeGreaterThan(0.5);
    }
  },
  'a reconnect': async () => {
    const first = await open();
    await say(first, 'Tell me a long story.');
    await first.generateResponse();
    await first.close();
    await using second = await open();
    expect(second.session?.id).not.toBe(first.session?.id);
    await say(second, 'Hello, my name is Ada.');
    expect((await respond(second)).text).toBe('Nice to meet you, Ada. What can I do for you?');
  },
};

const SERVER_VAD = {
  type: 'server_vad',
  threshold: 0.5,
  prefix_padding_ms: 300,
  silence_duration_ms: 500,
} as const;
const WEATHER_TOOL = {
  type: 'function',
  name: 'get_weather',
  parameters: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] },
};

describe('rt-client by RTClient', () => {
  for (const [name, play] of Object.entries(PLAYS)) {
    const reason = typeof play === 'string' ? play : leftOut(name);
    test.skipIf(reason)(reason ? `${name}: ${reason}` : name, async () => {
      if (typeof play !== 'string') await play();
    });
  }

  test('a commit of nothing fails with an error about the buffer', async () => {
    await using client = await open();
    await client.clearAudio();
    await expect(client.commitAudio()).rejects.toThrow(/buffer/);
  });

  test('an item after one that is not there fails with an error that says so', async () => {
    await using client = await open();
    const item = {
      type: 'message',
      role: 'user',
      content: [{ type: 'input_text', text: 'Hello.' }],
    } as const;
    await expect(client.sendItem({ ...item, content: [...item.content] }, 'missing')).rejects.toThrow(
      /does not exist/,
    );
  });
});

async function say(client: RTClient, text: string): Promise<void> {
  await client.sendItem({ type: 'message', role: 'user', content: [{ type: 'input_text', text }] });
}

/** In pieces small enough for a client that spreads each into arguments. */
async function speak(client: RTClient, bytes: Uint8Array): Promise<void> {
  for (let start = 0; start < bytes.length; start += 9_600)
    await client.sendAudio(bytes.subarray(start, start + 9_600));
}

type Response = NonNullable<Awaited<ReturnType<RTClient['generateResponse']>>>;

interface HeardResponse {
  readonly text: string;
  readonly bytes: number;
  readonly status: string;
}

async function respond(client: RTClient): Promise<HeardResponse> {
  return await read((await client.generateResponse()) ?? expect.fail('No response.'));
}

async function read(response: Response): Promise<HeardResponse> {
  let text = '';
  let bytes = 0;
  for await (const item of response) {
    if (isFunctionCallItem(item)) expect.fail('A function is called.');
    for await (const content of item) {
      if (content.type === 'text') {
        for await (const chunk of content.textChunks()) text += chunk;
        continue;
      }
      const readAudio = async (): Promise<void> => {
        for await (const chunk of content.audioChunks()) bytes += chunk.length;
      };
      const readTranscript = async (): Promise<void> => {
        for await (const chunk of content.transcriptChunks()) text += chunk;
      };
      await Promise.all([readAudio(), readTranscript()]);
    }
  }
  return { text, bytes, status: response.status };
}
