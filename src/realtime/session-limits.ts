/** What one session may cost. */
export interface SessionLimits {
  /** The least audio that a client may commit. */
  readonly shortestCommitMs: number;
  /** Audio that may wait to be committed, and the longest turn. */
  readonly bufferedAudioMs: number;
  /** Audio that items keep; beyond it the oldest keep their words alone. */
  readonly retainedAudioMs: number;
  readonly items: number;
  readonly outOfBandResponses: number;
  /** How long after the end of a turn its words may come. */
  readonly recognitionMs: number;
  /** The longest that the engines of a response may say nothing. */
  readonly engineSilenceMs: number;
  /** Commands that may wait their turn. */
  readonly commandsAhead: number;
  readonly controlEventsAhead: number;
  readonly progressEventsAhead: number;
}

export const SESSION_LIMITS: SessionLimits = {
  shortestCommitMs: 100,
  bufferedAudioMs: 5 * 60_000,
  retainedAudioMs: 10 * 60_000,
  items: 2_048,
  outOfBandResponses: 4,
  recognitionMs: 30_000,
  engineSilenceMs: 60_000,
  commandsAhead: 64,
  controlEventsAhead: 256,
  progressEventsAhead: 8,
};
