import { VoicingDetector } from './voicing.ts';

// All in frames of 10 ms.
const ONSET_WINDOW = 8;
const ONSET_VOICED = 5;
const LEAD = 30;
const TRAIL = 30;
const PAUSE = 60;
const SHORT_PAUSE = 12;
const LONG_UTTERANCE = 1_500;
const LONGEST_UTTERANCE = 2_500;

export type UtterancePiece =
  /** An utterance begins, `frame` frames after the start of the audio. */
  | { readonly type: 'start'; readonly frame: number }
  | { readonly type: 'frame'; readonly samples: Int16Array }
  | { readonly type: 'end' };

/**
 * Cuts audio into utterances at pauses of 600 ms, and drops what lies between them. What it yields depends on
 * the frames alone. An utterance keeps 300 ms around what is voiced, for the consonants there; one that goes on
 * for 15 s ends at the next short pause, and after 25 s in any case, so that memory stays bounded.
 */
export class UtteranceSplitter {
  readonly #voicing = new VoicingDetector();
  /** Frames that belong to an utterance only if a voice follows them. */
  #held: Int16Array[] = [];
  #onset: boolean[] = [];
  #frames = 0;
  #begunAt: number | undefined;
  #unvoiced = 0;

  push(frame: Int16Array): readonly UtterancePiece[] {
    this.#frames += 1;
    this.#held.push(frame);
    const isVoiced = this.#voicing.isVoiced(frame);
    return this.#begunAt === undefined ? this.#outside(isVoiced) : this.#inside(isVoiced, this.#begunAt);
  }

  /** Ends the utterance that goes on, if one does. */
  end(): readonly UtterancePiece[] {
    if (this.#begunAt === undefined) return [];
    this.#begunAt = undefined;
    this.#onset = [];
    return [{ type: 'end' }];
  }

  #outside(isVoiced: boolean): readonly UtterancePiece[] {
    this.#onset = [...this.#onset, isVoiced].slice(-ONSET_WINDOW);
    if (this.#onset.filter(Boolean).length < ONSET_VOICED) {
      this.#held = this.#held.slice(-LEAD - ONSET_WINDOW);
      return [];
    }
    this.#begunAt = this.#frames - this.#held.length;
    this.#unvoiced = 0;
    return [{ type: 'start', frame: this.#begunAt }, ...toPieces(this.#held.splice(0))];
  }

  #inside(isVoiced: boolean, begunAt: number): readonly UtterancePiece[] {
    this.#unvoiced = isVoiced ? 0 : this.#unvoiced + 1;
    if (this.#unvoiced >= pauseAfter(this.#frames - begunAt)) return this.end();
    return this.#unvoiced <= TRAIL ? toPieces(this.#held.splice(0)) : [];
  }
}

function pauseAfter(frames: number): number {
  if (frames >= LONGEST_UTTERANCE) return 0;
  return frames >= LONG_UTTERANCE ? SHORT_PAUSE : PAUSE;
}

function toPieces(frames: readonly Int16Array[]): readonly UtterancePiece[] {
  return frames.map((samples) => ({ type: 'frame', samples }));
}
