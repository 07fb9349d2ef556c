import { UtteranceSplitter } from '../../audio/utterance-splitter.ts';
import { FRAME_SAMPLES } from '../../audio/voicing.ts';
import type { RecognitionEvent } from '../../engine/speech-recognizer.ts';
import { LocalAgreement } from './local-agreement.ts';
import { recognizedWords } from './recognized-words.ts';
import type { RecognizerResult } from './sherpa-onnx.ts';

const FRAME_MS = 10;
/** What an utterance has to grow by before it is heard again. */
const GROWTH_MS = 600;

export interface Hearing {
  /** Hears samples of 16 kHz as a whole. */
  hear(parts: readonly Int16Array[]): Promise<RecognizerResult>;
  /** Whether what is heard now would not keep others waiting. */
  readonly isFree: boolean;
}

interface Utterance {
  readonly startFrame: number;
  readonly frames: Int16Array[];
  readonly agreement: LocalAgreement;
  /** Frames that it had when it was last heard, and what was heard then, once that is known. */
  heardFrames: number;
  heard: RecognizerResult | undefined;
}

/**
 * Hears a stream with a model that takes recordings: cuts it into utterances at pauses, hears each as a whole when
 * it is over, and before that, for partials, again and again as it grows, and when a pause begins. Partials are left
 * out while others are heard, and when they would take more than a third of the time; there is never more than one on
 * its way. When an utterance ends with the pause in which it was heard, it is not heard once more.
 */
export class OfflineListener {
  readonly #hearing: Hearing;
  readonly #splitter = new UtteranceSplitter();
  #utterance: Utterance | undefined;
  #guess: Promise<RecognitionEvent | undefined> | undefined;
  #lastGuessMs = 0;
  #isInPause = false;

  constructor(hearing: Hearing) {
    this.#hearing = hearing;
  }

  /** Takes 16 kHz audio in whole frames, and tells each utterance that ends with it. */
  async *hear(samples: Int16Array): AsyncGenerator<RecognitionEvent, void, void> {
    for (let at = 0; at + FRAME_SAMPLES <= samples.length; at += FRAME_SAMPLES) {
      const pieces = this.#splitter.push(samples.subarray(at, at + FRAME_SAMPLES));
      this.#isInPause = pieces.length === 0;
      yield* this.#take(pieces);
    }
  }

  /** The audio is over. */
  async *end(): AsyncGenerator<RecognitionEvent, void, void> {
    yield* this.#take(this.#splitter.end());
  }

  /**
   * What the current utterance sounds like, when that is known; undefined when nothing is to be expected. Never
   * rejects.
   */
  guess(): Promise<RecognitionEvent | undefined> | undefined {
    const utterance = this.#utterance;
    if (!this.#guess && utterance && this.#isWorthwhile(utterance)) {
      this.#guess = this.#hearSoFar(utterance).finally(() => {
        this.#guess = undefined;
      });
    }
    return this.#guess;
  }

  /** Resolves when nothing of it is being heard any more. */
  async close(): Promise<void> {
    this.#utterance = undefined;
    await this.#guess;
  }

  async *#take(pieces: ReturnType<UtteranceSplitter['push']>): AsyncGenerator<RecognitionEvent, void, void> {
    for (const piece of pieces) {
      switch (piece.type) {
        case 'start':
          this.#utterance = {
            startFrame: piece.frame,
            frames: [],
            agreement: new LocalAgreement(),
            heardFrames: 0,
            heard: undefined,
          };
          break;
        case 'frame':
          this.#utterance?.frames.push(piece.samples);
          break;
        case 'end': {
          const final = await this.#final();
          if (final) yield final;
          break;
        }
      }
    }
  }

  #isWorthwhile({ frames, heardFrames }: Utterance): boolean {
    const growthMs = (frames.length - heardFrames) * FRAME_MS;
    const leastMs = this.#isInPause ? FRAME_MS : Math.max(GROWTH_MS, 2 * this.#lastGuessMs);
    return this.#hearing.isFree && growthMs >= leastMs;
  }

  async #hearSoFar(utterance: Utterance): Promise<RecognitionEvent | undefined> {
    utterance.heardFrames = utterance.frames.length;
    utterance.heard = undefined;
    const startedAt = performance.now();
    try {
      utterance.heard = await this.#hearing.hear(utterance.frames);
    } catch {
      // What is wrong is met, and told, when the utterance is heard to its end.
      return undefined;
    }
    this.#lastGuessMs = performance.now() - startedAt;
    if (utterance !== this.#utterance) return undefined;
    const agreed = utterance.agreement.agree(utterance.heard.text);
    return agreed === '' ? undefined : { type: 'partial', text: agreed };
  }

  async #final(): Promise<RecognitionEvent | undefined> {
    const utterance = this.#utterance;
    this.#utterance = undefined;
    if (!utterance || utterance.frames.length === 0) return undefined;
    const { startFrame, frames } = utterance;
    const result = await this.#hearAll(utterance);
    const text = result.text.trim();
    if (text === '') return undefined;
    const span = { startMs: startFrame * FRAME_MS, endMs: (startFrame + frames.length) * FRAME_MS };
    const words = recognizedWords({ ...result, text }, { offsetMs: span.startMs, endMs: span.endMs });
    const language = /^[^a-z]*([a-z]{2,3})\b/.exec(result.lang ?? '')?.[1];
    return { type: 'final', text, ...span, ...(words && { words }), ...(language && { language }) };
  }

  /** What was heard before is taken where nothing has been said since. */
  async #hearAll(utterance: Utterance): Promise<RecognizerResult> {
    const isHeard = utterance.heardFrames === utterance.frames.length;
    if (isHeard) await this.#guess;
    return (isHeard && utterance.heard) || (await this.#hearing.hear(utterance.frames));
  }
}
