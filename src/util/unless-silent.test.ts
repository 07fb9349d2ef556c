import { expect, test } from 'vitest';
import type { Clock } from './clock.ts';
import { deferred } from './deferred.ts';
import { unlessSilent } from './unless-silent.ts';

/** A clock whose one timer is fired by hand. */
function handClock(): Clock & { readonly fire: () => void; readonly isSet: () => boolean } {
  let set: (() => void) | undefined;
  return {
    now: () => 0,
    after: (_ms, callback) => {
      set = callback;
      return () => {
        set = undefined;
      };
    },
    fire: () => set?.(),
    isSet: () => set !== undefined,
  };
}

test('tells what comes in time', async () => {
  async function* source(): AsyncGenerator<number> {
    yield 1;
    yield 2;
  }
  const limit = { silenceMs: 50, toError: () => new Error('silent'), clock: handClock() };
  expect(await Array.fromAsync(unlessSilent(source(), limit))).toEqual([1, 2]);
});

test('does not wait for what takes too long, and counts no time that its reader takes', async () => {
  const clock = handClock();
  const never = deferred();
  async function* source(): AsyncGenerator<number> {
    yield 1;
    await never.promise;
  }
  const items = unlessSilent(source(), { silenceMs: 50, toError: () => new Error('silent'), clock });
  await items.next();
  expect(clock.isSet()).toBe(false);
  const next = items.next();
  clock.fire();
  await expect(next).rejects.toThrow('silent');
});
