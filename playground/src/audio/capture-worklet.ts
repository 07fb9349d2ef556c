import { SAMPLE_RATE, toInt16 } from './pcm.ts';
import { Resampler } from './resampler.ts';

/** 40 ms: seldom enough for a socket, often enough for a meter. */
const CHUNK_SAMPLES = 960;

/** Posts what the microphone hears as 16-bit samples, 24 kHz mono. */
class CaptureProcessor extends AudioWorkletProcessor {
  readonly #resampler = sampleRate === SAMPLE_RATE ? undefined : new Resampler(sampleRate, SAMPLE_RATE);
  readonly #chunk = new Float32Array(CHUNK_SAMPLES);
  #filled = 0;

  process([input]: readonly (readonly Float32Array[])[]): boolean {
    const heard = input?.[0];
    if (heard) for (const sample of this.#resampler?.push(heard) ?? heard) this.#add(sample);
    return true;
  }

  #add(sample: number): void {
    this.#chunk[this.#filled++] = sample;
    if (this.#filled < CHUNK_SAMPLES) return;
    this.#filled = 0;
    const samples = toInt16(this.#chunk);
    this.port.postMessage(samples, [samples.buffer]);
  }
}

registerProcessor('samtal-capture', CaptureProcessor);
