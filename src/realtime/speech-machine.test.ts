import fc from 'fast-check';
import { expect, test } from 'vitest';
import { nextSpeech, SILENCE, type SpeechEffect, type SpeechState } from './speech-machine.ts';

const RULES = { threshold: 0.5, prefixPaddingMs: 300, silenceDurationMs: 200 };

function silence(onsetMs: number | undefined): SpeechState {
  return { phase: 'silence', onsetMs };
}

function speech(quietSinceMs: number | undefined): SpeechState {
  return { phase: 'speech', quietSinceMs };
}

test.each([
  ['quiet stays quiet', silence(undefined), 0.49, silence(undefined), []],
  ['a first window may be a click', silence(undefined), 0.5, silence(1_000), []],
  ['40 ms may be one too', silence(980), 0.5, silence(980), []],
  [
    '60 ms is speech, and begins with its padding',
    silence(960),
    0.5,
    speech(undefined),
    [{ type: 'start', atMs: 660 }],
  ],
  ['a click is forgotten', silence(960), 0.49, silence(undefined), []],
  ['speech goes on', speech(undefined), 1, speech(undefined), []],
  ['a pause begins', speech(undefined), 0, speech(1_000), []],
  ['a pause goes on', speech(840), 0, speech(840), []],
  ['a pause is over', speech(840), 0.5, speech(undefined), []],
  [
    '200 ms of it end the turn, silence included',
    speech(820),
    0,
    SILENCE,
    [{ type: 'stop', atMs: 1_020, quietSinceMs: 820 }],
  ],
] as const)('%s', (_name, state, score, next, effects) => {
  expect(nextSpeech(state, { score, startMs: 1_000, endMs: 1_020 }, RULES)).toEqual({ state: next, effects });
});

test('a turn does not begin before the session', () => {
  const { effects } = nextSpeech(silence(20), { score: 1, startMs: 60, endMs: 80 }, RULES);
  expect(effects).toEqual([{ type: 'start', atMs: 0 }]);
});

test('whatever is scored, starts and stops take turns and time goes on', () => {
  const property = fc.property(fc.array(fc.constantFrom(0, 0.4, 0.6, 1), { maxLength: 200 }), (scores) => {
    let state: SpeechState = SILENCE;
    const effects: SpeechEffect[] = [];
    for (const [index, score] of scores.entries()) {
      const step = nextSpeech(state, { score, startMs: index * 20, endMs: index * 20 + 20 }, RULES);
      state = step.state;
      effects.push(...step.effects);
    }
    expect(effects.map(({ type }) => type)).toEqual(
      effects.map((_, index) => (index % 2 === 0 ? 'start' : 'stop')),
    );
  });
  fc.assert(property);
});
