import { expect, test } from 'vitest';
import { Channel } from './channel.ts';

test('items come out in the order they went in, then the end', async () => {
  const channel = new Channel<number>(2);
  const read = Array.fromAsync(channel);
  for (const number of [1, 2, 3, 4]) await channel.write(number);
  channel.close();
  expect(await read).toEqual([1, 2, 3, 4]);
});

test('a write waits until a full channel has been read from', async () => {
  const channel = new Channel<string>(1);
  await channel.write('first');
  let isWritten = false;
  const writing = channel.write('second').then(() => {
    isWritten = true;
  });
  const reader = channel[Symbol.asyncIterator]();
  await Promise.resolve();
  expect([isWritten, channel.size]).toEqual([false, 1]);
  expect(await reader.next()).toEqual({ done: false, value: 'first' });
  await writing;
  expect(await reader.next()).toEqual({ done: false, value: 'second' });
});

test('a post does not wait', async () => {
  const channel = new Channel<number>(1);
  channel.post(1);
  channel.post(2);
  channel.close();
  expect(await Array.fromAsync(channel)).toEqual([1, 2]);
});

test('a reader that waits gets the next item', async () => {
  const channel = new Channel<string>(1);
  const next = channel[Symbol.asyncIterator]().next();
  channel.post('at last');
  expect(await next).toEqual({ done: false, value: 'at last' });
});

test('a failure comes after what was queued', async () => {
  const channel = new Channel<string>(1);
  channel.post('queued');
  channel.fail(new Error('broken'));
  const reader = channel[Symbol.asyncIterator]();
  expect(await reader.next()).toEqual({ done: false, value: 'queued' });
  await expect(reader.next()).rejects.toThrow('broken');
});

test('the first end counts', async () => {
  const channel = new Channel<string>(1);
  channel.close();
  channel.fail(new Error('too late'));
  expect(await Array.fromAsync(channel)).toEqual([]);
});

test('what is written to a closed channel is dropped, and nobody waits', async () => {
  const channel = new Channel<string>(1);
  channel.post('queued');
  const waiting = channel.write('refused');
  channel.close();
  await waiting;
  await channel.write('also refused');
  expect(await Array.fromAsync(channel)).toEqual(['queued']);
});

test('an aborted write rejects with the reason and queues nothing', async () => {
  const abort = new AbortController();
  const channel = new Channel<string>(1);
  channel.post('queued');
  const waiting = channel.write('late', abort.signal);
  abort.abort(new Error('enough'));
  await expect(waiting).rejects.toThrow('enough');
  expect(channel.size).toBe(1);
});

test('what is discarded is not read and makes room', async () => {
  const channel = new Channel<number>(2);
  for (const number of [1, 2]) channel.post(number);
  const waiting = channel.write(3);
  channel.discard((number) => number === 1);
  await waiting;
  channel.close();
  expect(await Array.fromAsync(channel)).toEqual([2, 3]);
});
