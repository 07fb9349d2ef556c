import { randomNumbers } from '../../util/random-numbers.ts';

/** What stands behind a voice: hiss, a room, the mains. */
export type NoiseKind = 'white' | 'pink' | 'hum';

/** Steady noise for tests, always the same, at 16 kHz; `level` is in dB of full scale. */
export function steadyNoise(kind: NoiseKind, seconds: number, level: number): Float32Array {
  const samples = new Float32Array(16_000 * seconds).map(GENERATORS[kind]());
  const power = samples.reduce((total, sample) => total + sample * sample, 0) / samples.length;
  const gain = 10 ** (level / 20) / Math.sqrt(power);
  return samples.map((sample) => sample * gain);
}

const GENERATORS: Readonly<Record<NoiseKind, () => (sample: number, index: number) => number>> = {
  white: whiteNoise,
  pink: pinkNoise,
  hum: () => (_, index) =>
    [1, 2, 3, 5].reduce((sum, k) => sum + Math.sin((2 * Math.PI * 50 * k * index) / 16_000) / k, 0),
};

function whiteNoise(): () => number {
  const random = randomNumbers();
  return () => 2 * random() - 1;
}

/** White noise through Paul Kellet's economy filter, which falls by 3 dB an octave. */
function pinkNoise(): () => number {
  const white = whiteNoise();
  let [low, middle, high] = [0, 0, 0];
  return () => {
    const sample = white();
    low = 0.99765 * low + 0.099046 * sample;
    middle = 0.963 * middle + 0.2965164 * sample;
    high = 0.57 * high + 1.0526913 * sample;
    return low + middle + high + 0.1848 * sample;
  };
}
