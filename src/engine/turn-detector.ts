import type { AudioClip } from '../audio/clip.ts';

/** Asked at each pause: has the speaker finished? */
export interface TurnDetector {
  readonly name: string;
  assess(turn: SpokenTurn, options: { readonly signal: AbortSignal }): Promise<TurnVerdict>;
}

export interface SpokenTurn {
  readonly audio: AudioClip;
  readonly partialTranscript: string;
  readonly silenceMs: number;
}

export interface TurnVerdict {
  /** The probability, 0 to 1, that the turn is complete. */
  readonly finished: number;
}
