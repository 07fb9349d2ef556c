import { expect, test } from 'vitest';
import { newId, randomText } from './ids.ts';

test('an id is its prefix and as many letters and digits as were asked for', () => {
  expect(newId('resp_')).toMatch(/^resp_[A-Za-z0-9]{21}$/);
  expect(newId('chatcmpl-', 29)).toMatch(/^chatcmpl-[A-Za-z0-9]{29}$/);
});

test('ten thousand ids differ', () => {
  expect(new Set(Array.from({ length: 10_000 }, () => newId('x'))).size).toBe(10_000);
});

test('each of the 62 characters is about as likely', () => {
  const counts = new Map<string, number>();
  for (const letter of randomText(62_000)) counts.set(letter, (counts.get(letter) ?? 0) + 1);
  expect(counts.size).toBe(62);
  // A thousand each are expected; ten standard deviations are 314.
  for (const count of counts.values()) expect(Math.abs(count - 1_000)).toBeLessThan(314);
});
