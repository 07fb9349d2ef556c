import { expect } from 'vitest';
import { compressG711, expandG711 } from '../../src/audio/g711.ts';
import { toPcmBytes } from '../../src/audio/pcm-bytes.ts';
import { resampleChunk } from '../../src/audio/resample.ts';
import type { RealtimeEvent } from '../support/realtime-client.ts';
import type { Wishes } from './dialect.ts';
import { type ClientEvent, type Driver, EventLog, type Opening, type StockClient } from './driver.ts';

/** What every client library is led through, by the words of the issue that asks for it. */
export const SCENARIOS = {
  'a text turn': textTurn,
  'a spoken turn by server VAD': spokenTurn,
  'a manual commit': manualCommit,
  'a function call and its result': functionCall,
  'an interruption by speaking': interruption,
  'a truncated reply': truncation,
  'a response out of band': outOfBand,
  'a transcription session': transcriptionSession,
  'G.711 both ways': g711,
  'a reconnect': reconnect,
} satisfies Readonly<Record<string, (stage: Stage) => Promise<void>>>;

export type ScenarioName = keyof typeof SCENARIOS;

export interface Stage {
  readonly client: StockClient;
  /** Somebody asks something. 24 kHz. */
  readonly question: Int16Array;
}

const SERVER_VAD = { type: 'server_vad', threshold: 0.5, prefix_padding_ms: 300, silence_duration_ms: 500 };
const WEATHER_TOOL = {
  type: 'function',
  name: 'get_weather',
  description: 'The weather in a city.',
  parameters: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] },
};

async function textTurn(stage: Stage): Promise<void> {
  await using player = await Player.open(stage);
  await player.configure({ output: 'audio' });
  await player.say('Hello, my name is Ada.');
  const spoken = await player.respond({ output: 'audio' });
  expect(spoken.text).toBe('Nice to meet you, Ada. What can I do for you?');
  expect(spoken.audio.length / 2 / 24_000).toBeGreaterThan(1.5);
  await player.say('What did you say?');
  const written = await player.respond({ output: 'text' });
  expect(written.text).toBe('I said: Nice to meet you, Ada. What can I do for you?');
  expect(written.audio).toHaveLength(0);
}

async function spokenTurn(stage: Stage): Promise<void> {
  await using player = await Player.open(stage);
  await player.configure({ turnDetection: SERVER_VAD, transcription: true, output: 'audio' });
  await player.speak(stage.question);
  await player.speak(new Int16Array(24_000));
  const started = await player.next('input_audio_buffer.speech_started');
  const stopped = await player.next('input_audio_buffer.speech_stopped');
  const committed = await player.next('input_audio_buffer.committed');
  const created = await player.next(player.dialect.itemCreated);
  const itemId = itemOf(created)['id'];
  expect([started['item_id'], stopped['item_id'], committed['item_id']]).toEqual([itemId, itemId, itemId]);
  const { text, audio } = await player.readResponse();
  expect(text).toMatch(/^I heard: \S+/);
  expect(audio.length).toBeGreaterThan(24_000);
}

async function manualCommit(stage: Stage): Promise<void> {
  await using player = await Player.open(stage);
  await player.configure({ turnDetection: null, output: 'text' });
  await player.speak(stage.question);
  await player.send({ type: 'input_audio_buffer.commit' });
  const committed = await player.next('input_audio_buffer.committed');
  const created = await player.next(player.dialect.itemCreated);
  expect(itemOf(created)).toMatchObject({ id: committed['item_id'], role: 'user' });
  // The answer to a second command comes with nothing before it: no response was begun.
  await player.send({ type: 'input_audio_buffer.clear' });
  const between = await player.log.through('input_audio_buffer.cleared');
  expect(between.filter(({ type }) => type.startsWith('response.'))).toEqual([]);
  const { text } = await player.respond({});
  expect(text).toMatch(/^I heard: \S+/);
}

async function functionCall(stage: Stage): Promise<void> {
  await using player = await Player.open(stage);
  await player.configure({ tools: [WEATHER_TOOL], output: 'audio' });
  await player.say('What is the weather in Paris?');
  const { done, events } = await player.respond({});
  const [call] = outputOf(done);
  expect(call).toMatchObject({ type: 'function_call', name: 'get_weather', arguments: '{"city":"Paris"}' });
  const deltas = events.filter(({ type }) => type === 'response.function_call_arguments.delta');
  expect(deltas.map(({ delta }) => delta).join('')).toBe('{"city":"Paris"}');
  await player.create({
    type: 'function_call_output',
    call_id: call?.['call_id'],
    output: '{"degrees": 21}',
  });
  const { text } = await player.respond({});
  expect(text).toBe('It is 21 degrees.');
}

