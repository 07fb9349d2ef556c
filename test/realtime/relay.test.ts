import { expect, test } from 'vitest';
import { type MemoryPeer, memoryTransport } from '../../src/transport/memory.ts';
import { RealtimeRelay } from '../../src/transport/relay.ts';
import type { PeerClose, RealtimeTransport } from '../../src/transport/transport.ts';
import type { WireEvent } from '../../src/wire/realtime/index.ts';
import { VirtualClock } from './virtual-clock.ts';

interface Line {
  readonly relay: RealtimeRelay;
  readonly served: Promise<void>;
  readonly client: MemoryPeer;
  readonly upstream: MemoryPeer;
  readonly next: () => Promise<WireEvent | undefined>;
  readonly clock: VirtualClock;
}

interface Options {
  readonly sessionSeconds?: number;
  /** How the upstream is said to have ended, where it does not matter that it did. */
  readonly upstreamEnd?: PeerClose;
}

/** A relay between two connections that have room for two messages each. */
function connect({ sessionSeconds = 3600, upstreamEnd }: Options = {}): Line {
  const clock = new VirtualClock();
  const client = memoryTransport({ ahead: 2 });
  const upstream = memoryTransport({ ahead: 2 });
  const relay = new RealtimeRelay({
    client: client.transport,
    upstream: upstreamEnd ? ending(upstream.transport, upstreamEnd) : upstream.transport,
    early: ['{"type":"session.created","event_id":"event_1"}'],
    redact: (text) => text.replaceAll('secret', '***'),
    encodeProblem: ({ code, message }) => [{ type: 'error', event_id: 'event_2', error: { code, message } }],
    clock,
    limits: { sessionSeconds, idleSeconds: 900 },
  });
  const events = client.peer.events[Symbol.asyncIterator]();
  const next = async (): Promise<WireEvent | undefined> => (await events.next()).value ?? undefined;
  return { relay, served: relay.serve(), client: client.peer, upstream: upstream.peer, next, clock };
}

function ending(transport: RealtimeTransport, end: PeerClose): RealtimeTransport {
  return { ...transport, ended: transport.ended.then(() => end) };
}

async function said(peer: MemoryPeer, count: number): Promise<WireEvent[]> {
  const events: WireEvent[] = [];
  for await (const event of peer.events) if (events.push(event) === count) break;
  return events;
}

test('messages go both ways as they come and in their order', async () => {
  const { client, upstream, next, served } = connect();
  expect(await next()).toEqual({ type: 'session.created', event_id: 'event_1' });
  await client.send({ type: 'a' });
  await client.send({ type: 'b' });
  expect(await said(upstream, 2)).toEqual([{ type: 'a' }, { type: 'b' }]);
  await upstream.send({ type: 'c' });
  await upstream.send({ type: 'd' });
  expect([await next(), await next()]).toEqual([{ type: 'c' }, { type: 'd' }]);
  client.close();
  await served;
});

test('a client that does not read holds the upstream up', async () => {
  const { client, upstream, served } = connect();
  let sent = 0;
  const sending = (async () => {
    for (; sent < 100; sent += 1) await upstream.send({ type: 'c' });
  })();
  await settle();
  expect(sent).toBeLessThan(8);
  client.close();
  await Promise.all([served, sending]);
});

test('an upstream that does not read holds the client up', async () => {
  const { client, served } = connect();
  let sent = 0;
  const sending = (async () => {
    for (; sent < 100; sent += 1) await client.send({ type: 'a' });
  })();
  await settle();
  expect(sent).toBeLessThan(8);
  client.close();
  await Promise.all([served, sending]);
});

test('a client that leaves ends the session of the upstream', async () => {
  const { client, upstream, served } = connect();
  client.close();
  expect(await upstream.closed).toEqual({ code: 1000, reason: '' });
  await served;
});

test('what must not be seen is taken out of what the upstream says', async () => {
  const { client, upstream, next, served } = connect();
  await next();
  await upstream.send({ type: 'error', error: { message: 'Incorrect API key provided: secret' } });
  expect(await next()).toEqual({ type: 'error', error: { message: 'Incorrect API key provided: ***' } });
  client.close();
  await served;
});

test.each([
  [
    { code: 4000, reason: 'the secret end' },
    { code: 4000, reason: 'the *** end' },
  ],
  [
    { code: 1005, reason: '' },
    { code: 1000, reason: '' },
  ],
])('an upstream that closes with %j is passed on', async (upstreamEnd, told) => {
  const { client, upstream, served, clock } = connect({ upstreamEnd });
  upstream.close();
  await settle();
  clock.advance(1_000);
  expect(await client.closed).toEqual(told);
  await served;
});

test('an upstream that breaks off is one error, behind all that it has said, and close 1011', async () => {
  const { client, upstream, served, next, clock } = connect({ upstreamEnd: { code: 1006, reason: '' } });
  await upstream.send({ type: 'c' });
  upstream.close();
  const told = [await next(), await next(), await next()];
  expect(told).toMatchObject([
    { type: 'session.created' },
    { type: 'c' },
    { error: { code: 'server_error' } },
  ]);
  await settle();
  clock.advance(1_000);
  expect(await client.closed).toMatchObject({ code: 1011 });
  await served;
});

test('a session lasts no longer than it may', async () => {
  const { client, upstream, served, next, clock } = connect({ sessionSeconds: 60 });
  await next();
  clock.advance(60_000);
  expect(await next()).toMatchObject({
    error: { code: 'session_expired', message: 'Your session hit the maximum duration of 1 minute.' },
  });
  await settle();
  clock.advance(1_000);
  expect(await client.closed).toMatchObject({ code: 1001 });
  expect(await upstream.closed).toEqual({ code: 1000, reason: '' });
  await served;
});

test('a server that stops lets a response end, and then the session', async () => {
  const { relay, client, upstream, served, next, clock } = connect();
  await next();
  await upstream.send({ type: 'response.created', response: { id: 'resp_1' } });
  await next();
  relay.drain();
  await upstream.send({ type: 'response.output_text.delta', delta: 'still "response.done" is told' });
  expect(await next()).toMatchObject({ type: 'response.output_text.delta' });
  await upstream.send({ type: 'response.done', response: { id: 'resp_1' } });
  expect(await next()).toMatchObject({ type: 'response.done' });
  await settle();
  clock.advance(1_000);
  expect(await client.closed).toEqual({ code: 1001, reason: 'The server is shutting down.' });
  await served;
});

test('a server that stops ends a session in which nothing is said at once', async () => {
  const { relay, client, served, clock } = connect();
  relay.drain();
  await settle();
  clock.advance(1_000);
  expect(await client.closed).toMatchObject({ code: 1001 });
  await served;
});

/** Lets everything happen that waits for nothing else. */
async function settle(): Promise<void> {
  for (let turn = 0; turn < 5; turn += 1) await new Promise(setImmediate);
}
