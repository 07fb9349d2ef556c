import { expect, test } from 'vitest';
import { encodeWav } from './encode-wav.ts';

test('one channel is a RIFF file of 16-bit samples', () => {
  expect(Buffer.from(encodeWav(Int16Array.of(1, -2), 24_000)).toString('hex')).toBe(
    '524946462800000057415645666d74201000000001000100c05d000080bb00000200100064617461040000000100feff',
  );
});

test('of two channels the shorter ends in silence', () => {
  const wav = encodeWav([Int16Array.of(1, 2), Int16Array.of(3)], 8_000);
  expect(Buffer.from(wav.slice(22, 44)).toString('hex')).toBe('0200401f0000007d0000040010006461746108000000');
  expect([...new Int16Array(wav.buffer, 44)]).toEqual([1, 3, 2, 0]);
});
