import { readFile, stat } from 'node:fs/promises';
import { EngineError } from '../../util/errors.ts';
import { type Batch, INPUT_SAMPLES, SAMPLE_RATE, type ScoredBatch, STATE_SIZE } from './batch.ts';
import { loadOnnxRuntime, type OnnxRuntime, type OnnxSession, type OnnxTensor } from './onnx-runtime.ts';

/** Where the two parts of the detector are. */
export interface SileroFiles {
  /** `silero_vad.onnx`. */
  readonly model: string;
  /** The module of onnxruntime-web, or of onnxruntime-node. */
  readonly runtime: string;
  /** The runtime is native code, which is given a process of its own to break. */
  readonly isNative: boolean;
}

export const NAME = 'silero-vad';
/** A good ten times what the model has: whatever is larger is another. */
const MOST_BYTES = 32 * 1024 * 1024;

const ONE_THREAD = { intraOpNumThreads: 1, interOpNumThreads: 1 } as const;

/** The model, on the thread that has loaded it. */
export interface SileroModel {
  score(batch: Batch): Promise<ScoredBatch>;
}

/** @throws {EngineError} `unavailable` when a file is missing, is damaged, or holds something else. */
export async function loadSileroModel(files: SileroFiles): Promise<SileroModel> {
  const bytes = await readModel(files.model);
  const runtime = await loadRuntime(files.runtime);
  const session = await openSession(runtime, bytes, files.model);
  const sampleRate = new runtime.Tensor('int64', BigInt64Array.of(BigInt(SAMPLE_RATE)), []);
  const model: SileroModel = {
    async score({ count, inputs, states }) {
      const { output, stateN } = await session.run({
        input: new runtime.Tensor('float32', inputs, [count, INPUT_SAMPLES]),
        state: new runtime.Tensor('float32', states, [2, count, STATE_SIZE / 2]),
        sr: sampleRate,
      });
      return { scores: floatsOf(output, count), states: floatsOf(stateN, count * STATE_SIZE) };
    },
  };
  await refuseNonsense(model, files.model);
  return model;
}

async function readModel(path: string): Promise<Uint8Array> {
  try {
    const { size } = await stat(path);
    if (size > MOST_BYTES)
      throw unavailable(`The file ${path} is too large to be the model silero_vad.onnx.`);
    return await readFile(path);
  } catch (error) {
    if (error instanceof EngineError) throw error;
    throw unavailable(`The model ${path} can not be read. Put silero_vad.onnx there.`, error);
  }
}

async function loadRuntime(path: string): Promise<OnnxRuntime> {
  try {
    return await loadOnnxRuntime(path);
  } catch (error) {
    throw unavailable(
      `${path} can not be loaded. Get it again with samtal pull, or use onnxruntime-web.`,
      error,
    );
  }
}

async function openSession(runtime: OnnxRuntime, bytes: Uint8Array, path: string): Promise<OnnxSession> {
  const session = await runtime.InferenceSession.create(bytes, ONE_THREAD).catch((error: unknown) => {
    throw unavailable(`The model ${path} is damaged, or is no ONNX file. Get silero_vad.onnx again.`, error);
  });
  const inputs = session.inputNames.toSorted().join(', ');
  if (inputs === 'input, sr, state') return session;
  throw unavailable(
    `The model ${path} takes ${inputs}, and silero_vad.onnx of version 5 or later takes input, sr, state.`,
  );
}

/** Weights that were damaged in place can still be loaded. */
async function refuseNonsense(model: SileroModel, path: string): Promise<void> {
  const count = 1;
  const silence = { count, inputs: new Float32Array(INPUT_SAMPLES), states: new Float32Array(STATE_SIZE) };
  const [score = Number.NaN] = (await model.score(silence)).scores;
  if (score >= 0 && score < 0.5) return;
  throw unavailable(`The model ${path} takes silence for speech (${score}). Get silero_vad.onnx again.`);
}

function floatsOf(tensor: OnnxTensor | undefined, length: number): Float32Array {
  const data = tensor?.data;
  if (data instanceof Float32Array && data.length === length) return data;
  throw new EngineError(NAME, 'failed', `The model did not answer with ${length} numbers.`);
}

function unavailable(message: string, cause?: unknown): EngineError {
  return new EngineError(NAME, 'unavailable', message, cause);
}
