import { pathToFileURL } from 'node:url';

/** What is used of onnxruntime-web and of onnxruntime-node, neither of which is a dependency. */
export interface OnnxRuntime {
  readonly env: { logLevel?: string; readonly wasm?: { numThreads?: number } };
  readonly Tensor: new (
    type: 'float32' | 'int64',
    data: Float32Array | BigInt64Array,
    shape: readonly number[],
  ) => OnnxTensor;
  readonly InferenceSession: { create(model: Uint8Array, options: SessionOptions): Promise<OnnxSession> };
}

interface SessionOptions {
  readonly intraOpNumThreads: number;
  readonly interOpNumThreads: number;
}

export interface OnnxTensor {
  readonly data: unknown;
}

export interface OnnxSession {
  readonly inputNames: readonly string[];
  run(inputs: Readonly<Record<string, OnnxTensor>>): Promise<Readonly<Record<string, OnnxTensor>>>;
}

/** Loads the runtime's module, to compute on the calling thread alone. */
export async function loadOnnxRuntime(path: string): Promise<OnnxRuntime> {
  // The package is not installed where the compiler looks, so its module has the type that is declared here.
  const runtime = (await import(pathToFileURL(path).href)) as OnnxRuntime;
  runtime.env.logLevel = 'error';
  if (runtime.env.wasm) runtime.env.wasm.numThreads = 1;
  return runtime;
}
