import type { FvadModule } from '@echogarden/fvad-wasm';
import { EngineError } from '../../util/errors.ts';

const SAMPLE_RATE = 16_000;
/** From `quality`, which takes most for speech, to `very aggressive`, which takes least. */
const MODES = [0, 1, 2, 3];
/** How often the modes hear the same window until they have learnt it as noise: 0.3 s. */
const LEARNING_WINDOWS = 15;

/**
 * One stream heard by libfvad in all of its four modes. Each has a model of the noise of its own, so each
 * is a detector of its own. They hold memory outside of the garbage collector's sight: dispose of them.
 */
export class Jury implements Disposable {
  readonly #fvad: FvadModule;
  readonly #detectors: number[] = [];

  /** @throws {EngineError} `busy` when there is no memory for another stream. */
  constructor(fvad: FvadModule) {
    this.#fvad = fvad;
    for (const _mode of MODES) this.#detectors.push(fvad._fvad_new());
    if (this.#detectors.includes(0)) {
      this[Symbol.dispose]();
      throw new EngineError('webrtc-vad', 'busy', 'There is no memory for another voice activity stream.');
    }
    this.reset();
  }

  /** The share of the modes, 0 to 1, that take the samples at this place of the heap for speech. */
  vote(samplesPointer: number, length: number): number {
    let ayes = 0;
    for (const detector of this.#detectors)
      if (this.#fvad._fvad_process(detector, samplesPointer, length) === 1) ayes += 1;
    return ayes / MODES.length;
  }

  /** Learns samples as what the stream sounds like when nobody speaks. */
  learn(samplesPointer: number, length: number): void {
    for (let round = 0; round < LEARNING_WINDOWS; round += 1) this.vote(samplesPointer, length);
  }

  reset(): void {
    for (const [index, detector] of this.#detectors.entries()) {
      this.#fvad._fvad_reset(detector);
      this.#fvad._fvad_set_sample_rate(detector, SAMPLE_RATE);
      this.#fvad._fvad_set_mode(detector, MODES[index] ?? 0);
    }
  }

  [Symbol.dispose](): void {
    for (const detector of this.#detectors.splice(0)) if (detector !== 0) this.#fvad._fvad_free(detector);
  }
}
