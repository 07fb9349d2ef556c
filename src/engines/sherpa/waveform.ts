const FULL_SCALE = 32_768;

/** Samples from -1 to 1, as neural models take them. */
export function toWaveform(parts: readonly Int16Array[]): Float32Array {
  const waveform = new Float32Array(parts.reduce((total, part) => total + part.length, 0));
  let at = 0;
  for (const part of parts) {
    for (const sample of part) {
      waveform[at] = sample / FULL_SCALE;
      at += 1;
    }
  }
  return waveform;
}

/** 16-bit samples of what a model has made; what is out of range is cut off. */
export function fromWaveform(waveform: Float32Array): Int16Array {
  return Int16Array.from(waveform, (sample) =>
    Math.round(Math.max(-FULL_SCALE, Math.min(FULL_SCALE - 1, sample * FULL_SCALE))),
  );
}