async function interruption(stage: Stage): Promise<void> {
  await using player = await Player.open(stage);
  await player.configure({ turnDetection: { ...SERVER_VAD, create_response: false }, output: 'audio' });
  await player.say('Tell me a long story.');
  await player.send({ type: 'response.create' });
  await player.next(player.dialect.audioDelta);
  await player.speak(stage.question);
  await player.log.through('input_audio_buffer.speech_started');
  const ended = await player.log.through('response.done');
  expect(ended.filter(({ type }) => type.endsWith('.delta'))).toEqual([]);
  expect(responseOf(ended.at(-1))).toMatchObject({
    status: 'cancelled',
    status_details: { type: 'cancelled', reason: 'turn_detected' },
    output: [{ status: 'incomplete' }],
  });
  await player.speak(new Int16Array(24_000));
  const after = await player.log.through('input_audio_buffer.committed');
  expect(after.filter(({ type }) => type.startsWith('response.'))).toEqual([]);
}

async function truncation(stage: Stage): Promise<void> {
  await using player = await Player.open(stage);
  await player.configure({ turnDetection: null, output: 'audio' });
  await player.say('Hello, my name is Ada.');
  const { done } = await player.respond({});
  const cut = { item_id: outputOf(done)[0]?.['id'], content_index: 0, audio_end_ms: 1000 };
  await player.send({ type: 'conversation.item.truncate', ...cut });
  expect(await player.next('conversation.item.truncated')).toMatchObject(cut);
  await player.say('What did you say?');
  const { text } = await player.respond({ output: 'text' });
  expect('I said: Nice to meet you, Ada. What can I do for you?').toContain(text.replace(/\.$/, ''));
  expect(text.length).toBeLessThan('I said: Nice to meet you, Ada. What can I'.length);
  expect(text).toContain('Nice');
}

async function outOfBand(stage: Stage): Promise<void> {
  await using player = await Player.open(stage);
  await player.configure({ output: 'audio' });
  await player.say('Tell me a long story.');
  await player.send({ type: 'response.create' });
  const live = responseOf(await player.next('response.created'))['id'];
  const input = [
    { type: 'message', role: 'user', content: [{ type: 'input_text', text: 'My name is Ada.' }] },
  ];
  await player.send({
    type: 'response.create',
    response: {
      conversation: 'none',
      metadata: { purpose: 'aside' },
      input,
      ...player.dialect.response({ output: 'text' }),
    },
  });
  const events = await player.log.through('response.done');
  const done = responseOf(events.at(-1));
  expect(done).toMatchObject({ status: 'completed', conversation_id: null, metadata: { purpose: 'aside' } });
  const aside = events.filter(({ response_id: id }) => id === done['id']);
  expect(textOf(aside, player)).toBe('Nice to meet you, Ada. What can I do for you?');
  const asideItems = new Set(outputOf(events.at(-1)).map(({ id }) => id));
  const told = events.filter((event) => event.type === player.dialect.itemCreated);
  expect(told.filter((event) => asideItems.has(itemOf(event)['id']))).toEqual([]);
  await player.send({ type: 'response.cancel', response_id: live });
  expect(responseOf(await player.next('response.done'))).toMatchObject({ id: live, status: 'cancelled' });
}

async function transcriptionSession(stage: Stage): Promise<void> {
  await using player = await Player.open(stage, { intent: 'transcription' });
  const { update, updated, session } = player.dialect.transcription;
  await player.send({ type: update, session: session({ transcription: true, turnDetection: SERVER_VAD }) });
  await player.next(updated);
  await player.speak(stage.question);
  await player.speak(new Int16Array(24_000));
  const { item_id: itemId } = await player.next('input_audio_buffer.committed');
  const events = await player.log.through('conversation.item.input_audio_transcription.completed');
  const completed = events.at(-1);
  expect(completed).toMatchObject({ item_id: itemId, transcript: expect.stringMatching(/\w+ \w+/) });
  expect(events.filter(({ type }) => type.startsWith('response.'))).toEqual([]);
}

async function g711(stage: Stage): Promise<void> {
  const { samples } = await resampleChunk({ samples: stage.question, sampleRate: 24_000 }, 8_000);
  for (const [format, law] of [
    ['ulaw', 'mulaw'],
    ['alaw', 'alaw'],
  ] as const) {
    await using player = await Player.open(stage);
    await player.configure({ format, turnDetection: null, output: 'audio' });
    await player.append(compressG711(samples, law));
    await player.send({ type: 'input_audio_buffer.commit' });
    await player.next('input_audio_buffer.committed');
    const { text, audio } = await player.respond({});
    expect(text).toMatch(/^I heard: \S+/);
    const speech = expandG711(audio, law);
    expect(speech.length / 8_000).toBeGreaterThan(0.5);
    // Noise, or one law read as the other, has few samples near silence.
    const quiet = speech.filter((sample) => Math.abs(sample) < 800).length;
    expect(quiet / speech.length).toBeGreaterThan(0.3);
  }
}

