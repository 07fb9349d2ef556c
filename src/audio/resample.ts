import type { AudioChunk } from './chunk.ts';
import { createResampler, type Resampler } from './resampler.ts';

/**
 * The same audio at `sampleRate`. Chunks at that rate pass untouched; others may change their rate in
 * mid-stream. Each stretch at one rate keeps its length to half a sample and its place in time.
 */
export async function* resample(
  audio: AsyncIterable<AudioChunk>,
  sampleRate: number,
): AsyncGenerator<AudioChunk, void, void> {
  let resampler: Resampler | undefined;
  try {
    for await (const chunk of audio) {
      if (resampler && resampler.inputRate !== chunk.sampleRate) {
        yield* nonEmpty(resampler.flush(), sampleRate);
        resampler[Symbol.dispose]();
        resampler = undefined;
      }
      if (chunk.sampleRate === sampleRate) {
        yield chunk;
      } else {
        resampler ??= await createResampler(chunk.sampleRate, sampleRate);
        yield* nonEmpty(resampler.process(chunk.samples), sampleRate);
      }
    }
    if (resampler) yield* nonEmpty(resampler.flush(), sampleRate);
  } finally {
    resampler?.[Symbol.dispose]();
  }
}

/** A whole stretch at `sampleRate`, to the sample what `resample` makes of it in pieces. */
export async function resampleChunk(chunk: AudioChunk, sampleRate: number): Promise<AudioChunk> {
  if (chunk.sampleRate === sampleRate) return chunk;
  using resampler = await createResampler(chunk.sampleRate, sampleRate);
  const head = resampler.process(chunk.samples);
  const tail = resampler.flush();
  const samples = new Int16Array(head.length + tail.length);
  samples.set(head);
  samples.set(tail, head.length);
  return { samples, sampleRate };
}

function* nonEmpty(samples: Int16Array, sampleRate: number): Generator<AudioChunk, void, void> {
  if (samples.length > 0) yield { samples, sampleRate };
}
