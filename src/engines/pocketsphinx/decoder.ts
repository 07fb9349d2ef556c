import { join } from 'node:path';
import { FRAME_SAMPLES } from '../../audio/voicing.ts';
import { EngineError } from '../../util/errors.ts';
import type { PocketsphinxLocation } from './find-pocketsphinx.ts';
import type { PocketsphinxLibrary, Pointer } from './libpocketsphinx.ts';

// The weight of the mean that `cmn_live_set` is given, in frames (CMN_WIN of sphinxbase/cmn.h).
const MEAN_WEIGHT = 500;

/** A word as heard, in frames of 10 ms from the start of the utterance; `end` is the frame after it. */
export interface DecodedWord {
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

/** One decoder of the library: one utterance at a time, about 95 MB and 300 ms to make, so keep it. */
export class Decoder {
  readonly #library: PocketsphinxLibrary;
  readonly #decoder: Pointer;
  readonly #mean: Pointer;
  readonly #modelMean: Float32Array;

  /** @throws {EngineError} `unavailable` when the model is damaged. */
  constructor(library: PocketsphinxLibrary, location: PocketsphinxLocation) {
    this.#library = library;
    this.#decoder = openModel(library, location.modelDirectory);
    this.#mean = library.meanOf(this.#decoder);
    this.#modelMean = this.mean;
  }

  /** The cepstral mean at the end of the last utterance: the voice and the room. */
  get mean(): Float32Array {
    return this.#library.getMean(this.#mean);
  }

  /** The cepstral mean of `samples`, by a pass that computes features and searches nothing. */
  estimateMean(samples: Int16Array): Float32Array {
    const before = this.#modelMean;
    this.begin(before);
    this.#library.processRaw(this.#decoder, samples, true);
    this.#library.endUtterance(this.#decoder);
    // The library blends what it measures into the mean it had; this takes the old mean out again.
    const frames = Math.max(1, Math.floor(samples.length / FRAME_SAMPLES) - 1);
    return this.mean.map(
      (value, index) => (value * (MEAN_WEIGHT + frames) - (before[index] ?? 0) * MEAN_WEIGHT) / frames,
    );
  }

  /** Begins an utterance that owes nothing to the one before it but `mean`. */
  begin(mean: Float32Array): void {
    this.#library.startStream(this.#decoder);
    this.#library.setMean(this.#mean, mean);
    this.#library.startUtterance(this.#decoder);
  }

  /** Hears more of the utterance: 16 kHz. */
  decode(samples: Int16Array): void {
    if (this.#library.processRaw(this.#decoder, samples, false) < 0) {
      throw new EngineError('pocketsphinx', 'failed', 'The decoder could not process the audio.');
    }
  }

  /** What the utterance sounds like so far. */
  get hypothesis(): string {
    const words = (this.#library.hypothesis(this.#decoder) ?? '').split(' ');
    return words.map(toWord).filter(Boolean).join(' ');
  }

  /** Ends the utterance. The search goes over it again with all its context, which takes a while. */
  finish(): readonly DecodedWord[] {
    this.#library.endUtterance(this.#decoder);
    return this.#library
      .segments(this.#decoder)
      .map(({ word, first, last }) => ({ text: toWord(word), start: first, end: last + 1 }))
      .filter(({ text }) => text !== '');
  }
}

function openModel(library: PocketsphinxLibrary, directory: string): Pointer {
  const config = library.parseArguments(argumentsFor(directory));
  const decoder = config && library.init(config);
  if (decoder) return decoder;
  throw new EngineError(
    'pocketsphinx',
    'unavailable',
    `The model in ${directory} is damaged; reinstall it: apt-get install --reinstall pocketsphinx-en-us`,
  );
}

function argumentsFor(directory: string): readonly string[] {
  return [
    'pocketsphinx',
    ...['-hmm', join(directory, 'en-us')],
    ...['-lm', join(directory, 'en-us.lm.bin')],
    ...['-dict', join(directory, 'cmudict-en-us.dict')],
    // Silence is cut off before the decoder; what it removed itself would be missing from its times.
    ...['-remove_silence', 'no'],
    ...['-logfn', '/dev/null'],
  ];
}

/** The word without its pronunciation mark, as in `to(2)`; empty for silence, noise and sentence marks. */
function toWord(segment: string): string {
  return /^[<[+]/.test(segment) ? '' : segment.replace(/\(\d+\)$/, '');
}
