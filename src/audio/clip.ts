import { type AudioChunk, durationMs } from './chunk.ts';

/** A stretch of speech, in the order it was spoken. */
export interface AudioClip {
  readonly chunks: readonly AudioChunk[];
}

/** How long `clip` lasts when it is played, in milliseconds. */
export function clipDurationMs(clip: AudioClip): number {
  return clip.chunks.reduce((total, chunk) => total + durationMs(chunk), 0);
}
