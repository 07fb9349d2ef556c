import type { VoiceActivityDetector, VoiceActivityStream } from '../../engine/voice-activity-detector.ts';
import { EngineError } from '../../util/errors.ts';
import { type FakeBehaviour, type FakeOptions, fail } from './fake-behaviour.ts';
import { FAKE_SAMPLE_RATE } from './fake-speech.ts';

const NAME = 'fake-detector';
const WINDOW_SAMPLES = 480;
/** The softest letter of fake speech is louder. */
const AUDIBLE = 0.005;

/** Takes a window, 20 ms, for speech when most of it is not silent. A stream is a job, a score an output. For tests. */
export function fakeDetector(options: Omit<FakeOptions, 'clock'> = {}): VoiceActivityDetector {
  return {
    name: NAME,
    sampleRate: FAKE_SAMPLE_RATE,
    windowSamples: WINDOW_SAMPLES,
    open: () => new FakeStream(options),
  };
}

class FakeStream implements VoiceActivityStream {
  readonly #options: FakeOptions;
  readonly #behaviour: FakeBehaviour;
  readonly #closing = new AbortController();
  #scored = 0;

  constructor(options: FakeOptions) {
    this.#options = options;
    this.#behaviour = options.behaviour?.() ?? {};
    if (!options.jobs) return;
    options.jobs.running += 1;
    options.jobs.begun += 1;
  }

  score(window: Float32Array): number | Promise<number> {
    this.#refuseAfterDisposal();
    if (window.length !== WINDOW_SAMPLES) {
      throw new EngineError(
        NAME,
        'unsupported',
        `A window is ${WINDOW_SAMPLES} samples, not ${window.length}.`,
      );
    }
    const { fault } = this.#behaviour;
    if (fault && this.#scored >= fault.after) return fail(NAME, fault, this.#closing.signal);
    this.#scored += 1;
    const audible = window.reduce((count, sample) => count + (Math.abs(sample) > AUDIBLE ? 1 : 0), 0);
    return audible > WINDOW_SAMPLES / 2 ? 1 : 0;
  }

  reset(): void {
    this.#refuseAfterDisposal();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#closing.signal.aborted) return;
    this.#closing.abort();
    if (this.#options.jobs) this.#options.jobs.running -= 1;
  }

  #refuseAfterDisposal(): void {
    if (this.#closing.signal.aborted)
      throw new EngineError(NAME, 'failed', 'The stream is disposed of: open another.');
  }
}
