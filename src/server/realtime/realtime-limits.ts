/** What realtime sessions may cost, of `server.limits`. */
export interface RealtimeLimits {
  /** Open at a time; by the processors of the machine unless given. */
  readonly sessions?: number | undefined;
  /** Of one key; as many as in all unless given. */
  readonly sessionsPerKey?: number | undefined;
  readonly sessionSeconds: number;
  readonly sessionIdleSeconds: number;
  /** Seconds of audio that a client may send in a second. */
  readonly sessionAudioPace: number;
}
