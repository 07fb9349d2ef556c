import { expect, test } from 'vitest';
import type { Responder } from '../../src/conversation/responder.ts';
import type { VoiceActivityDetector } from '../../src/engine/voice-activity-detector.ts';
import { fakeDetector } from '../../src/engines/fake/fake-detector.ts';
import { RealtimeSession } from '../../src/realtime/session.ts';
import { RealtimeConnection } from '../../src/transport/connection.ts';
import { type MemoryPeer, memoryTransport } from '../../src/transport/memory.ts';
import { newId } from '../../src/util/ids.ts';
import {
  createDialect,
  type DialectName,
  defaultSessionConfig,
  type RateLimit,
  type WireEvent,
} from '../../src/wire/realtime/index.ts';
import { ConnectionCheck } from '../stock-clients/connection-check.ts';
import { settle } from './rig.ts';
import { TestResponder } from './test-responder.ts';
import { VirtualClock } from './virtual-clock.ts';

interface Options {
  readonly dialect?: DialectName;
  readonly responder?: Responder;
  readonly detector?: VoiceActivityDetector;
  readonly sessionSeconds?: number;
  readonly idleSeconds?: number;
  readonly rateLimits?: () => readonly RateLimit[];
}

interface Line {
  readonly connection: RealtimeConnection;
  readonly served: Promise<void>;
  readonly peer: MemoryPeer;
  readonly clock: VirtualClock;
  readonly faults: readonly unknown[];
  /** Reads on to the next event of `type`. */
  readonly until: (type: string) => Promise<WireEvent>;
  /** Reads what is left. */
  readonly rest: () => Promise<readonly WireEvent[]>;
}

const TEXT = { type: 'response.create', response: { modalities: ['text'] } };

const seven = { name: 'requests', limit: 8, remaining: 7, resetSeconds: 0 } as const;

function connect({
  dialect = 'preview',
  responder,
  detector,
  sessionSeconds = 3600,
  idleSeconds = 900,
  rateLimits = () => [seven],
}: Options = {}): Line {
  const clock = new VirtualClock();
  const { transport, peer } = memoryTransport({ ahead: 4 });
  const faults: unknown[] = [];
  const connection = new RealtimeConnection({
    session: new RealtimeSession({
      id: 'sess_1',
      conversationId: 'conv_1',
      model: 'm',
      config: defaultSessionConfig(dialect),
      responder: responder ?? new TestResponder({ words: ['Hello', ' there.'] }),
      recognizer: undefined,
      detector,
      clock,
      newId,
      expiresAt: sessionSeconds,
      hasCaptions: false,
    }),
    transport,
    dialect: createDialect(dialect, { defaults: defaultSessionConfig(dialect), newId }),
    otherDialect:
      dialect === 'preview'
        ? createDialect('ga', { defaults: defaultSessionConfig('ga'), newId })
        : undefined,
    clock,
    limits: { sessionSeconds, idleSeconds, audioPace: 20 },
    rateLimits,
    onFault: (error) => faults.push(error),
  });
  const events = peer.events[Symbol.asyncIterator]();
  const check = new ConnectionCheck('');
  const read = async (): Promise<WireEvent | undefined> => {
    const { value, done } = await events.next();
    if (done) return undefined;
    check.take(value);
    return value;
  };
  return {
    connection,
    served: connection.serve(),
    peer,
    clock,
    faults,
    until: async (type) => {
      for (let event = await read(); event; event = await read()) if (event.type === type) return event;
      throw new Error(`The connection ended before ${type}.`);
    },
    rest: async () => {
      const left: WireEvent[] = [];
      for (let event = await read(); event; event = await read()) left.push(event);
      return left;
    },
  };
}

/** A responder that begins to speak and goes on for as long as it may. */
const endless: Responder = {
  name: 'endless',
  async *respond(_request, { signal }) {
    yield { type: 'item-start', item: { kind: 'message', id: 'item_endless', modality: 'text' } };
    while (!signal.aborted) {
      yield { type: 'text-delta', itemId: 'item_endless', delta: 'la ' };
      await settle(1);
    }
    throw signal.reason;
  },
};

