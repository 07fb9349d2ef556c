import { expect, test } from 'vitest';
import { recordSamples } from './record-samples.ts';

async function* endless(): AsyncGenerator<Int16Array> {
  for (let value = 1; ; value++) yield await Promise.resolve(Int16Array.of(value, value, value));
}

test('a recording ends by itself when it is full', async () => {
  const { samples, isFull } = await recordSamples(endless(), { most: 5 });
  expect([...samples]).toEqual([1, 1, 1, 2, 2]);
  expect(isFull).toBe(true);
});

test('a recording that is stopped keeps what was heard before', async () => {
  const stopping = new AbortController();
  const lengths: number[] = [];
  const onLength = (length: number): void => {
    lengths.push(length);
    if (length === 6) stopping.abort();
  };
  const { samples, isFull } = await recordSamples(endless(), {
    most: 100,
    signal: stopping.signal,
    onLength,
  });
  expect([...samples]).toEqual([1, 1, 1, 2, 2, 2]);
  expect(lengths).toEqual([3, 6]);
  expect(isFull).toBe(false);
});

test('the most that is kept makes a file of 20 MiB', async () => {
  async function* tenMinutes(): AsyncGenerator<Int16Array> {
    for (let minute = 0; minute < 10; minute++) yield await Promise.resolve(new Int16Array(60 * 24_000));
  }
  const { samples } = await recordSamples(tenMinutes());
  expect(44 + samples.byteLength).toBe(20_971_520);
});
