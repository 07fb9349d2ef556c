/** Scores speech. Deciding when speech starts and stops is the core's work, done once for every detector. */
export interface VoiceActivityDetector {
  readonly name: string;
  /** The rate, in samples per second, of the windows it takes. */
  readonly sampleRate: number;
  readonly windowSamples: number;
  /** A detector carries state from window to window, so each audio stream opens its own. */
  open(): VoiceActivityStream;
}

export interface VoiceActivityStream extends AsyncDisposable {
  /** The probability, 0 to 1, that `window`, whose samples lie between -1 and 1, holds speech. */
  score(window: Float32Array): number | Promise<number>;
  /** Forgets what was heard, as if the stream had just been opened. */
  reset(): void;
}