test('a client is greeted, answered, and told after each response what is left to it', async () => {
  const { until, peer, served } = connect();
  await until('session.created');
  await peer.send(TEXT);
  expect(await until('response.text.done')).toMatchObject({ text: 'Hello there.' });
  expect(await until('response.done')).toMatchObject({ response: { status: 'completed' } });
  expect(await until('rate_limits.updated')).toMatchObject({
    rate_limits: [{ name: 'requests', limit: 8, remaining: 7, reset_seconds: 0 }],
  });
  peer.close();
  await served;
});

test.each([
  ['a binary frame', (peer: MemoryPeer) => peer.sendBinary(), 'invalid_event', /binary frames are not/],
  ['no JSON', (peer: MemoryPeer) => peer.sendText('{'), 'invalid_json', /failed to parse JSON/],
  ['no type', (peer: MemoryPeer) => peer.send({}), 'invalid_event', /'type' field is missing/],
])('%s is answered with an error, and the session goes on', async (_what, send, code, message) => {
  const { until, peer, served } = connect();
  await send(peer);
  expect(await until('error')).toMatchObject({ error: { code, message: expect.stringMatching(message) } });
  await peer.send(TEXT);
  await until('response.done');
  peer.close();
  await served;
});

test('a client whose first update is written for GA is served in GA from there on', async () => {
  const { until, peer, served } = connect();
  expect(await until('session.created')).toHaveProperty('session.modalities');
  await peer.send({ type: 'session.update', session: { type: 'realtime', output_modalities: ['text'] } });
  expect(await until('session.updated')).toMatchObject({
    session: { type: 'realtime', output_modalities: ['text'] },
  });
  await peer.send({ type: 'response.create' });
  await until('response.output_text.done');
  peer.close();
  await served;
});

test('what follows a change of the session is read by what it is then', async () => {
  const { until, peer, served } = connect();
  const audio = Buffer.from([0x80, 0x12, 0xff]).toString('base64');
  const content = [{ type: 'input_audio', audio }];
  // So much that the change waits behind it.
  const speech = Buffer.alloc(5 * 48_000).toString('base64');
  await peer.send({ type: 'input_audio_buffer.append', audio: speech });
  await peer.send({ type: 'session.update', session: { input_audio_format: 'g711_ulaw' } });
  await peer.send({
    type: 'conversation.item.create',
    item: { id: 'mine', type: 'message', role: 'user', content },
  });
  await peer.send({ type: 'conversation.item.retrieve', item_id: 'mine' });
  expect(await until('conversation.item.retrieved')).toMatchObject({
    item: { content: [{ type: 'input_audio', format: 'g711_ulaw', audio }] },
  });
  peer.close();
  await served;
});

test('a client that has spoken the preview stays with it', async () => {
  const { until, peer, served } = connect();
  await peer.send({ type: 'session.update', session: { modalities: ['text'] } });
  await until('session.updated');
  await peer.send({ type: 'session.update', session: { type: 'realtime', output_modalities: ['text'] } });
  expect(await until('error')).toMatchObject({ error: { code: 'unknown_parameter' } });
  await peer.send({ type: 'response.create' });
  await until('response.text.done');
  peer.close();
  await served;
});

test.each([
  [3600, 'Your session hit the maximum duration of 60 minutes.'],
  [90, 'Your session hit the maximum duration of 90 seconds.'],
])(
  'a session of %d seconds ends with an error, and then a close with the same text',
  async (seconds, text) => {
    const { clock, until, peer, served } = connect({ sessionSeconds: seconds, idleSeconds: 7200 });
    await until('session.created');
    clock.advance(seconds * 1000);
    expect(await until('error')).toMatchObject({ error: { code: 'session_expired', message: text } });
    await settle();
    clock.advance(400);
    await served;
    expect(await peer.closed).toEqual({ code: 1001, reason: text });
  },
);

test('the last words can be read before the connection is closed', async () => {
  const { clock, rest, peer, served, connection } = connect();
  connection.stop();
  let isClosed = false;
  void peer.closed.then(() => {
    isClosed = true;
  });
  await settle();
  clock.advance(399);
  await settle();
  expect(isClosed).toBe(false);
  clock.advance(1);
  await served;
  expect((await rest()).map(({ type }) => type)).toEqual(['session.created']);
});

