import { expect, test } from 'vitest';
import { Restarts } from './restarts.ts';

test('two workers in a row may die in vain before the next is made to wait', () => {
  const restarts = new Restarts('tester', () => 0);
  restarts.noteDeath('ended: exit code 1');
  restarts.noteDeath('ended: exit code 1');
  expect([restarts.pauseMs, restarts.trouble]).toEqual([0, undefined]);
  restarts.noteDeath('ended: signal SIGSEGV');
  expect(restarts.pauseMs).toBe(1_000);
  expect(restarts.trouble).toBe(
    'tester has ended 3 times in a row without doing anything; the last time it ended: signal SIGSEGV. It is tried again in 1 s.',
  );
});

test('the pause doubles up to half a minute', () => {
  const restarts = new Restarts('tester', () => 0);
  const pauses = Array.from({ length: 10 }, () => {
    restarts.noteDeath('ended: exit code 1');
    return restarts.pauseMs;
  });
  expect(pauses).toEqual([0, 0, 1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000, 30_000]);
});

test('the pause goes by, and the trouble stays until a worker has worked', () => {
  let now = 0;
  const restarts = new Restarts('tester', () => now);
  for (let death = 0; death < 3; death += 1) restarts.noteDeath('ended: exit code 1');
  now = 400;
  expect(restarts.pauseMs).toBe(600);
  now = 1_000;
  expect(restarts.pauseMs).toBe(0);
  expect(restarts.trouble).toContain('with the next request');
  restarts.noteWork();
  expect(restarts.trouble).toBeUndefined();
});
