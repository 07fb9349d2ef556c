import { expect, test } from 'vitest';
import { StopCutter } from './stop-cutter.ts';

function cut(stop: readonly string[], deltas: readonly string[]): { texts: string[]; isCut: boolean } {
  const cutter = new StopCutter(stop);
  const texts = [...deltas.map((delta) => cutter.push(delta)), cutter.end()];
  return { texts, isCut: cutter.isCut };
}

test('a stop sequence ends the text wherever the stream is cut', () => {
  const written = 'One, two. STOP three.';
  for (let at = 0; at <= written.length; at += 1) {
    const { texts, isCut } = cut(['STOP', 'never'], [written.slice(0, at), written.slice(at)]);
    expect([texts.join(''), isCut], `cut at ${at}`).toEqual(['One, two. ', true]);
  }
});

test('what only looked like a stop sequence is passed on once that is certain', () => {
  expect(cut(['STOP'], ['One ST', 'UMP ST'])).toEqual({ texts: ['One ', 'STUMP ', 'ST'], isCut: false });
});

test('the first of several stop sequences counts, and an empty one does not', () => {
  expect(cut(['', 'three', 'two'], ['one two three'])).toEqual({ texts: ['one ', ''], isCut: true });
});
