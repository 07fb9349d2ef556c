import { toPcmBytes } from '../src/audio/pcm-bytes.ts';
import { resampleChunk } from '../src/audio/resample.ts';
import { spoken } from './speech-text.ts';

/** Of the wire's pcm16. */
const SAMPLE_RATE = 24_000;
export const FRAME_MS = 20;
const FRAME_SAMPLES = (SAMPLE_RATE / 1000) * FRAME_MS;
/** Speech begins where a sample is louder than this, 40 dB below full scale. */
const AUDIBLE = 328;

export interface FramedSpeech {
  /** Base64 of 960 bytes each. */
  readonly frames: readonly string[];
  /** Where the speech begins and ends. */
  readonly onsetMs: number;
  readonly endMs: number;
}

/** `text` as flite says it, between silences, in frames of the wire. */
export async function framedSpeech(
  text: string,
  { beforeMs, afterMs }: { readonly beforeMs: number; readonly afterMs: number },
): Promise<FramedSpeech> {
  const { samples } = await resampleChunk(await spoken(text), SAMPLE_RATE);
  const before = toSamples(beforeMs);
  const length = before + samples.length + toSamples(afterMs);
  const all = new Int16Array(Math.ceil(length / FRAME_SAMPLES) * FRAME_SAMPLES);
  all.set(samples, before);
  const isAudible = (sample: number): boolean => Math.abs(sample) > AUDIBLE;
  return {
    frames: Array.from({ length: all.length / FRAME_SAMPLES }, (_, index) =>
      Buffer.from(toPcmBytes(all.subarray(index * FRAME_SAMPLES, (index + 1) * FRAME_SAMPLES))).toString(
        'base64',
      ),
    ),
    onsetMs: toMs(all.findIndex(isAudible)),
    endMs: toMs(all.findLastIndex(isAudible) + 1),
  };
}

function toSamples(ms: number): number {
  return Math.round((ms / 1000) * SAMPLE_RATE);
}

function toMs(samples: number): number {
  return (samples / SAMPLE_RATE) * 1000;
}
