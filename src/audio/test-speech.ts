import type { AudioChunk } from './chunk.ts';

/**
 * A signal that codecs take for speech, for tests and benchmarks: a gliding voice with three formants, in
 * syllables with pauses. Always the same, and loud enough to compare.
 */
export function testSpeech(seconds: number, sampleRate: number): Int16Array<ArrayBuffer> {
  const samples = new Int16Array(Math.round(seconds * sampleRate));
  let phase = 0;
  for (let index = 0; index < samples.length; index += 1) {
    const time = index / sampleRate;
    const pitch = 130 + 30 * Math.sin(2 * Math.PI * 0.7 * time);
    phase += (2 * Math.PI * pitch) / sampleRate;
    const syllable = Math.max(0, Math.sin(2 * Math.PI * 2.1 * time)) ** 0.5;
    let voice = 0;
    for (let harmonic = 1; harmonic * pitch < 3800 && harmonic * pitch < sampleRate / 2; harmonic += 1)
      voice += formants(harmonic * pitch) * Math.sin(harmonic * phase + harmonic ** 2);
    samples[index] = Math.round(4000 * syllable * voice);
  }
  return samples;
}

/** In the pieces that engines speak in. */
export async function* inChunks(
  samples: Int16Array,
  sampleRate: number,
  chunkSamples = sampleRate / 50,
): AsyncGenerator<AudioChunk, void, void> {
  for (let start = 0; start < samples.length; start += chunkSamples)
    yield { samples: samples.subarray(start, start + chunkSamples), sampleRate };
}

/** All samples of a stream, and the rate of its last chunk. */
export async function collectAudio(
  audio: AsyncIterable<AudioChunk> | Iterable<AudioChunk>,
): Promise<AudioChunk> {
  const pieces: Int16Array[] = [];
  let sampleRate = 0;
  for await (const chunk of audio) {
    pieces.push(chunk.samples);
    sampleRate = chunk.sampleRate;
  }
  const samples = new Int16Array(pieces.reduce((total, piece) => total + piece.length, 0));
  let start = 0;
  for (const piece of pieces) {
    samples.set(piece, start);
    start += piece.length;
  }
  return { samples, sampleRate };
}

/** How alike two signals are at their place in time: 1 when one is the other, louder or softer; 0 when unrelated. */
export function correlation(one: Int16Array, other: Int16Array): number {
  let product = 0;
  let oneEnergy = 0;
  let otherEnergy = 0;
  for (let index = 0; index < Math.min(one.length, other.length); index += 1) {
    const a = one[index] ?? 0;
    const b = other[index] ?? 0;
    product += a * b;
    oneEnergy += a * a;
    otherEnergy += b * b;
  }
  return product / Math.sqrt(oneEnergy * otherEnergy);
}

function formants(frequency: number): number {
  return [600, 1200, 2500].reduce(
    (total, formant, index) => total + 1 / (index + 1) / (1 + ((frequency - formant) / 150) ** 2),
    0,
  );
}
