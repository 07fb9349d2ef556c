import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import fc from 'fast-check';
import { WebSocket } from 'ws';
import { toPcmBytes } from '../../src/audio/pcm-bytes.ts';
import { cascade } from '../../src/conversation/cascade.ts';
import { fakeSpeech } from '../../src/engines/fake/fake-speech.ts';
import { RealtimeSession } from '../../src/realtime/session.ts';
import { RealtimeConnection } from '../../src/transport/connection.ts';
import { memoryTransport } from '../../src/transport/memory.ts';
import { systemClock } from '../../src/util/clock.ts';
import { newId } from '../../src/util/ids.ts';
import { createDialect, type DialectName, defaultSessionConfig } from '../../src/wire/realtime/index.ts';
import type { TestEngines } from '../support/app.ts';
import { settle, silence } from './rig.ts';

/** One session from its first message to its end, told beforehand. */
export interface CrowdPlan {
  readonly way: keyof typeof WAYS;
  readonly dialect: DialectName;
  readonly steps: readonly (keyof typeof MESSAGES)[];
  /** How many rounds of the event loop it stays after its last message. */
  readonly lingers: number;
  readonly memoryEnd: keyof typeof MEMORY_ENDS;
  readonly socketEnd: keyof typeof SOCKET_ENDS;
}

const audio = (bytes: Uint8Array): unknown => ({
  type: 'input_audio_buffer.append',
  audio: Buffer.from(bytes).toString('base64'),
});
const content = [{ type: 'input_text', text: 'Hi' }];

/** What sessions send; as a text it is sent as it stands. */
const MESSAGES = {
  speak: audio(toPcmBytes(fakeSpeech('one two').samples)),
  'half a sample': audio(new Uint8Array(4_801)),
  pause: audio(silence(300)),
  commit: { type: 'input_audio_buffer.commit' },
  clear: { type: 'input_audio_buffer.clear' },
  write: { type: 'conversation.item.create', item: { type: 'message', role: 'user', content } },
  respond: { type: 'response.create' },
  'respond aside': { type: 'response.create', response: { conversation: 'none' } },
  cancel: { type: 'response.cancel' },
  'truncate nothing': {
    type: 'conversation.item.truncate',
    item_id: 'none',
    content_index: 0,
    audio_end_ms: 0,
  },
  'push to talk': { type: 'session.update', session: { turn_detection: null } },
  'speak GA': { type: 'session.update', session: { type: 'realtime', output_modalities: ['text'] } },
  'no JSON': '{"type":',
  'no event': '[]',
} as const;

const MEMORY_ENDS = {
  leaves: (peer) => peer.close(),
  'is stopped, and leaves': async (peer, connection) => {
    connection.stop();
    await settle(1);
    peer.close();
  },
  'is drained, then stopped': async (_peer, connection) => {
    connection.drain();
    await settle(1);
    connection.stop();
  },
} as const satisfies Record<
  string,
  (peer: MemoryEnd, connection: RealtimeConnection) => void | Promise<void>
>;
type MemoryEnd = ReturnType<typeof memoryTransport>['peer'];