async function reconnect(stage: Stage): Promise<void> {
  const first = await Player.open(stage);
  await first.configure({ output: 'audio' });
  await first.say('Tell me a long story.');
  await first.send({ type: 'response.create' });
  await first.next(first.dialect.audioDelta);
  if (first.driver.cut) first.driver.cut();
  else await first.driver.close();
  await using second = await Player.open(stage);
  expect(second.sessionId).not.toBe(first.sessionId);
  await second.configure({ output: 'text' });
  await second.say('Hello, my name is Ada.');
  const { text } = await second.respond({});
  expect(text).toBe('Nice to meet you, Ada. What can I do for you?');
  await first.driver.close();
}

interface HeardResponse {
  readonly done: RealtimeEvent;
  readonly events: readonly RealtimeEvent[];
  /** What it wrote or said. */
  readonly text: string;
  readonly audio: Uint8Array;
}

/** Plays a scenario through a client library. */
export class Player implements AsyncDisposable {
  readonly log: EventLog;
  readonly driver: Driver;
  readonly client: StockClient;
  readonly sessionId: unknown;

  private constructor(parts: Pick<Player, 'log' | 'driver' | 'client' | 'sessionId'>) {
    this.log = parts.log;
    this.driver = parts.driver;
    this.client = parts.client;
    this.sessionId = parts.sessionId;
  }

  static async open({ client }: Pick<Stage, 'client'>, opening: Opening = {}): Promise<Player> {
    const log = new EventLog();
    const driver = await client.open(log, opening);
    try {
      const { session } = await log.next('session.created', 'transcription_session.created');
      const { id: sessionId } = session as { id: unknown };
      return new Player({ log, driver, client, sessionId });
    } catch (error) {
      await driver.close();
      throw error;
    }
  }

  get dialect(): StockClient['dialect'] {
    return this.client.dialect;
  }

  async send(event: ClientEvent): Promise<void> {
    await this.driver.send(event);
  }

  async next(...types: readonly string[]): Promise<RealtimeEvent> {
    return await this.log.next(...types);
  }

  async configure(wishes: Wishes): Promise<void> {
    await this.send({ type: 'session.update', session: this.dialect.session(wishes) });
    await this.next('session.updated');
  }

  async create(item: Readonly<Record<string, unknown>>): Promise<void> {
    await this.send({ type: 'conversation.item.create', item });
    await this.next(this.dialect.itemCreated);
  }

  async say(text: string): Promise<void> {
    await this.create({ type: 'message', role: 'user', content: [{ type: 'input_text', text }] });
  }

  async speak(samples: Int16Array): Promise<void> {
    await this.append(toPcmBytes(samples));
  }

  async append(bytes: Uint8Array): Promise<void> {
    for (let start = 0; start < bytes.length; start += APPEND_BYTES) {
      const audio = Buffer.from(bytes.subarray(start, start + APPEND_BYTES)).toString('base64');
      await this.send({ type: 'input_audio_buffer.append', audio });
    }
  }

  async respond(wishes: Pick<Wishes, 'output'>): Promise<HeardResponse> {
    const response = this.dialect.response(wishes);
    const isBare = Object.keys(response).length === 0;
    await this.send(isBare ? { type: 'response.create' } : { type: 'response.create', response });
    return await this.readResponse();
  }

  async readResponse(): Promise<HeardResponse> {
    await this.next('response.created');
    const events = await this.log.through('response.done');
    const done = events.at(-1);
    if (!done) throw new Error('No response.');
    expect(responseOf(done)).toMatchObject({ status: 'completed' });
    const pieces = events
      .filter(({ type }) => type === this.dialect.audioDelta)
      .map(({ delta }) => Buffer.from(String(delta), 'base64'));
    return { done, events, text: textOf(events, this), audio: Buffer.concat(pieces) };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.driver.close();
  }
}

/** 200 ms at 24 kHz: as large as applications send, and small enough for every client. */
const APPEND_BYTES = 9_600;

function textOf(events: readonly RealtimeEvent[], { dialect }: Player): string {
  const kinds = [dialect.textDelta, dialect.transcriptDelta];
  return events
    .filter(({ type }) => kinds.includes(type))
    .map(({ delta }) => delta)
    .join('');
}

// What the published schemas promise is checked of every frame by the recording.
function responseOf(event: RealtimeEvent | undefined): Readonly<Record<string, unknown>> {
  return event?.['response'] as Readonly<Record<string, unknown>>;
}

function outputOf(event: RealtimeEvent | undefined): readonly Readonly<Record<string, unknown>>[] {
  return responseOf(event)['output'] as readonly Readonly<Record<string, unknown>>[];
}

function itemOf(event: RealtimeEvent): Readonly<Record<string, unknown>> {
  return event['item'] as Readonly<Record<string, unknown>>;
}
