import type { AudioChunk } from '../audio/chunk.ts';
import { compressG711 } from '../audio/g711.ts';
import { toPcmBytes } from '../audio/pcm-bytes.ts';
import { createResampler, type Resampler } from '../audio/resampler.ts';
import { SPEECH_SAMPLE_RATE } from '../conversation/speech.ts';
import { SampleQueue } from './sample-queue.ts';
import { sampleRateOf, type WireAudioFormat } from './session-config.ts';
import type { WireAudio } from './session-event.ts';

/** Small first, so that the voice begins early; then larger, so that a long reply is few messages. */
const PIECES_MS = [100, 150, 250, 250, 250, 250];
const LATER_PIECES_MS = 500;

/** Cuts a reply's speech into pieces of multiples of 50 ms, in the format of the wire. */
export class SpeechChunker implements Disposable {
  readonly #format: WireAudioFormat;
  readonly #resampler: Resampler | undefined;
  readonly #spoken = new SampleQueue();
  /** The same at the rate of the wire, where that is another: it comes a little later. */
  readonly #narrow = new SampleQueue();
  #pieces = 0;

  private constructor(format: WireAudioFormat, resampler: Resampler | undefined) {
    this.#format = format;
    this.#resampler = resampler;
  }

  static async create(format: WireAudioFormat): Promise<SpeechChunker> {
    const rate = sampleRateOf(format);
    const isSameRate = rate === SPEECH_SAMPLE_RATE;
    return new SpeechChunker(
      format,
      isSameRate ? undefined : await createResampler(SPEECH_SAMPLE_RATE, rate),
    );
  }

  /** Takes mono audio at 24 kHz and gives the pieces that are full. */
  *push(chunk: AudioChunk): Generator<WireAudio, void, void> {
    this.#spoken.push(chunk.samples);
    if (this.#resampler) this.#narrow.push(this.#resampler.process(chunk.samples));
    for (;;) {
      const ms = PIECES_MS[this.#pieces] ?? LATER_PIECES_MS;
      const isFull = this.#spoken.length >= samplesIn(ms, SPEECH_SAMPLE_RATE);
      const isNarrowFull =
        !this.#resampler || this.#narrow.length >= samplesIn(ms, this.#resampler.outputRate);
      if (!isFull || !isNarrowFull) return;
      this.#pieces += 1;
      yield this.#take(ms);
    }
  }

  /** What is left at the end, which may be of any length. */
  *flush(): Generator<WireAudio, void, void> {
    if (this.#resampler) this.#narrow.push(this.#resampler.flush());
    if (this.#spoken.length > 0) yield this.#take((this.#spoken.length / SPEECH_SAMPLE_RATE) * 1000);
  }

  [Symbol.dispose](): void {
    this.#resampler?.[Symbol.dispose]();
  }

  #take(ms: number): WireAudio {
    const samples = this.#spoken.take(samplesIn(ms, SPEECH_SAMPLE_RATE));
    return { bytes: this.#encode(samples, ms), samples, durationMs: ms };
  }

  #encode(samples: Int16Array, ms: number): Uint8Array {
    if (this.#format === 'pcm16' || !this.#resampler) return toPcmBytes(samples);
    const narrow = this.#narrow.take(samplesIn(ms, this.#resampler.outputRate));
    return compressG711(narrow, this.#format === 'g711-ulaw' ? 'mulaw' : 'alaw');
  }
}

function samplesIn(ms: number, sampleRate: number): number {
  return Math.round((ms * sampleRate) / 1000);
}
