import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { expect, test } from 'vitest';
import { nextResponse, type ResponseInput, type ResponseState } from '../../src/realtime/response-machine.ts';
import { nextSpeech, type SpeechState } from '../../src/realtime/speech-machine.ts';

const drawn = readFileSync(resolve(import.meta.dirname, '../../docs/design/realtime-machines.md'), 'utf8')
  .split('```mermaid')
  .slice(1)
  .map((block) =>
    [...(block.split('```')[0] ?? '').matchAll(/^ {2}(\w+ --> .*)$/gm)].map(([, line]) => line),
  );

interface Arrow {
  readonly from: string;
  readonly to: string;
  readonly input: string;
  readonly effects: readonly string[];
}

function toLines(arrows: readonly Arrow[]): readonly string[] {
  return arrows
    .filter(({ from, to, effects }) => from !== to || effects.length > 0)
    .map(({ from, to, input, effects }) => {
      const done = effects.length > 0 ? ` / ${effects.join(', ')}` : '';
      return `${from} --> ${to}: ${input}${done}`;
    });
}

const RESPONSE_STATES: readonly ResponseState[] = [
  { phase: 'idle' },
  { phase: 'active', responseId: 'a', isWanted: false },
  { phase: 'active', responseId: 'a', isWanted: true },
  { phase: 'closed' },
];
const DONE = { status: { type: 'completed' }, usage: undefined, nextResponseId: 'b' } as const;
const RESPONSE_INPUTS: Readonly<Record<string, ResponseInput>> = {
  create: { type: 'create', responseId: 'b' },
  answer: { type: 'answer', responseId: 'b' },
  'cancel by the client': { type: 'cancel', reason: 'client-cancelled' },
  'cancel by speech': { type: 'cancel', reason: 'turn-detected' },
  told: { type: 'told', responseId: 'a', ...DONE },
  'told of another': { type: 'told', responseId: 'z', ...DONE },
  close: { type: 'close' },
};

test('the drawing of the response machine is what it does', () => {
  const nameOf = (state: ResponseState): string =>
    state.phase === 'active' && state.isWanted ? 'wanted' : state.phase;
  const arrows = RESPONSE_STATES.flatMap((state) =>
    Object.entries(RESPONSE_INPUTS).map(([input, value]) => {
      const step = nextResponse(state, value);
      return {
        from: nameOf(state),
        to: nameOf(step.state),
        input,
        effects: step.effects.map(({ type }) => type),
      };
    }),
  );
  expect(drawn[0]).toEqual(toLines(arrows));
});

const SPEECH_STATES: readonly SpeechState[] = [
  { phase: 'silence', onsetMs: undefined },
  { phase: 'silence', onsetMs: 1_000 },
  { phase: 'speech', quietSinceMs: undefined },
  { phase: 'speech', quietSinceMs: 1_000 },
];

test('the drawing of the speech machine is what it does', () => {
  const rules = { threshold: 0.5, prefixPaddingMs: 0, silenceDurationMs: 500 };
  const nameOf = (state: SpeechState): string =>
    state.phase === 'silence'
      ? state.onsetMs === undefined
        ? 'silence'
        : 'onset'
      : state.quietSinceMs === undefined
        ? 'speech'
        : 'pause';
  const soundsIn = (state: SpeechState): readonly (readonly [string, number, number])[] => [
    ['quiet', 0, 1_020],
    ...(nameOf(state) === 'pause' ? [['quiet for long enough', 0, 1_500] as const] : []),
    ['voice', 1, 1_020],
    ...(nameOf(state) === 'onset' ? [['voice for 60 ms', 1, 1_060] as const] : []),
  ];
  const arrows = SPEECH_STATES.flatMap((state) =>
    soundsIn(state).map(([input, score, endMs]) => {
      const step = nextSpeech(state, { score, startMs: endMs - 20, endMs }, rules);
      const effects = step.effects.map(({ type }) => type);
      return { from: nameOf(state), to: nameOf(step.state), input, effects };
    }),
  );
  expect(drawn[1]?.toSorted()).toEqual(toLines(arrows).toSorted());
});
