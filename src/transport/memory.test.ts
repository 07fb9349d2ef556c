import { expect, test } from 'vitest';
import { memoryTransport } from './memory.ts';

test('each side reads what the other sends, and the end', async () => {
  const { transport, peer } = memoryTransport();
  await peer.send({ type: 'session.update' });
  await peer.sendBinary();
  await transport.send({ type: 'error', event_id: 'event_1' });
  await transport.close(1001, 'enough');
  expect(await Array.fromAsync(transport.inbound)).toEqual([
    { type: 'message', text: '{"type":"session.update"}' },
    { type: 'binary' },
  ]);
  expect(await Array.fromAsync(peer.events)).toEqual([{ type: 'error', event_id: 'event_1' }]);
  expect(await peer.closed).toEqual({ code: 1001, reason: 'enough' });
});

test('a side whose peer reads nothing waits', async () => {
  const { transport, peer } = memoryTransport({ ahead: 1 });
  await transport.send({ type: 'a', event_id: 'event_1' });
  let isSent = false;
  const second = transport.send({ type: 'b', event_id: 'event_2' }).then(() => {
    isSent = true;
  });
  const events = peer.events[Symbol.asyncIterator]();
  expect(isSent).toBe(false);
  await events.next();
  await second;
  expect(isSent).toBe(true);
});
