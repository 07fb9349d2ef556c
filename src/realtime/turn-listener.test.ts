import { expect, test } from 'vitest';
import { type FakeBehaviour, FakeJobs } from '../engines/fake/fake-behaviour.ts';
import { fakeRecognizer } from '../engines/fake/fake-recognizer.ts';
import { fakeSpeech } from '../engines/fake/fake-speech.ts';
import type { Clock } from '../util/clock.ts';
import { TurnListener } from './turn-listener.ts';

const timers = new Set<() => void>();
const clock: Clock = {
  now: () => 0,
  after(_ms, callback) {
    timers.add(callback);
    return () => void timers.delete(callback);
  },
};

interface Ear {
  readonly listener: TurnListener;
  readonly deltas: string[];
  readonly jobs: FakeJobs;
}

function open(behaviour: FakeBehaviour = {}): Ear {
  const deltas: string[] = [];
  const jobs = new FakeJobs();
  const listener: TurnListener = new TurnListener(
    {
      itemId: 'item_1',
      recognizer: fakeRecognizer({ jobs, behaviour: () => behaviour }),
      language: undefined,
      prompt: undefined,
      signal: new AbortController().signal,
      clock,
      recognitionMs: 1_000,
      onSettled: () => deltas.push(listener.takeSettled()),
    },
    0,
  );
  return { listener, deltas, jobs };
}

test('a turn is heard while it is spoken, and its deltas add up', async () => {
  const { listener, deltas } = open();
  for (const word of ['one ', 'two ', 'three']) listener.feed({ chunks: [fakeSpeech(word)] }, 0);
  expect(await listener.finish()).toBe('one two three');
  expect(deltas.join('')).toBe('one two three');
  expect(timers.size).toBe(0);
});

test('a turn in which nobody spoke has no words', async () => {
  expect(await open().listener.finish()).toBe('');
});

test('a recognizer that fails while the turn goes on is heard of at its end', async () => {
  const { listener } = open({ fault: { after: 0, kind: 'busy' } });
  listener.feed({ chunks: [fakeSpeech('one')] }, 180);
  await new Promise((resolve) => setImmediate(resolve));
  await expect(listener.finish()).rejects.toMatchObject({ reason: 'busy' });
});

test('words that do not come in time are given up, with the engine', async () => {
  const { listener, jobs } = open({ fault: { after: 1, kind: 'hang' } });
  listener.feed({ chunks: [fakeSpeech('one')] }, 180);
  const finished = listener.finish();
  for (const callback of timers) callback();
  await expect(finished).rejects.toMatchObject({ name: 'EngineError', reason: 'failed' });
  expect(jobs.running).toBe(0);
});

test('a turn that is abandoned tells nothing more, and its engine has stopped', async () => {
  const { listener, deltas, jobs } = open();
  listener.feed({ chunks: [fakeSpeech('one two three')] }, 0);
  await listener.abandon();
  expect(deltas).toEqual([]);
  expect(jobs.running).toBe(0);
});
