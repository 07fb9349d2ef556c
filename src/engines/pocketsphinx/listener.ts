import { UtteranceSplitter } from '../../audio/utterance-splitter.ts';
import { FRAME_SAMPLES } from '../../audio/voicing.ts';
import type { RecognitionEvent } from '../../engine/speech-recognizer.ts';
import type { Decoder } from './decoder.ts';

const FRAME_MS = 10;
/** Frames decoded in one go, 100 ms: how long others wait for their turn, and partials for theirs. */
const BLOCK_FRAMES = 10;
/** Frames of the first utterance from which the voice is judged before it is decoded. */
const FIRST_FRAMES = 120;

/** Hears one stream of audio with a decoder that is its own for as long. */
export class Listener {
  readonly #decoder: Decoder;
  readonly #splitter = new UtteranceSplitter();
  /** Frames of the utterance that are not decoded yet. */
  #pending: Int16Array[] = [];
  #startFrame: number | undefined;
  #isDecoding = false;
  #mean: Float32Array | undefined;
  #partial = '';

  constructor(decoder: Decoder) {
    this.#decoder = decoder;
  }

  /** Takes whole frames of 16 kHz audio; yields, often undefined, after at most 100 ms of decoded audio. */
  *hear(samples: Int16Array): Generator<RecognitionEvent | undefined, void, void> {
    for (let at = 0; at + FRAME_SAMPLES <= samples.length; at += FRAME_SAMPLES) {
      yield* this.#take(this.#splitter.push(samples.subarray(at, at + FRAME_SAMPLES)));
    }
  }

  /** The audio is over. */
  *end(): Generator<RecognitionEvent | undefined, void, void> {
    yield* this.#take(this.#splitter.end());
  }

  /** Frees the decoder for the next listener. */
  close(): void {
    if (this.#isDecoding) this.#decoder.finish();
    this.#isDecoding = false;
  }

  *#take(pieces: ReturnType<UtteranceSplitter['push']>): Generator<RecognitionEvent | undefined, void, void> {
    for (const piece of pieces) {
      switch (piece.type) {
        case 'start':
          this.#startFrame = piece.frame;
          break;
        case 'frame':
          this.#pending.push(piece.samples);
          if (this.#isDecoding || this.#pending.length >= this.#framesBeforeDecoding) {
            yield* this.#decode(BLOCK_FRAMES);
          }
          break;
        case 'end':
          yield* this.#decode(1);
          yield this.#final();
          break;
      }
    }
  }

  get #framesBeforeDecoding(): number {
    return this.#mean ? BLOCK_FRAMES : FIRST_FRAMES;
  }

  /** Decodes what is pending in blocks, and leaves what is less than `least` frames for later. */
  *#decode(least: number): Generator<RecognitionEvent | undefined, void, void> {
    if (!this.#isDecoding) {
      this.#mean ??= this.#decoder.estimateMean(join(this.#pending));
      this.#decoder.begin(this.#mean);
      this.#isDecoding = true;
    }
    while (this.#pending.length >= least) {
      this.#decoder.decode(join(this.#pending.splice(0, BLOCK_FRAMES)));
      yield this.#changedPartial();
    }
  }

  #changedPartial(): RecognitionEvent | undefined {
    const text = this.#decoder.hypothesis;
    if (text === '' || text === this.#partial) return undefined;
    this.#partial = text;
    return { type: 'partial', text };
  }

  #final(): RecognitionEvent | undefined {
    const offset = this.#startFrame ?? 0;
    const words = this.#decoder.finish().map(({ text, start, end }) => ({
      text,
      startMs: (offset + start) * FRAME_MS,
      endMs: (offset + end) * FRAME_MS,
    }));
    this.#isDecoding = false;
    this.#mean = this.#decoder.mean;
    this.#partial = '';
    const [first] = words;
    const last = words.at(-1);
    if (!first || !last) return undefined;
    const text = words.map((word) => word.text).join(' ');
    return { type: 'final', text, startMs: first.startMs, endMs: last.endMs, words, language: 'en' };
  }
}

function join(frames: readonly Int16Array[]): Int16Array {
  const samples = new Int16Array(frames.length * FRAME_SAMPLES);
  for (const [index, frame] of frames.entries()) samples.set(frame, index * FRAME_SAMPLES);
  return samples;
}
