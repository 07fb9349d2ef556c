import { expect, test } from 'vitest';
import { InputBuffer } from './input-buffer.ts';

function filled(...lengthsMs: readonly number[]): InputBuffer {
  const buffer = new InputBuffer();
  let value = 0;
  for (const ms of lengthsMs)
    buffer.append({ samples: new Int16Array(ms * 8).fill(++value), sampleRate: 8_000 });
  return buffer;
}

/** The values of a slice, each with how many milliseconds of it stand in a row. */
function values(buffer: InputBuffer, fromMs: number, toMs: number): readonly (readonly [number, number])[] {
  const runs: [number, number][] = [];
  for (const sample of buffer.slice(fromMs, toMs).chunks.flatMap(({ samples }) => [...samples])) {
    const run = runs.at(-1);
    if (run?.[0] === sample) run[1] += 1 / 8;
    else runs.push([sample, 1 / 8]);
  }
  return runs;
}

test('a slice holds what lies between two times, as far as it is held', () => {
  const buffer = filled(10, 20, 30);
  expect(values(buffer, 5, 35)).toEqual([
    [1, 5],
    [2, 20],
    [3, 5],
  ]);
  expect(values(buffer, 10, 30)).toEqual([[2, 20]]);
  expect(values(buffer, -5, 1_000)).toEqual([
    [1, 10],
    [2, 20],
    [3, 30],
  ]);
  expect(values(buffer, 60, 70)).toEqual([]);
});

test('slices that meet lose no sample and hold none twice', () => {
  const buffer = new InputBuffer();
  for (let count = 0; count < 50; count += 1)
    buffer.append({ samples: new Int16Array(37), sampleRate: 24_000 });
  let samples = 0;
  for (let ms = 0; ms < 80; ms += 0.7)
    samples += buffer.slice(ms, ms + 0.7).chunks.reduce((sum, chunk) => sum + chunk.samples.length, 0);
  expect(samples).toBe(1_850);
});

test('time goes on through what is dropped and cleared', () => {
  const buffer = filled(10, 20, 30);
  buffer.dropBefore(15);
  expect([buffer.startMs, buffer.endMs, buffer.lengthMs]).toEqual([15, 60, 45]);
  buffer.dropBefore(5);
  expect(buffer.startMs).toBe(15);
  buffer.clear();
  expect([buffer.startMs, buffer.endMs, buffer.lengthMs]).toEqual([60, 60, 0]);
  buffer.append({ samples: new Int16Array(80), sampleRate: 8_000 });
  expect([buffer.startMs, buffer.endMs]).toEqual([60, 70]);
});

test('what has been dropped is not there, though its memory may be', () => {
  const buffer = filled(10, 20);
  buffer.dropBefore(15);
  expect(values(buffer, 0, 100)).toEqual([[2, 15]]);
  buffer.clear();
  expect(values(buffer, 0, 100)).toEqual([]);
});

test('a slice stays as it is while more comes', () => {
  const buffer = filled(10, 20);
  const { chunks } = buffer.slice(0, 30);
  buffer.clear();
  buffer.append({ samples: new Int16Array(80).fill(9), sampleRate: 8_000 });
  expect(chunks.flatMap(({ samples }) => [...new Set(samples)])).toEqual([1, 2]);
});

test('short chunks share memory, and a long one has its own', () => {
  const buffer = filled(...new Array<number>(60).fill(20), 2_000);
  expect(buffer.slice(0, 10_000).chunks.map(({ samples }) => samples.length / 8)).toEqual([
    500, 500, 200, 2_000,
  ]);
});

test('audio of two rates stands side by side', () => {
  const buffer = filled(10);
  buffer.append({ samples: new Int16Array(240), sampleRate: 24_000 });
  expect(buffer.slice(5, 15).chunks.map(({ samples, sampleRate }) => [samples.length, sampleRate])).toEqual([
    [40, 8_000],
    [120, 24_000],
  ]);
});
