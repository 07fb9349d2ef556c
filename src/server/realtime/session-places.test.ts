import { expect, test } from 'vitest';
import { SessionPlaces } from './session-places.ts';

test('a caller that has its share is refused, and others are not', () => {
  const places = new SessionPlaces({ inAll: 4, perCaller: 1 });
  places.enter('a');
  expect(() => places.enter('a')).toThrow(expect.objectContaining({ kind: 'too-many-requests' }));
  expect(() => places.enter('b')).not.toThrow();
});

test('nobody gets a place once all are taken, and the refusal says when to come again', () => {
  const places = new SessionPlaces({ inAll: 1, perCaller: 4 });
  places.enter('a');
  expect(() => places.enter('b')).toThrow(
    expect.objectContaining({ kind: 'overloaded', retryAfterSeconds: 10 }),
  );
});

test('a place that is given back can be taken again', () => {
  const places = new SessionPlaces({ inAll: 1, perCaller: 1 });
  const leave = places.enter('a');
  leave();
  expect(places.remaining('a')).toBe(1);
  expect(() => places.enter('a')).not.toThrow();
});

test('what remains for a caller is bounded by what remains for all', () => {
  const places = new SessionPlaces({ inAll: 2, perCaller: 2 });
  places.enter('b');
  expect(places.remaining('a')).toBe(1);
});
