/** The model hears each window of 32 ms at 16 kHz after the last 4 ms of the one before it. */
export const SAMPLE_RATE = 16_000;
export const WINDOW_SAMPLES = 512;
export const CONTEXT_SAMPLES = 64;
export const INPUT_SAMPLES = CONTEXT_SAMPLES + WINDOW_SAMPLES;
/** Its memory of one stream is two layers of so many numbers. */
const LAYERS = 2;
const LAYER_SIZE = 128;
export const STATE_SIZE = LAYERS * LAYER_SIZE;

/** A window with its context, and what the model remembers of the stream that it belongs to. */
export interface Heard {
  readonly input: Float32Array;
  readonly state: Float32Array;
}

/** Windows of several streams as the model takes them: `inputs` is [count, 576], `states` is [2, count, 128]. */
export interface Batch {
  readonly count: number;
  readonly inputs: Float32Array;
  readonly states: Float32Array;
}

/** `scores` is [count], `states` as in `Batch`. */
export interface ScoredBatch {
  readonly scores: Float32Array;
  readonly states: Float32Array;
}

export interface Scored {
  readonly score: number;
  readonly state: Float32Array;
}

export function toBatch(heard: readonly Heard[]): Batch {
  const count = heard.length;
  const inputs = new Float32Array(count * INPUT_SAMPLES);
  const states = new Float32Array(count * STATE_SIZE);
  for (const [index, { input, state }] of heard.entries()) {
    inputs.set(input, index * INPUT_SAMPLES);
    for (let layer = 0; layer < LAYERS; layer += 1) {
      const numbers = state.subarray(layer * LAYER_SIZE, (layer + 1) * LAYER_SIZE);
      states.set(numbers, (layer * count + index) * LAYER_SIZE);
    }
  }
  return { count, inputs, states };
}

/** What the batch says of the window at `index`. */
export function scoredAt({ scores, states }: ScoredBatch, index: number): Scored {
  const state = new Float32Array(STATE_SIZE);
  for (let layer = 0; layer < LAYERS; layer += 1) {
    const start = (layer * scores.length + index) * LAYER_SIZE;
    state.set(states.subarray(start, start + LAYER_SIZE), layer * LAYER_SIZE);
  }
  return { score: scores[index] ?? 0, state };
}
