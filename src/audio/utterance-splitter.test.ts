import { expect, test } from 'vitest';
import { randomNumbers } from '../util/random-numbers.ts';
import { UtteranceSplitter } from './utterance-splitter.ts';

/** 10 ms frames: a 150 Hz buzz, as of a voice; hiss of the same level; nothing. */
function frames(kind: 'voice' | 'hiss' | 'silence', lengthMs: number): Int16Array[] {
  const random = randomNumbers();
  const sampleAt = (time: number): number => {
    if (kind === 'hiss') return (random() - 0.5) * 12_000;
    return kind === 'voice' ? (((time * 150) / 16_000) % 1) * 8_000 - 4_000 : 0;
  };
  return Array.from({ length: lengthMs / 10 }, (_, frame) =>
    Int16Array.from({ length: 160 }, (_sample, index) => sampleAt(frame * 160 + index)),
  );
}

/** Where each utterance begins and how long it is, in milliseconds. */
function utterancesIn(audio: readonly Int16Array[]): { startMs: number; lengthMs: number }[] {
  const splitter = new UtteranceSplitter();
  const utterances: { startMs: number; lengthMs: number }[] = [];
  const pieces = [...audio.flatMap((frame) => [...splitter.push(frame)]), ...splitter.end()];
  for (const piece of pieces) {
    const current = utterances.at(-1);
    if (piece.type === 'start') utterances.push({ startMs: piece.frame * 10, lengthMs: 0 });
    else if (piece.type === 'frame' && current) current.lengthMs += 10;
  }
  return utterances;
}

test('silence and hiss hold no utterance, however loud', () => {
  expect(utterancesIn(frames('silence', 2_000))).toEqual([]);
  expect(utterancesIn(frames('hiss', 2_000))).toEqual([]);
});

test('an utterance keeps 300 ms around the voice', () => {
  const [utterance, ...others] = utterancesIn([
    ...frames('silence', 1_000),
    ...frames('voice', 1_000),
    ...frames('silence', 1_000),
  ]);
  expect(others).toEqual([]);
  expect(utterance?.startMs).toBeGreaterThanOrEqual(620);
  expect(utterance?.startMs).toBeLessThanOrEqual(720);
  const endMs = (utterance?.startMs ?? 0) + (utterance?.lengthMs ?? 0);
  expect(endMs).toBeGreaterThanOrEqual(2_280);
  expect(endMs).toBeLessThanOrEqual(2_350);
});

test('a pause of 600 ms parts two utterances, a shorter one does not', () => {
  const voice = frames('voice', 1_000);
  expect(utterancesIn([...voice, ...frames('silence', 700), ...voice])).toHaveLength(2);
  expect(utterancesIn([...voice, ...frames('silence', 400), ...voice])).toHaveLength(1);
});

test('nothing of a voice that goes on and on is lost, and no utterance is longer than 25 s', () => {
  const utterances = utterancesIn(frames('voice', 60_000));
  expect(utterances.map(({ startMs, lengthMs }) => startMs + lengthMs)).toEqual([
    ...utterances.slice(1).map(({ startMs }) => startMs),
    60_000,
  ]);
  expect(Math.max(...utterances.map(({ lengthMs }) => lengthMs))).toBeLessThanOrEqual(25_000);
});

test('after 15 s a short pause is enough', () => {
  const voice = frames('voice', 16_000);
  expect(utterancesIn([...voice, ...frames('silence', 250), ...frames('voice', 1_000)])).toHaveLength(2);
});
