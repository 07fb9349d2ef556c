/** Takes noise out of speech, before anything else hears it. */
export interface NoiseReducer {
  readonly name: string;
  /** Reduction carries state from sample to sample, so each audio stream opens its own. */
  open(options: NoiseReductionOptions): NoiseReductionStream;
}

export interface NoiseReductionOptions {
  /**
   * Where the microphone is. `near-field`, as of a headset: the voice is loud, and keeps a trace of what is around
   * it rather than lose a sound. `far-field`, as of a laptop or a room: as much noise goes as can.
   */
  readonly field: NoiseField;
  /** Samples per second of what is taken. */
  readonly inputRate: number;
  /** Samples per second of what is given. */
  readonly outputRate: number;
  /** Ends the stream, whatever it is doing. */
  readonly signal: AbortSignal;
}

export type NoiseField = 'near-field' | 'far-field';

export interface NoiseReductionStream extends AsyncDisposable {
  /**
   * Takes what comes next and gives what is clean by now, which may be nothing. It comes at most 50 ms later and
   * keeps its place in time: what is given begins where what is taken began. One call at a time.
   * @throws {EngineError} `busy` when the engine cleans as many streams as it can.
   */
  reduce(samples: Int16Array): Promise<Int16Array>;
}
