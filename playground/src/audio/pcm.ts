/** Samples per second of everything that the page records, sends and plays; mono. */
export const SAMPLE_RATE = 24_000;

/** From -1…1, cut where it is louder, to 16-bit samples. */
export function toInt16(samples: Float32Array): Int16Array<ArrayBuffer> {
  return Int16Array.from(samples, (sample) => Math.round(Math.max(-1, Math.min(1, sample)) * 32_767));
}

export function toFloat32(samples: Int16Array): Float32Array<ArrayBuffer> {
  return Float32Array.from(samples, (sample) => sample / 32_768);
}

/** One after the other, in one piece. */
export function joinSamples(pieces: readonly Int16Array[]): Int16Array<ArrayBuffer> {
  const joined = new Int16Array(pieces.reduce((length, piece) => length + piece.length, 0));
  let at = 0;
  for (const piece of pieces) {
    joined.set(piece, at);
    at += piece.length;
  }
  return joined;
}

export function toMs(samples: number, sampleRate = SAMPLE_RATE): number {
  return (samples / sampleRate) * 1000;
}

/** Root mean square, 0 to 1. */
export function loudness(samples: Int16Array): number {
  if (samples.length === 0) return 0;
  const squares = samples.reduce((sum, sample) => sum + sample * sample, 0);
  return Math.sqrt(squares / samples.length) / 32_768;
}
