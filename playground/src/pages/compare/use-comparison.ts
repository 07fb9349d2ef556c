import { useEffect, useRef, useState } from 'react';
import { toError } from '../../components/to-error.ts';
import { askRecorded, type RecordedTurn } from '../../realtime/recorded-turn.ts';
import type { RealtimeSettings } from '../../realtime/settings.ts';
import { useCredential } from '../../server/credential-provider.tsx';

/** What has come of one side so far. */
export interface Answer {
  readonly turn: RecordedTurn | undefined;
  readonly error: Error | undefined;
  readonly isAsked: boolean;
}

const UNASKED: Answer = { turn: undefined, error: undefined, isAsked: false };

export interface Comparison {
  readonly answers: readonly [Answer, Answer];
  /** Asks both sides at once, so that they have the machine alike. */
  readonly ask: (question: Int16Array, sides: readonly [RealtimeSettings, RealtimeSettings]) => void;
  readonly stop: () => void;
}

export function useComparison(): Comparison {
  const { secret } = useCredential();
  const [first, setFirst] = useState(UNASKED);
  const [second, setSecond] = useState(UNASKED);
  const asking = useRef(new AbortController());
  useEffect(() => () => asking.current.abort(), []);
  return {
    answers: [first, second],
    stop: () => asking.current.abort(),
    ask: (question, sides) => {
      asking.current.abort();
      asking.current = new AbortController();
      const { signal } = asking.current;
      for (const [index, set] of [setFirst, setSecond].entries()) {
        const settings = sides[index];
        if (!settings) continue;
        const told = (change: Partial<Answer>): void => {
          if (asking.current.signal === signal) set((before) => ({ ...before, ...change }));
        };
        set({ ...UNASKED, isAsked: true });
        askRecorded(question, { settings, secret, signal, onProgress: (turn) => told({ turn }) }).then(
          (turn) => told({ turn, isAsked: false }),
          (error: unknown) => told({ isAsked: false, ...(!signal.aborted && { error: toError(error) }) }),
        );
      }
    },
  };
}
