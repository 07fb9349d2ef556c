import type { AudioChunk } from '../audio/chunk.ts';
import { compressG711 } from '../audio/g711.ts';
import { toPcmBytes } from '../audio/pcm-bytes.ts';
import { createResampler, type Resampler } from '../audio/resampler.ts';
import { SPEECH_SAMPLE_RATE } from '../conversation/speech.ts';
import type { WireAudioFormat } from './session-config.ts';
import type { WireAudio } from './session-event.ts';

/** Small first, so that the voice begins early; then larger, so that a long reply is few messages. */
const PIECES_MS = [100, 150, 250, 250, 250, 250];
const LATER_PIECES_MS = 500;
const SAMPLES_PER_MS = SPEECH_SAMPLE_RATE / 1000;

/** Cuts a reply's speech into pieces of multiples of 50 ms, in the format of the wire. */
export class SpeechChunker implements Disposable {
  readonly #encode: (samples: Int16Array, isLast: boolean) => Uint8Array;
  readonly #resampler: Resampler | undefined;
  #pending: Int16Array[] = [];
  #pendingSamples = 0;
  #pieces = 0;

  private constructor(format: WireAudioFormat, resampler: Resampler | undefined) {
    this.#resampler = resampler;
    this.#encode = encoder(format, resampler);
  }

  static async create(format: WireAudioFormat): Promise<SpeechChunker> {
    return new SpeechChunker(
      format,
      format === 'pcm16' ? undefined : await createResampler(SPEECH_SAMPLE_RATE, 8_000),
    );
  }

  /** Takes mono audio at 24 kHz and gives the pieces that are full. */
  *push(chunk: AudioChunk): Generator<WireAudio, void, void> {
    this.#pending.push(chunk.samples);
    this.#pendingSamples += chunk.samples.length;
    for (;;) {
      const size = (PIECES_MS[this.#pieces] ?? LATER_PIECES_MS) * SAMPLES_PER_MS;
      if (this.#pendingSamples < size) return;
      this.#pieces += 1;
      yield this.#take(size, false);
    }
  }

  /** What is left at the end, which may be of any length. */
  *flush(): Generator<WireAudio, void, void> {
    if (this.#pendingSamples > 0) yield this.#take(this.#pendingSamples, true);
  }

  [Symbol.dispose](): void {
    this.#resampler?.[Symbol.dispose]();
  }

  #take(size: number, isLast: boolean): WireAudio {
    const all = joined(this.#pending, this.#pendingSamples);
    const samples = all.subarray(0, size);
    this.#pending = size < all.length ? [all.subarray(size)] : [];
    this.#pendingSamples = all.length - size;
    return { bytes: this.#encode(samples, isLast), samples, durationMs: size / SAMPLES_PER_MS };
  }
}

function encoder(
  format: WireAudioFormat,
  resampler: Resampler | undefined,
): (samples: Int16Array, isLast: boolean) => Uint8Array {
  if (format === 'pcm16' || !resampler) return (samples) => toPcmBytes(samples);
  const law = format === 'g711-ulaw' ? 'mulaw' : 'alaw';
  return (samples, isLast) => {
    const narrow = resampler.process(samples);
    const tail = isLast ? resampler.flush() : new Int16Array();
    return compressG711(joined([narrow, tail], narrow.length + tail.length), law);
  };
}

function joined(parts: readonly Int16Array[], length: number): Int16Array {
  const [only] = parts;
  if (parts.length === 1 && only) return only;
  const all = new Int16Array(length);
  let offset = 0;
  for (const part of parts) {
    all.set(part, offset);
    offset += part.length;
  }
  return all;
}
