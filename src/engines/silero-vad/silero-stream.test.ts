import { expect, test } from 'vitest';
import type { Batch } from './batch.ts';
import { SileroStream } from './silero-stream.ts';
import { WindowBatcher } from './window-batcher.ts';

/** A stream whose model scores every window 0.25 and counts them in its state, and what it was given. */
function listening(): { readonly stream: SileroStream; readonly batches: Batch[] } {
  const batches: Batch[] = [];
  const run = async (batch: Batch) => {
    batches.push(batch);
    const states = batch.states.map((number) => number + 1);
    return { scores: new Float32Array(batch.count).fill(0.25), states };
  };
  return { stream: new SileroStream('silero-vad', new WindowBatcher({ run, most: 32 })), batches };
}

function ramp(from: number): Float32Array {
  return Float32Array.from({ length: 512 }, (_, index) => (from + index) / 2048);
}

test('a window comes after the last 4 ms of the one before it, the first one after silence', async () => {
  const { stream, batches } = listening();
  expect(await stream.score(ramp(0))).toBe(0.25);
  await stream.score(ramp(512));
  const [first, second] = batches;
  expect(first?.inputs.subarray(0, 64).every((sample) => sample === 0)).toBe(true);
  expect(first?.inputs.subarray(64)).toEqual(ramp(0));
  expect(second?.inputs.subarray(0, 64)).toEqual(ramp(0).subarray(448));
  expect(second?.inputs.subarray(64)).toEqual(ramp(512));
});

test('each window is scored with the state that the one before it has left', async () => {
  const { stream, batches } = listening();
  await Promise.all([ramp(0), ramp(512), ramp(1024)].map(async (window) => await stream.score(window)));
  expect(batches.map(({ states }) => [...new Set(states)])).toEqual([[0], [1], [2]]);
});

test('a sample that is no number is silence, and one beyond full scale is full scale', async () => {
  const { stream, batches } = listening();
  const window = new Float32Array(512);
  window.set([Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 40, -40, 0.5]);
  await stream.score(window);
  expect([...(batches[0]?.inputs.subarray(64, 71) ?? [])]).toEqual([0, 1, -1, 1, -1, 0.5, 0]);
});

test('a window that is changed while it waits is scored as it was', async () => {
  const { stream, batches } = listening();
  const window = ramp(0);
  const scoring = stream.score(window);
  window.fill(1);
  await scoring;
  expect(batches[0]?.inputs.subarray(64)).toEqual(ramp(0));
});

test('a reset in the middle of a score is not undone by it', async () => {
  const { stream, batches } = listening();
  const scoring = stream.score(ramp(0));
  stream.reset();
  await scoring;
  await stream.score(ramp(512));
  expect([...new Set(batches[1]?.states)]).toEqual([0]);
  expect(batches[1]?.inputs.subarray(0, 64).every((sample) => sample === 0)).toBe(true);
});
