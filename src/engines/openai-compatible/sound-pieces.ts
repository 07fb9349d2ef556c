import type { AudioChunk } from '../../audio/chunk.ts';
import { fromPcmBytes } from '../../audio/pcm-bytes.ts';
import { isWav } from '../../audio/wav-header.ts';
import { readWav } from '../../audio/wav-reader.ts';

/** Of `pcm16`, which does not say its own. */
const SAMPLE_RATE = 24_000;
/** Half a second, so that a whole reply in one piece is passed on in steps. */
const STEP = 12_000;

/** Decodes pieces of sound as servers stream them in base64: `pcm16`, cut anywhere, or each a WAV file of its own. */
export class SoundPieces {
  #rest: Uint8Array = new Uint8Array(0);

  /** @throws {AudioFormatError} for a WAV file that is none. */
  *read(base64: string): Generator<AudioChunk> {
    const bytes = Buffer.from(base64, 'base64');
    if (this.#rest.length === 0 && isWav(bytes)) {
      yield* readWav(bytes);
      return;
    }
    const joined = Buffer.concat([this.#rest, bytes]);
    const samples = fromPcmBytes(joined);
    this.#rest = joined.subarray(samples.length * 2);
    for (let start = 0; start < samples.length; start += STEP)
      yield { samples: samples.subarray(start, start + STEP), sampleRate: SAMPLE_RATE };
  }
}