/** A masked text frame that promises 65,535 bytes and holds 5. */
const BROKEN_FRAME = Buffer.from([0x81, 0xfe, 0xff, 0xff, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
/** An unmasked frame of a reserved kind, which no client may send. */
const GARBAGE = Buffer.from([0xf7, 0x05, 0x00, 0xff, 0x10]);

interface Line {
  readonly client: WebSocket;
  readonly socket: Socket;
}

const SOCKET_ENDS = {
  closes: ({ client }) => client.close(),
  'is cut': ({ socket }) => void socket.destroy(),
  'is reset': ({ socket }) => void socket.resetAndDestroy(),
  'is cut in the midst of a frame': ({ socket }) => {
    socket.write(BROKEN_FRAME);
    socket.destroySoon();
  },
  'sends garbage': ({ socket }) => void socket.write(GARBAGE),
  'sends bytes': ({ client }) => {
    client.send(Buffer.from('binary'));
    client.close();
  },
  'closes one half': ({ socket }) => void socket.end(),
} as const satisfies Record<string, (line: Line) => void>;

/** As many plans as are asked for, the same for the same seed. */
export function planCrowd(count: number, seed: number): readonly CrowdPlan[] {
  const plan: fc.Arbitrary<CrowdPlan> = fc.record({
    way: fc.constantFrom('memory', 'memory', 'memory', 'memory', 'socket', 'socket', 'socket', 'handshake'),
    dialect: fc.constantFrom('preview', 'ga'),
    steps: fc.array(fc.constantFrom(...keysOf(MESSAGES)), { maxLength: 6, size: 'max' }),
    lingers: fc.nat({ max: 6 }),
    memoryEnd: fc.constantFrom(...keysOf(MEMORY_ENDS)),
    socketEnd: fc.constantFrom(...keysOf(SOCKET_ENDS)),
  });
  return fc.sample(plan, { numRuns: count, seed });
}

export interface CrowdPlace {
  /** What sessions in memory have; a server of its own has those of sockets. */
  readonly engines: TestEngines;
  /** Of the server, `http:`. */
  readonly url: string;
  readonly key: string;
  readonly deployment: string;
  readonly onFault: (error: unknown) => void;
}

const AT_ONCE = 24;

const WAYS = {
  memory: playInMemory,
  socket: playOnSocket,
  /** It never becomes a session. */
  handshake: breakHandshake,
} as const satisfies Record<string, (plan: CrowdPlan, place: CrowdPlace) => Promise<void>>;

/** Opens every session, some at a time, and resolves when each has ended. */
export async function playCrowd(plans: readonly CrowdPlan[], place: CrowdPlace): Promise<void> {
  const waiting = plans.values();
  const play = async (): Promise<void> => {
    for (const plan of waiting) await WAYS[plan.way](plan, place);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, play));
}

async function playInMemory(plan: CrowdPlan, { engines, onFault }: CrowdPlace): Promise<void> {
  const { transport, peer } = memoryTransport({ ahead: 4 });
  const defaults = defaultSessionConfig(plan.dialect);
  const { languageModel, recognizer, synthesizer, voiceActivity: detector } = engines;
  if (!languageModel) throw new Error('A crowd is answered by a model.');
  const connection = new RealtimeConnection({
    session: new RealtimeSession({
      id: newId('sess_'),
      conversationId: newId('conv_'),
      model: 'crowd',
      config: defaults,
      responder: cascade({ recognizer, languageModel, synthesizer, newId }),
      recognizer,
      detector,
      clock: systemClock,
      newId,
      expiresAt: 0,
      hasCaptions: plan.dialect === 'ga',
    }),
    transport,
    dialect: createDialect(plan.dialect, { defaults, newId }),
    clock: systemClock,
    limits: { sessionSeconds: 3600, idleSeconds: 900, audioPace: 20 },
    rateLimits: () => [],
    onFault,
  });
  const served = connection.serve();
  const read = (async () => {
    for await (const _event of peer.events);
  })();
  // Who waits for room when the connection ends finds it closed.
  for (const step of plan.steps) await peer.sendText(textOf(step));
  await settle(plan.lingers);
  await MEMORY_ENDS[plan.memoryEnd](peer, connection);
  await Promise.all([served, read]);
}

async function playOnSocket(plan: CrowdPlan, { url, key, deployment }: CrowdPlace): Promise<void> {
  const { hostname, port } = new URL(url);
  const socket = connect({ host: hostname, port: Number(port) });
  // Both tell of what was done to them on purpose.
  socket.on('error', () => {});
  const closed = once(socket, 'close');
  const path =
    plan.dialect === 'ga'
      ? `openai/v1/realtime?model=${deployment}`
      : `openai/realtime?api-version=2025-04-01-preview&deployment=${deployment}`;
  const client = new WebSocket(`${url.replace(/^http/, 'ws')}/${path}`, {
    headers: { 'api-key': key },
    createConnection: () => socket,
    perMessageDeflate: false,
  });
  client.on('error', () => {});
  client.on('message', () => {});
  await once(client, 'open');
  for (const step of plan.steps) client.send(textOf(step));
  await settle(plan.lingers);
  SOCKET_ENDS[plan.socketEnd]({ client, socket });
  await closed;
}

async function breakHandshake({ lingers }: CrowdPlan, { url, key, deployment }: CrowdPlace): Promise<void> {
  const { hostname, port } = new URL(url);
  const socket = connect({ host: hostname, port: Number(port) });
  socket.on('error', () => {});
  const closed = once(socket, 'close');
  socket.write(`GET /v1/realtime?model=${deployment} HTTP/1.1\r\nhost: h\r\napi-key: ${key}\r\n`);
  await settle(lingers);
  if (lingers % 2 === 0) socket.write('connection: upgrade\r\nupgrade: websocket\r\n\r\n');
  socket.destroySoon();
  await closed;
}

function textOf(step: keyof typeof MESSAGES): string {
  const message: unknown = MESSAGES[step];
  return typeof message === 'string' ? message : JSON.stringify(message);
}

function keysOf<T extends object>(table: T): (keyof T)[] {
  return Object.keys(table) as (keyof T)[];
}
