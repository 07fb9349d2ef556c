import { expect, test } from 'vitest';
import { ScoreMeter } from './score-meter.ts';

const score = (audio_ms: number, value = 0.7) => ({
  type: 'samtal.voice_activity',
  audio_ms,
  score: value,
  threshold: 0.4,
  is_speech: value > 0.4,
});

test('until the server sends scores, the level of the microphone is shown', () => {
  const meter = new ScoreMeter();
  meter.addLevel(0.2, 10);
  expect(meter.hasScores).toBe(false);
  expect(meter.points).toEqual([{ atMs: 10, value: 0.2, isSpeech: false }]);
  meter.addScore(score(0), 20);
  expect(meter.points).toEqual([{ atMs: 20, value: 0.7, isSpeech: true }]);
  expect(meter.threshold).toBe(0.4);
});

test('scores stand as evenly as the audio that they are of', () => {
  const meter = new ScoreMeter();
  meter.addScore(score(60), 100);
  meter.addScore(score(120), 190);
  meter.addScore(score(180), 221);
  expect(meter.points.map(({ atMs }) => atMs)).toEqual([100, 160, 220]);
});

test('after a pause without audio the meter goes on from now', () => {
  const meter = new ScoreMeter();
  meter.addScore(score(60), 100);
  meter.addScore(score(120), 3000);
  expect(meter.points.map(({ atMs }) => atMs)).toEqual([100, 3000]);
});

test('what is older than the meter shows is let go', () => {
  const meter = new ScoreMeter();
  for (let atMs = 0; atMs <= 10_000; atMs += 1000) meter.addLevel(0.1, atMs);
  expect(meter.points.map(({ atMs }) => atMs)[0]).toBe(4000);
});