test('a client that leaves at the end is not waited for', async () => {
  const { until, peer, served, connection } = connect();
  await until('session.created');
  connection.stop();
  peer.close();
  await served;
});

test('a session in which nobody says a word is ended, and one in which somebody does is not', async () => {
  const { clock, until, peer, served } = connect();
  await until('session.created');
  clock.advance(800_000);
  await peer.send({ type: 'input_audio_buffer.clear' });
  await until('input_audio_buffer.cleared');
  clock.advance(899_000);
  await peer.send({ type: 'conversation.item.delete', item_id: 'none' });
  expect(await until('error')).toMatchObject({ error: { code: 'item_delete_invalid_item_id' } });
  clock.advance(900_000);
  expect(await until('error')).toMatchObject({
    error: { code: 'session_expired', message: 'Your session was idle for 15 minutes.' },
  });
  peer.close();
  await served;
});

test('a session in which nothing is being said ends at once when the server drains', async () => {
  const { clock, until, peer, served, connection } = connect();
  await until('session.created');
  connection.drain();
  await settle();
  clock.advance(400);
  await served;
  expect(await peer.closed).toEqual({ code: 1001, reason: 'The server is shutting down.' });
});

test('a reply that is being told is finished before the session drains', async () => {
  const { clock, until, peer, served, connection } = connect();
  await peer.send(TEXT);
  await until('response.created');
  connection.drain();
  expect(await until('response.done')).toMatchObject({ response: { status: 'completed' } });
  await until('rate_limits.updated');
  await settle();
  clock.advance(400);
  await served;
  expect(await peer.closed).toMatchObject({ code: 1001 });
});

test('a reply that does not end is cut when the server stops, and has its end told', async () => {
  const { clock, until, peer, served, connection } = connect({ responder: endless });
  await peer.send(TEXT);
  await until('response.text.delta');
  connection.drain();
  await until('response.text.delta');
  connection.stop();
  expect(await until('response.done')).toMatchObject({ response: { status: 'cancelled' } });
  await until('rate_limits.updated');
  await settle();
  clock.advance(400);
  await served;
  expect(await peer.closed).toMatchObject({ code: 1001 });
});

test('a client that leaves in the midst of a reply ends it', async () => {
  const { until, peer, served, clock, faults } = connect({ responder: endless });
  await peer.send(TEXT);
  await until('response.text.delta');
  peer.close();
  await served;
  expect({ timers: clock.pending, faults }).toEqual({ timers: 0, faults: [] });
});

test('a client that leaves a session that is held up ends it', async () => {
  const detector = fakeDetector({ behaviour: () => ({ fault: { after: 0, kind: 'hang' } }) });
  const { until, peer, served } = connect({ detector });
  await until('session.created');
  await peer.send({ type: 'input_audio_buffer.append', audio: Buffer.alloc(4_800).toString('base64') });
  await peer.send({ type: 'session.update', session: { instructions: 'Be brief.' } });
  await peer.send({ type: 'response.create' });
  await settle();
  peer.close();
  await served;
});

test('audio that comes faster than the pace is read no faster', async () => {
  const { clock, until, peer, served } = connect();
  await peer.send({ type: 'session.update', session: { turn_detection: null } });
  const audio = Buffer.alloc(80 * 48_000).toString('base64');
  await peer.send({ type: 'input_audio_buffer.append', audio });
  await peer.send({ type: 'input_audio_buffer.clear' });
  let isCleared = false;
  const cleared = until('input_audio_buffer.cleared').then(() => {
    isCleared = true;
  });
  // The audio is looked at half a second at a time, in as many rounds.
  await settle(400);
  clock.advance(999);
  await settle();
  expect(isCleared).toBe(false);
  clock.advance(1);
  await cleared;
  peer.close();
  await served;
});

test('a fault of ours ends the session, and the client hears nothing of its inside', async () => {
  const { clock, until, rest, peer, served, faults } = connect({
    rateLimits: () => {
      throw new Error('of no interest to the client');
    },
  });
  await peer.send(TEXT);
  await until('response.done');
  await settle();
  clock.advance(400);
  await served;
  expect(await rest()).toEqual([]);
  expect(await peer.closed).toEqual({
    code: 1011,
    reason: 'The server had an error while processing your request.',
  });
  expect(faults).toEqual([new Error('of no interest to the client')]);
});
