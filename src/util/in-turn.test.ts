import { expect, test } from 'vitest';
import { deferred } from './deferred.ts';
import { inTurn } from './in-turn.ts';

test('work that is asked for twice is done twice, one after the other', async () => {
  const [first, second] = [deferred(), deferred()];
  const waits = [first.promise, second.promise];
  const told: string[] = [];
  const work = inTurn(async () => {
    told.push('begin');
    await waits.shift();
    told.push('end');
  });
  const both = Promise.all([work(), work()]);
  second.resolve();
  first.resolve();
  await both;
  expect(told).toEqual(['begin', 'end', 'begin', 'end']);
});

test('work that fails fails for who asked for it, and not for the next', async () => {
  const failures = [new Error('Nothing there.'), undefined];
  const work = inTurn(async () => {
    const failure = failures.shift();
    if (failure) throw failure;
  });
  const [failed, next] = await Promise.allSettled([work(), work()]);
  expect([failed.status, next.status]).toEqual(['rejected', 'fulfilled']);
});
