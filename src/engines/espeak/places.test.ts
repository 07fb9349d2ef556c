import { expect, test } from 'vitest';
import { Places } from './places.ts';

const signal = new AbortController().signal;

test('a place that is left goes to the one who waits longest', async () => {
  const places = new Places({ name: 'test', places: 1, waiting: 2 });
  const first = await places.take(signal);
  const order: string[] = [];
  const second = places.take(signal).then((place) => {
    order.push('second');
    return place;
  });
  const third = places.take(signal).then((place) => {
    order.push('third');
    return place;
  });
  expect(places.waiting).toBe(2);
  first[Symbol.dispose]();
  (await second)[Symbol.dispose]();
  (await third)[Symbol.dispose]();
  expect(order).toEqual(['second', 'third']);
  expect(places.taken).toBe(0);
});

test('one more than may wait is refused as busy', async () => {
  const places = new Places({ name: 'test', places: 1, waiting: 0 });
  await places.take(signal);
  await expect(places.take(signal)).rejects.toMatchObject({ reason: 'busy' });
});

test('whoever gives up waiting leaves no place taken', async () => {
  const places = new Places({ name: 'test', places: 1, waiting: 2 });
  const first = await places.take(signal);
  const stop = new AbortController();
  const second = places.take(stop.signal);
  stop.abort(new Error('Enough.'));
  await expect(second).rejects.toThrow('Enough.');
  expect(places.waiting).toBe(0);
  const third = places.take(stop.signal).catch((error: unknown) => error);
  const late = new AbortController();
  const fourth = places.take(late.signal);
  late.abort(new Error('Too late.'));
  first[Symbol.dispose]();
  await expect(fourth).rejects.toThrow('Too late.');
  expect(await third).toMatchObject({ message: 'Enough.' });
  expect(places.taken).toBe(0);
});
