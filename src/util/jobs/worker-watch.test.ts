import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { ProcessVitals } from './process-vitals.ts';
import type { ToWorker } from './protocol.ts';
import { WorkerWatch } from './worker-watch.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** A watch over a worker that never answers and fares as `vitals` says; it may be silent for 8 s, in beats of 2 s. */
function watched(vitals: () => ProcessVitals | undefined) {
  const posted: ToWorker[] = [];
  const faults: string[] = [];
  const watch = new WorkerWatch({
    port: { post: (message) => posted.push(message), kill: () => {}, hold: () => {}, vitals },
    memoryLimitBytes: 2 ** 20,
    onFault: (why) => faults.push(why),
  });
  watch.start(8_000);
  return { watch, posted, faults };
}

test('a worker that says nothing for its time is at fault, having been pinged meanwhile', () => {
  const { posted, faults } = watched(() => undefined);
  vi.advanceTimersByTime(7_999);
  expect([posted.length, faults]).toEqual([3, []]);
  vi.advanceTimersByTime(1);
  expect(faults).toEqual(['it showed no life for 8 s']);
});

test('any message begins the time anew', () => {
  const { watch, faults } = watched(() => undefined);
  for (let seconds = 0; seconds < 60; seconds += 6) {
    vi.advanceTimersByTime(6_000);
    watch.seeLife();
  }
  expect(faults).toEqual([]);
});

test('a process that computes is charged what it was given of a processor', () => {
  let computedMs = 0;
  const { faults } = watched(() => {
    computedMs += 200;
    return { residentBytes: 0, isComputing: true, computedMs };
  });
  vi.advanceTimersByTime(80_000);
  expect(faults).toEqual([]);
  vi.advanceTimersByTime(2_000);
  expect(faults).toEqual(['it showed no life for 8 s']);
});

test('a process that is stopped is charged all of the time', () => {
  const { faults } = watched(() => ({ residentBytes: 0, isComputing: false, computedMs: 500 }));
  vi.advanceTimersByTime(8_000);
  expect(faults).toEqual(['it showed no life for 8 s']);
});

test('a process that takes too much memory is at fault with the first beat', () => {
  const { faults } = watched(() => ({ residentBytes: 3 * 2 ** 20, isComputing: true, computedMs: 0 }));
  vi.advanceTimersByTime(2_000);
  expect(faults).toEqual(['it took 3 MiB of memory, more than 1 MiB']);
});

test('nothing is charged while nobody watches', () => {
  const { watch, faults } = watched(() => undefined);
  vi.advanceTimersByTime(6_000);
  watch.stop();
  vi.advanceTimersByTime(60_000);
  watch.start(8_000);
  vi.advanceTimersByTime(6_000);
  expect(faults).toEqual([]);
});
