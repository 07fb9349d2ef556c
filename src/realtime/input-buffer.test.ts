import { expect, test } from 'vitest';
import { InputBuffer } from './input-buffer.ts';

function filled(...lengthsMs: readonly number[]): InputBuffer {
  const buffer = new InputBuffer();
  let value = 0;
  for (const ms of lengthsMs)
    buffer.append({ samples: new Int16Array(ms * 8).fill(++value), sampleRate: 8_000 });
  return buffer;
}

function values(buffer: InputBuffer, fromMs: number, toMs: number): readonly (readonly [number, number])[] {
  return buffer.slice(fromMs, toMs).chunks.map(({ samples }) => [samples[0] ?? 0, samples.length / 8]);
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

test('audio of two rates stands side by side', () => {
  const buffer = filled(10);
  buffer.append({ samples: new Int16Array(240), sampleRate: 24_000 });
  expect(buffer.slice(5, 15).chunks.map(({ samples, sampleRate }) => [samples.length, sampleRate])).toEqual([
    [40, 8_000],
    [120, 24_000],
  ]);
});
