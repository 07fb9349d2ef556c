import { getEventListeners } from 'node:events';
import { expect, test } from 'vitest';
import { LinkedAbort } from './linked-abort.ts';

test('follows its parent, with the reason', () => {
  const parent = new AbortController();
  const linked = new LinkedAbort(parent.signal);
  parent.abort('gone');
  expect(linked.signal.reason).toBe('gone');
});

test('is aborted at once when its parent has been', () => {
  expect(new LinkedAbort(AbortSignal.abort('before')).signal.reason).toBe('before');
});

test('leaves its parent alone when it ends by itself', () => {
  const parent = new AbortController();
  const linked = new LinkedAbort(parent.signal);
  linked.abort('done');
  expect([linked.signal.reason, parent.signal.aborted]).toEqual(['done', false]);
});

test('holds no listener on its parent once it is over', () => {
  const parent = new AbortController();
  {
    using _linked = new LinkedAbort(parent.signal);
    expect(getEventListeners(parent.signal, 'abort')).toHaveLength(1);
  }
  expect(getEventListeners(parent.signal, 'abort')).toHaveLength(0);
});

test('that has let go of its parent does not follow it, and has ended nothing', () => {
  const parent = new AbortController();
  const linked = new LinkedAbort(parent.signal);
  linked.letGo();
  parent.abort();
  expect([linked.signal.aborted, getEventListeners(parent.signal, 'abort').length]).toEqual([false, 0]);
});
