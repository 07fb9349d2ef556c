import { expect, test } from 'vitest';
import { Resampler } from './resampler.ts';

function tone(hz: number, rate: number, seconds: number): Float32Array {
  return Float32Array.from(
    { length: rate * seconds },
    (_, n) => 0.5 * Math.sin((2 * Math.PI * hz * n) / rate),
  );
}

function resample(samples: Float32Array, [from, to]: readonly [number, number], block: number): Float32Array {
  const resampler = new Resampler(from, to);
  const out: number[] = [];
  for (let at = 0; at < samples.length; at += block)
    out.push(...resampler.push(samples.slice(at, at + block)));
  return Float32Array.from(out);
}

const rms = (samples: Float32Array) =>
  Math.sqrt(samples.reduce((sum, sample) => sum + sample * sample, 0) / samples.length);

test('a tone of speech keeps its loudness and its length from 48 to 24 kHz', () => {
  const out = resample(tone(1_000, 48_000, 1), [48_000, 24_000], 128);
  expect(out.length).toBeGreaterThan(23_950);
  expect(out.length).toBeLessThanOrEqual(24_000);
  expect(rms(out.slice(100))).toBeCloseTo(0.3536, 3);
});

test('what the lower rate can not hold is taken away', () => {
  expect(rms(resample(tone(15_000, 48_000, 1), [48_000, 24_000], 128).slice(100))).toBeLessThan(0.0005);
});

test('a rate that is no multiple comes out the same however it is cut', () => {
  const whole = resample(tone(440, 44_100, 0.5), [44_100, 24_000], 22_050);
  const pieces = resample(tone(440, 44_100, 0.5), [44_100, 24_000], 128);
  const length = Math.min(whole.length, pieces.length);
  expect(length).toBeGreaterThan(11_900);
  for (let n = 0; n < length; n++) expect(Math.abs((whole[n] ?? 0) - (pieces[n] ?? 1))).toBeLessThan(1e-4);
});

test('up from 8 to 24 kHz a tone stays a tone', () => {
  expect(rms(resample(tone(1_000, 8_000, 1), [8_000, 24_000], 160).slice(200))).toBeCloseTo(0.3536, 3);
});
