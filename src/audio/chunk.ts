/** Mono 16-bit PCM at a stated rate: the only shape audio has between the wire and an engine. */
export interface AudioChunk {
  readonly samples: Int16Array;
  /** Samples per second. */
  readonly sampleRate: number;
}

/** How long `chunk` lasts when it is played, in milliseconds. */
export function durationMs(chunk: AudioChunk): number {
  return (chunk.samples.length / chunk.sampleRate) * 1000;
}
