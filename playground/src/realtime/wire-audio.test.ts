import { expect, test } from 'vitest';
import { durationMs, wireDecoder, wireEncoder } from './wire-audio.ts';

const tone = Int16Array.from(
  { length: 24_000 },
  (_, n) => 8_000 * Math.sin((2 * Math.PI * 440 * n) / 24_000),
);

test('PCM goes as little-endian 16-bit samples', () => {
  expect(wireEncoder('pcm16').encode(Int16Array.of(1, -2))).toBe('AQD+/w==');
  expect([...wireDecoder('pcm16').decode('AQD+/w==')]).toEqual([1, -2]);
});

test.each(['g711_ulaw', 'g711_alaw'] as const)('a tone survives %s both ways', (format) => {
  const encoded = wireEncoder(format).encode(tone);
  expect(durationMs(encoded, format)).toBeGreaterThan(990);
  expect(durationMs(encoded, format)).toBeLessThanOrEqual(1000);
  const decoded = wireDecoder(format).decode(encoded).slice(1000, -1000);
  const loudness = Math.sqrt(decoded.reduce((sum, sample) => sum + sample ** 2, 0) / decoded.length);
  expect(loudness / (8_000 / Math.SQRT2)).toBeCloseTo(1, 1);
});

test('long pieces are encoded whole', () => {
  expect(atob(wireEncoder('pcm16').encode(tone))).toHaveLength(48_000);
});

test('the length of base64 audio is told from its text', () => {
  expect(durationMs('A'.repeat(6400), 'pcm16')).toBe(100);
  expect(durationMs(`${'A'.repeat(10_667)}=`, 'g711_ulaw')).toBe(1000);
});
