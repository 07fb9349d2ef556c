import { setImmediate } from 'node:timers/promises';
import type { RecognitionEvent } from '../../engine/speech-recognizer.ts';
import { recognizedWords } from './recognized-words.ts';
import type { OnlineRecognizer, OnlineStream } from './sherpa-onnx.ts';
import { toWaveform } from './waveform.ts';

const SAMPLE_RATE = 16_000;
/** Silence after the end, in which a model says what it was still waiting to be sure of. */
const TAIL_SAMPLES = 0.8 * SAMPLE_RATE;
/** Half a character: its last byte is in a token that is still to come. */
const HALF_CHARACTER = /\uFFFD+$/;

/** Hears a stream with a model that is made for streams. */
export class StreamingListener {
  readonly #recognizer: OnlineRecognizer;
  readonly #stream: OnlineStream;
  readonly #onlyGrows: boolean;
  #heardSamples = 0;
  #partial = '';

  constructor(
    recognizer: OnlineRecognizer,
    options: { readonly onlyGrows: boolean; readonly language?: string | undefined },
  ) {
    this.#recognizer = recognizer;
    this.#onlyGrows = options.onlyGrows;
    this.#stream = recognizer.createStream();
    if (options.language !== undefined) this.#stream.setOption('language', options.language);
  }

  /** Takes 16 kHz audio. Lets others in after each step of the model. */
  async *hear(samples: Int16Array): AsyncGenerator<RecognitionEvent, void, void> {
    this.#heardSamples += samples.length;
    this.#accept(toWaveform([samples]));
    yield* this.#decode();
  }

  /** The audio is over. */
  async *end(): AsyncGenerator<RecognitionEvent, void, void> {
    this.#accept(new Float32Array(TAIL_SAMPLES));
    this.#stream.inputFinished();
    yield* this.#decode();
    yield* this.#final();
  }

  #accept(samples: Float32Array): void {
    this.#stream.acceptWaveform({ samples, sampleRate: SAMPLE_RATE });
  }

  async *#decode(): AsyncGenerator<RecognitionEvent, void, void> {
    while (this.#recognizer.isReady(this.#stream)) {
      this.#recognizer.decode(this.#stream);
      yield* this.#changedPartial();
      if (this.#recognizer.isEndpoint(this.#stream)) {
        yield* this.#final();
        this.#recognizer.reset(this.#stream);
      }
      await setImmediate();
    }
  }

  *#changedPartial(): Generator<RecognitionEvent, void, void> {
    const text = this.#recognizer.getResult(this.#stream).text.trimStart().replace(HALF_CHARACTER, '');
    if (text === '' || text === this.#partial) return;
    this.#partial = text;
    yield { type: 'partial', text, ...(this.#onlyGrows && { settled: text.trimEnd() }) };
  }

  *#final(): Generator<RecognitionEvent, void, void> {
    this.#partial = '';
    const result = this.#recognizer.getResult(this.#stream);
    const text = result.text.trim().replace(HALF_CHARACTER, '');
    if (text === '') return;
    const offsetMs = 1000 * (result.start_time ?? 0);
    const endMs = (this.#heardSamples / SAMPLE_RATE) * 1000;
    const words = recognizedWords({ ...result, text }, { offsetMs, endMs });
    const startMs = words?.[0]?.startMs ?? Math.min(offsetMs, endMs);
    yield { type: 'final', text, startMs, endMs: words?.at(-1)?.endMs ?? endMs, ...(words && { words }) };
  }
}
