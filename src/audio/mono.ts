/** A sample on the scale of 16 bits, rounded and clipped. NaN stays NaN, which an `Int16Array` holds as 0. */
export function toSample(value: number): number {
  return Math.max(-32768, Math.min(32767, Math.round(value)));
}

/** The mean of channels of floats in -1 to 1, as 16-bit samples from `start` to `end`. */
export function mixToMono(channels: readonly Float32Array[], start: number, end: number): Int16Array {
  const samples = new Int16Array(Math.max(0, end - start));
  const scale = 32768 / channels.length;
  for (let index = 0; index < samples.length; index += 1) {
    let sum = 0;
    for (const channel of channels) sum += channel[start + index] ?? 0;
    samples[index] = toSample(sum * scale);
  }
  return samples;
}
