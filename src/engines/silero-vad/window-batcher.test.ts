import { expect, test } from 'vitest';
import { type Deferred, deferred } from '../../util/deferred.ts';
import type { Batch, ScoredBatch } from './batch.ts';
import { WindowBatcher } from './window-batcher.ts';

/** Answers each window with its first sample, and remembers one more in each number of its state. */
function scored({ count, inputs, states }: Batch): ScoredBatch {
  const scores = Float32Array.from({ length: count }, (_, index) => inputs[index * 576] ?? 0);
  return { scores, states: states.map((number) => number + 1) };
}

function heard(value: number): { readonly input: Float32Array; readonly state: Float32Array } {
  return { input: new Float32Array(576).fill(value), state: new Float32Array(256).fill(10 * value) };
}

/** Runs that end when they are told to. */
function heldRuns() {
  const batches: Batch[] = [];
  const ends: Deferred<void>[] = [];
  const begun: Deferred<void>[] = [];
  const at = (list: Deferred<void>[], index: number): Deferred<void> => {
    list[index] ??= deferred();
    return list[index];
  };
  const run = async (batch: Batch): Promise<ScoredBatch> => {
    const index = batches.push(batch) - 1;
    at(begun, index).resolve();
    await at(ends, index).promise;
    return scored(batch);
  };
  return {
    run,
    batches,
    begun: (index: number) => at(begun, index).promise,
    end: (index: number) => at(ends, index),
  };
}

test('each window gets the score and the state that are its own', async () => {
  const batcher = new WindowBatcher({ run: async (batch) => scored(batch), most: 32 });
  const all = await Promise.all([1, 2, 3].map(async (value) => await batcher.score(heard(value))));
  expect(all.map(({ score }) => score)).toEqual([1, 2, 3]);
  expect(all.map(({ state }) => [state.length, ...new Set(state)])).toEqual([
    [256, 11],
    [256, 21],
    [256, 31],
  ]);
});

test('the two layers of a state stay apart', async () => {
  const batcher = new WindowBatcher({ run: async (batch) => scored(batch), most: 32 });
  const state = Float32Array.from({ length: 256 }, (_, index) => index);
  const [one, other] = await Promise.all([
    batcher.score({ input: new Float32Array(576), state }),
    batcher.score({ input: new Float32Array(576), state: state.map((number) => -number) }),
  ]);
  expect(one?.state[127]).toBe(128);
  expect(one?.state[128]).toBe(129);
  expect(other?.state[255]).toBe(-254);
});

test('a window that comes alone is scored at once, and those that come meanwhile go together', async () => {
  const { run, batches, begun, end } = heldRuns();
  const batcher = new WindowBatcher({ run, most: 32 });
  const first = batcher.score(heard(1));
  await begun(0);
  const others = [2, 3, 4].map(async (value) => await batcher.score(heard(value)));
  end(0).resolve();
  expect((await first).score).toBe(1);
  await begun(1);
  end(1).resolve();
  expect((await Promise.all(others)).map(({ score }) => score)).toEqual([2, 3, 4]);
  expect(batches.map(({ count }) => count)).toEqual([1, 3]);
});

test('a batch has no more windows than it may, and the first to come are the first to go', async () => {
  const counts: number[] = [];
  const firsts: number[] = [];
  const run = async (batch: Batch): Promise<ScoredBatch> => {
    counts.push(batch.count);
    firsts.push(batch.inputs[0] ?? 0);
    return scored(batch);
  };
  const batcher = new WindowBatcher({ run, most: 4 });
  await Promise.all(Array.from({ length: 10 }, async (_, index) => await batcher.score(heard(index))));
  expect(counts).toEqual([4, 4, 2]);
  expect(firsts).toEqual([0, 4, 8]);
});

test('a run that fails fails its windows, and the next one is as good as any', async () => {
  let runs = 0;
  const run = async (batch: Batch): Promise<ScoredBatch> => {
    runs += 1;
    if (runs === 1) throw new Error('Out of order.');
    return scored(batch);
  };
  const batcher = new WindowBatcher({ run, most: 2 });
  const all = await Promise.allSettled([1, 2, 3].map(async (value) => await batcher.score(heard(value))));
  expect(all.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'fulfilled']);
  expect((await batcher.score(heard(4))).score).toBe(4);
});
