import type { VoiceActivityStream } from '../../engine/voice-activity-detector.ts';
import { EngineError } from '../../util/errors.ts';
import { CONTEXT_SAMPLES, INPUT_SAMPLES, STATE_SIZE, WINDOW_SAMPLES } from './batch.ts';
import type { WindowBatcher } from './window-batcher.ts';

/** What a stream has heard: the model's state, the end of the last window, and the scores that are not known yet. */
interface Memory {
  state: Float32Array;
  input: Float32Array;
  last: Promise<unknown>;
  pending: number;
}

/** Windows that may wait for the score of the one before: 2 s of audio. */
const MOST_PENDING = 64;

/** One stream's windows, scored one after the other beside those of other streams. */
export class SileroStream implements VoiceActivityStream {
  readonly #name: string;
  readonly #batcher: WindowBatcher;
  #memory = forgetful();
  #isDisposed = false;

  constructor(name: string, batcher: WindowBatcher) {
    this.#name = name;
    this.#batcher = batcher;
  }

  async score(window: Float32Array): Promise<number> {
    this.#refuseAfterDisposal();
    this.#refuseOtherLengths(window);
    const memory = this.#memory;
    if (memory.pending >= MOST_PENDING) throw this.#behind();
    const input = afterThat(memory.input, window);
    memory.input = input;
    memory.pending += 1;
    const scoring = memory.last.then(async () => await this.#scoreNext(memory, input));
    memory.last = scoring.catch(() => {});
    try {
      return await scoring;
    } finally {
      memory.pending -= 1;
    }
  }

  reset(): void {
    this.#refuseAfterDisposal();
    // What is being scored goes on with the memory that it began with, which nobody reads any more.
    this.#memory = forgetful();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#isDisposed = true;
  }

  async #scoreNext(memory: Memory, input: Float32Array): Promise<number> {
    const { score, state } = await this.#batcher.score({ input, state: memory.state });
    memory.state = state;
    return Math.min(Math.max(score, 0), 1);
  }

  #refuseAfterDisposal(): void {
    if (this.#isDisposed)
      throw new EngineError(this.#name, 'failed', 'The stream is disposed of: open another.');
  }

  #refuseOtherLengths(window: Float32Array): void {
    if (window.length === WINDOW_SAMPLES) return;
    const message = `A window is ${WINDOW_SAMPLES} samples, 32 ms at 16 kHz, not ${window.length}.`;
    throw new EngineError(this.#name, 'unsupported', message);
  }

  #behind(): EngineError {
    return new EngineError(
      this.#name,
      'busy',
      `${MOST_PENDING} windows of this stream wait for their score.`,
    );
  }
}

function forgetful(): Memory {
  return {
    state: new Float32Array(STATE_SIZE),
    input: new Float32Array(INPUT_SAMPLES),
    last: Promise.resolve(),
    pending: 0,
  };
}

/** The window behind the end of what came before. One number that is none would stay in the model's memory. */
function afterThat(before: Float32Array, window: Float32Array): Float32Array {
  const input = new Float32Array(INPUT_SAMPLES);
  input.set(before.subarray(INPUT_SAMPLES - CONTEXT_SAMPLES));
  for (let index = 0; index < window.length; index += 1)
    input[CONTEXT_SAMPLES + index] = Math.min(Math.max(window[index] || 0, -1), 1);
  return input;
}
