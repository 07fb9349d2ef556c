/**
 * When speech starts and when it stops, from a detector's scores. Pure, and its only clock is the audio:
 * times are milliseconds from the first sample of the session.
 */
export type SpeechState =
  | {
      readonly phase: 'silence' /** When the windows that sound like speech began. */;
      readonly onsetMs: number | undefined;
    }
  | {
      readonly phase: 'speech' /** When the last speech ended; `undefined` while it goes on. */;
      readonly quietSinceMs: number | undefined;
    };

export interface SpeechWindow {
  /** The detector's score, 0 to 1. */
  readonly score: number;
  readonly startMs: number;
  readonly endMs: number;
}

export interface SpeechRules {
  readonly threshold: number;
  readonly prefixPaddingMs: number;
  readonly silenceDurationMs: number;
}

export type SpeechEffect =
  /** `atMs`: where the turn's audio begins, padding included. */
  | { readonly type: 'start'; readonly atMs: number }
  /** `atMs`: where the turn's audio ends, silence included; `quietSinceMs`: where its last sound does. */
  | { readonly type: 'stop'; readonly atMs: number; readonly quietSinceMs: number };

export interface SpeechStep {
  readonly state: SpeechState;
  readonly effects: readonly SpeechEffect[];
}

/** Shorter than a syllable is a click, a cough or a key. */
const SHORTEST_SPEECH_MS = 60;

export const SILENCE: SpeechState = { phase: 'silence', onsetMs: undefined };

export function nextSpeech(state: SpeechState, window: SpeechWindow, rules: SpeechRules): SpeechStep {
  const isSpeech = window.score >= rules.threshold;
  return state.phase === 'silence'
    ? whileSilent(state.onsetMs, window, { isSpeech, rules })
    : whileSpeaking(state.quietSinceMs, window, { isSpeech, rules });
}

interface Judgement {
  readonly isSpeech: boolean;
  readonly rules: SpeechRules;
}

function whileSilent(
  onsetMs: number | undefined,
  window: SpeechWindow,
  { isSpeech, rules }: Judgement,
): SpeechStep {
  if (!isSpeech) return { state: SILENCE, effects: [] };
  const beganMs = onsetMs ?? window.startMs;
  if (window.endMs - beganMs < SHORTEST_SPEECH_MS) {
    return { state: { phase: 'silence', onsetMs: beganMs }, effects: [] };
  }
  return {
    state: { phase: 'speech', quietSinceMs: undefined },
    effects: [{ type: 'start', atMs: Math.max(0, beganMs - rules.prefixPaddingMs) }],
  };
}

function whileSpeaking(
  quietSinceMs: number | undefined,
  window: SpeechWindow,
  { isSpeech, rules }: Judgement,
): SpeechStep {
  if (isSpeech) return { state: { phase: 'speech', quietSinceMs: undefined }, effects: [] };
  const sinceMs = quietSinceMs ?? window.startMs;
  if (window.endMs - sinceMs >= rules.silenceDurationMs)
    return { state: SILENCE, effects: [{ type: 'stop', atMs: window.endMs, quietSinceMs: sinceMs }] };
  return { state: { phase: 'speech', quietSinceMs: sinceMs }, effects: [] };
}
