import { expect, test } from 'vitest';
import { readPcmStream } from './pcm-stream.ts';

test('samples survive bytes that are cut anywhere, and half a sample at the end is left out', async () => {
  async function* pieces(): AsyncGenerator<Uint8Array> {
    for (const piece of [[1], [0, 2, 0, 3], [], [0], [255, 255, 7]]) yield Uint8Array.from(piece);
  }
  const chunks = await Array.fromAsync(readPcmStream(pieces(), 24_000));
  expect(chunks.map(({ samples }) => Array.from(samples))).toEqual([[1, 2], [3], [-1]]);
});
