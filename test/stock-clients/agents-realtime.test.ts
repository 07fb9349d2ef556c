import { RealtimeAgent, type RealtimeItem, RealtimeSession, tool } from '@openai/agents-realtime';
import { afterAll, afterEach, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { compressG711 } from '../../src/audio/g711.ts';
import { toPcmBytes } from '../../src/audio/pcm-bytes.ts';
import { resampleChunk } from '../../src/audio/resample.ts';
import { checkRecording } from './check-recording.ts';
import { EventLog } from './driver.ts';
import { recordConnections } from './recorder.ts';
import type { ScenarioName } from './scenarios.ts';
import { GA_MODEL, leftOut, spokenQuestion, startClientServer } from './served.ts';

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

const getWeather = tool({
  name: 'get_weather',
  description: 'The weather in a city.',
  parameters: z.object({ city: z.string() }),
  execute: ({ city }) => ({ city, degrees: 21 }),
});

interface Line extends AsyncDisposable {
  readonly session: RealtimeSession;
  readonly log: EventLog;
  /** What the session calls errors; what the server calls one fails whoever reads on. */
  readonly errors: readonly unknown[];
}

type Config = NonNullable<NonNullable<ConstructorParameters<typeof RealtimeSession>[1]>['config']>;

async function open(config: Config = {}): Promise<Line> {
  const agent = new RealtimeAgent({ name: 'Guide', instructions: 'Be brief.', tools: [getWeather] });
  const session = new RealtimeSession(agent, { transport: 'websocket', model: GA_MODEL, config });
  const log = new EventLog();
  const errors: unknown[] = [];
  // Events of the transport are the server's, as they came.
  session.on('transport_event', (event) => log.add(event));
  session.on('error', (error) => errors.push(error));
  const url = `${recorder.url.replace('http', 'ws')}/v1/realtime?model=${GA_MODEL}`;
  await session.connect({ apiKey: server.key, url });
  return {
    session,
    log,
    errors,
    [Symbol.asyncDispose]: async () => {
      session.close();
      expect(errors).toEqual([]);
    },
  };
}

/** `RealtimeSession` in the scenarios of the other clients, by its own methods, or why it can not play one. */
const PLAYS: Readonly<Record<ScenarioName, (() => Promise<void>) | string>> = {
  'a text turn': async () => {
    await using line = await open();
    let bytes = 0;
    line.session.on('audio', ({ data }) => {
      bytes += data.byteLength;
    });
    line.session.sendMessage('Hello, my name is Ada.');
    await answered(line);
    expect(messages(line)).toEqual([
      'user: Hello, my name is Ada.',
      'assistant: Nice to meet you, Ada. What can I do for you?',
    ]);
    expect(bytes / 2 / 24_000).toBeGreaterThan(1.5);
  },
  'a spoken turn by server VAD': async () => {
    await using line = await open({
      audio: { input: { turnDetection: SERVER_VAD, transcription: { model: 'whisper-1' } } },
    });
    // It fetches what was heard while the answer is under way; either may come first.
    const fetched = new Promise<void>((resolve) => {
      line.session.on('transport_event', ({ type }) => {
        if (type === 'conversation.item.retrieved') resolve();
      });
    });
    speak(line, toPcmBytes(question));
    speak(line, new Uint8Array(48_000));
    await answered(line);
    await fetched;
    const [asked, answer] = messages(line);
    expect(asked).toMatch(/^user: \w+ \w+/);
    expect(answer).toMatch(/^assistant: I heard: \w+/);
  },
  'a manual commit': async () => {
    await using line = await open({ audio: { input: { turnDetection: null } } });
    speak(line, toPcmBytes(question), { commit: true });
    await line.log.next('input_audio_buffer.committed');
    line.session.transport.sendEvent({ type: 'response.create' });
    await answered(line);
    expect(messages(line).at(-1)).toMatch(/^assistant: I heard: \w+/);
  },
  'a function call and its result': async () => {
    await using line = await open();
    const results: string[] = [];
    line.session.on('agent_tool_end', (_context, _agent, { name }, result) => {
      results.push(`${name}: ${result}`);
    });
    line.session.sendMessage('What is the weather in Paris?');
    await answered(line);
    await answered(line);
    expect(results).toEqual(['get_weather: {"city":"Paris","degrees":21}']);
    expect(messages(line).at(-1)).toBe('assistant: It is 21 degrees.');
  },
  'an interruption by speaking': async () => {
    await using line = await open({ audio: { input: { turnDetection: SERVER_VAD } } });
    const interrupted = new Promise<void>((resolve) => {
      line.session.on('audio_interrupted', () => resolve());
    });
    line.session.sendMessage('Tell me a long story.');
    await line.log.next('response.output_audio.delta');
    speak(line, toPcmBytes(question));
    const { response } = await line.log.next('response.done');
    expect(response).toMatchObject({ status: 'cancelled', status_details: { reason: 'turn_detected' } });
    await interrupted;
    await line.log.next('conversation.item.truncated');
  },
  'a truncated reply': async () => {
    await using line = await open({ audio: { input: { turnDetection: null } } });
    line.session.sendMessage('Tell me a long story.');
    await line.log.next('response.output_audio.delta');
    line.session.interrupt();
    const { response } = await line.log.next('response.done');
    expect(response).toMatchObject({ status: 'cancelled', status_details: { reason: 'client_cancelled' } });
    await line.log.next('conversation.item.truncated');
    line.session.sendMessage('What did you say?');
    await answered(line);
    expect(messages(line).at(-1)?.length).toBeLessThan(200);
  },
  'a response out of band': async () => {
    await using line = await open();
    const input = [
      { type: 'message', role: 'user', content: [{ type: 'input_text', text: 'My name is Ada.' }] },
    ];
    line.session.transport.sendEvent({
      type: 'response.create',
      response: { conversation: 'none', metadata: { purpose: 'aside' }, output_modalities: ['text'], input },
    });
    const { text } = await line.log.next('response.output_text.done');
    expect(text).toBe('Nice to meet you, Ada. What can I do for you?');
    const { response } = await line.log.next('response.done');
    expect(response).toMatchObject({ status: 'completed', metadata: { purpose: 'aside' } });
  },
  'a transcription session': 'its sessions are conversations',
  'G.711 both ways': async () => {
    const format = { type: 'audio/pcmu' } as const;
    await using line = await open({ audio: { input: { format, turnDetection: null }, output: { format } } });
    let bytes = 0;
    line.session.on('audio', ({ data }) => {
      bytes += data.byteLength;
    });
    const { samples } = await resampleChunk({ samples: question, sampleRate: 24_000 }, 8_000);
    speak(line, compressG711(samples, 'mulaw'), { commit: true });
    await line.log.next('input_audio_buffer.committed');
    line.session.transport.sendEvent({ type: 'response.create' });
    await answered(line);
    expect(messages(line).at(-1)).toMatch(/^assistant: I heard: \w+/);
    expect(bytes / 8_000).toBeGreaterThan(0.5);
  },
  'a reconnect': async () => {
    const first = await open();
    first.session.sendMessage('Tell me a long story.');
    await first.log.next('response.output_audio.delta');
    first.session.close();
    await using second = await open();
    second.session.sendMessage('Hello, my name is Ada.');
    await answered(second);
    expect(messages(second)).toHaveLength(2);
  },
};

const SERVER_VAD = {
  type: 'server_vad',
  threshold: 0.5,
  prefixPaddingMs: 300,
  silenceDurationMs: 500,
  createResponse: true,
  interruptResponse: true,
} as const;

describe('@openai/agents-realtime', () => {
  for (const [name, play] of Object.entries(PLAYS)) {
    const reason = typeof play === 'string' ? play : leftOut(name);
    test.skipIf(reason)(reason ? `${name}: ${reason}` : name, async () => {
      if (typeof play !== 'string') await play();
    });
  }
});

async function answered({ log }: Line): Promise<void> {
  const { response } = await log.next('response.done');
  expect(response).toMatchObject({ status: 'completed' });
}

function speak({ session }: Line, bytes: Uint8Array, options: { commit?: boolean } = {}): void {
  const { buffer } = new Uint8Array(bytes);
  session.sendAudio(buffer, options);
}

function messages({ session }: Line): readonly string[] {
  return session.history.flatMap((item) => (item.type === 'message' ? `${item.role}: ${wordsOf(item)}` : []));
}

function wordsOf(item: Extract<RealtimeItem, { type: 'message' }>): string {
  return item.content.map((part) => ('text' in part ? part.text : (part.transcript ?? ''))).join('');
}
