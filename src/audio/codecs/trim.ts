import type { AudioChunk } from '../chunk.ts';

/** Samples to leave out. */
export interface Trim {
  readonly start: number;
  readonly end: number;
}

/** Leaves out the first and last samples of a stream, as codecs put there; holds back what may be the last. */
export async function* trimEnds(
  chunks: Iterable<AudioChunk> | AsyncIterable<AudioChunk>,
  trim: Trim,
): AsyncGenerator<AudioChunk, void, void> {
  const held: AudioChunk[] = [];
  let toSkip = trim.start;
  let heldSamples = 0;
  for await (const chunk of chunks) {
    const samples = chunk.samples.subarray(toSkip);
    toSkip -= chunk.samples.length - samples.length;
    held.push({ samples, sampleRate: chunk.sampleRate });
    heldSamples += samples.length;
    for (let [first] = held; first && heldSamples - first.samples.length >= trim.end; [first] = held) {
      held.shift();
      heldSamples -= first.samples.length;
      if (first.samples.length > 0) yield first;
    }
  }
  let left = Math.max(0, heldSamples - trim.end);
  for (const { samples, sampleRate } of held) {
    const kept = samples.subarray(0, left);
    left -= kept.length;
    if (kept.length > 0) yield { samples: kept, sampleRate };
  }
}
