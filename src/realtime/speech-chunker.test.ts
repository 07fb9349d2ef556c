import { expect, test } from 'vitest';
import { testSpeech } from '../audio/test-speech.ts';
import type { WireAudio } from './session-event.ts';
import { SpeechChunker } from './speech-chunker.ts';

async function cut(
  format: 'pcm16' | 'g711-ulaw' | 'g711-alaw',
  samples: Int16Array,
  step: number,
): Promise<readonly WireAudio[]> {
  using chunker = await SpeechChunker.create(format);
  const pieces: WireAudio[] = [];
  for (let start = 0; start < samples.length; start += step)
    pieces.push(...chunker.push({ samples: samples.subarray(start, start + step), sampleRate: 24_000 }));
  return [...pieces, ...chunker.flush()];
}

test('the first pieces are small and the later ones half a second, but for the last', async () => {
  const pieces = await cut('pcm16', testSpeech(3.03, 24_000), 480);
  expect(pieces.map(({ durationMs }) => durationMs)).toEqual([
    100, 150, 250, 250, 250, 250, 500, 500, 500, 280,
  ]);
  expect(pieces.map(({ bytes }) => bytes.length)).toEqual([
    4_800, 7_200, 12_000, 12_000, 12_000, 12_000, 24_000, 24_000, 24_000, 13_440,
  ]);
});

test.each([1, 77, 480, 100_000])('in steps of %d samples the pieces hold what was spoken', async (step) => {
  const speech = testSpeech(0.4, 24_000);
  const pieces = await cut('pcm16', speech, step);
  expect(pieces.flatMap(({ samples }) => [...samples])).toEqual([...speech]);
  expect(Buffer.concat(pieces.map(({ bytes }) => bytes))).toEqual(Buffer.from(speech.buffer));
});

test.each(['g711-ulaw', 'g711-alaw'] as const)(
  '%s comes in whole multiples of 50 ms too, and adds up',
  async (format) => {
    const pieces = await cut(format, testSpeech(1.25, 24_000), 480);
    expect(pieces.map(({ bytes }) => bytes.length).slice(0, 5)).toEqual([800, 1_200, 2_000, 2_000, 2_000]);
    expect(pieces.reduce((sum, { bytes }) => sum + bytes.length, 0)).toBe(10_000);
    expect(pieces.reduce((sum, { samples }) => sum + samples.length, 0)).toBe(30_000);
  },
);

test.each([0.1, 0.25, 0.3, 0.12345])('speech of %d s loses nothing on its way to G.711', async (seconds) => {
  const speech = testSpeech(seconds, 24_000);
  const pieces = await cut('g711-ulaw', speech, 480);
  expect(pieces.reduce((sum, { bytes }) => sum + bytes.length, 0)).toBe(Math.round(speech.length / 3));
  expect(pieces.reduce((sum, { samples }) => sum + samples.length, 0)).toBe(speech.length);
  for (const { bytes, durationMs } of pieces)
    expect(Math.abs(bytes.length / 8 - durationMs)).toBeLessThan(0.2);
});

test('nothing spoken makes no piece', async () => {
  expect(await cut('g711-ulaw', new Int16Array(), 480)).toEqual([]);
});
