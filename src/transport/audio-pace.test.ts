import { expect, test } from 'vitest';
import { AudioPace } from './audio-pace.ts';

function paceAt(now: { ms: number }): AudioPace {
  const clock = { now: () => now.ms, after: () => () => {} };
  return new AudioPace({ clock, factor: 20, burstMs: 10_000 });
}

test('audio up to the burst is read at once', () => {
  expect(paceAt({ ms: 0 }).take(10_000)).toBe(0);
});

test('audio beyond the burst is waited for at the pace', () => {
  expect(paceAt({ ms: 0 }).take(50_000)).toBe(2_000);
});

test('who speaks in real time never waits', () => {
  const now = { ms: 0 };
  const pace = paceAt(now);
  const waits = Array.from({ length: 3_600 }, () => {
    now.ms += 1_000;
    return pace.take(1_000);
  });
  expect(Math.max(...waits)).toBe(0);
});

test('a clock that is set back makes nobody wait for it', () => {
  const now = { ms: 1_000_000 };
  const pace = paceAt(now);
  now.ms = 0;
  expect(pace.take(30_000)).toBe(1_000);
});
