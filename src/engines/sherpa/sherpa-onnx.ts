import { pathToFileURL } from 'node:url';
import { EngineError } from '../../util/errors.ts';

export const NAME = 'sherpa';

/**
 * What is used of sherpa-onnx-node 1.13, which is not a dependency. What it constructs at once ends the process when
 * a file is damaged; what it constructs asynchronously rejects, for most kinds of damage.
 */
export interface SherpaOnnx {
  readonly OfflineRecognizer: { createAsync(config: OfflineRecognizerConfig): Promise<OfflineRecognizer> };
  readonly OnlineRecognizer: new (config: OnlineRecognizerConfig) => OnlineRecognizer;
  readonly OfflineTts: { createAsync(config: OfflineTtsConfig): Promise<OfflineTts> };
}

/** The configuration of one family, by its name in the package, and what all have. */
export type ModelConfig = Readonly<Record<string, unknown>>;

export interface OfflineRecognizerConfig {
  readonly modelConfig: ModelConfig;
  readonly ruleFsts?: string;
}

export interface OnlineRecognizerConfig extends OfflineRecognizerConfig {
  readonly enableEndpoint: boolean;
  readonly rule1MinTrailingSilence: number;
  readonly rule2MinTrailingSilence: number;
  readonly rule3MinUtteranceLength: number;
}

export interface OfflineTtsConfig {
  readonly model: ModelConfig;
  readonly maxNumSentences: number;
  readonly ruleFsts?: string;
  readonly ruleFars?: string;
}

/** `samples` from -1 to 1. */
interface Waveform {
  readonly samples: Float32Array;
  readonly sampleRate: number;
}

export interface OfflineRecognizer {
  createStream(): OfflineStream;
  decodeAsync(stream: OfflineStream): Promise<RecognizerResult>;
  setConfig(config: OfflineRecognizerConfig): void;
}

export interface OfflineStream {
  acceptWaveform(waveform: Waveform): void;
  setOption(key: string, value: string): void;
}

export interface OnlineRecognizer {
  createStream(): OnlineStream;
  isReady(stream: OnlineStream): boolean;
  decode(stream: OnlineStream): void;
  isEndpoint(stream: OnlineStream): boolean;
  reset(stream: OnlineStream): void;
  getResult(stream: OnlineStream): RecognizerResult;
}

export interface OnlineStream extends OfflineStream {
  inputFinished(): void;
}

/** Times in seconds. */
export interface RecognizerResult {
  readonly text: string;
  readonly tokens?: readonly string[];
  /** Where each token begins, from `start_time` on; empty for models that do not know. */
  readonly timestamps?: readonly number[];
  /** Such as `en` or `<|en|>`; of models that tell languages apart. */
  readonly lang?: string;
  /** Of a streaming recognizer: where its current utterance begins. */
  readonly start_time?: number;
}

export interface OfflineTts {
  readonly numSpeakers: number;
  readonly sampleRate: number;
  generateAsync(request: TtsRequest): Promise<Waveform>;
}

export interface TtsRequest {
  readonly text: string;
  readonly sid: number;
  readonly speed: number;
  /** Without it the samples are those of the library, which frees them when it likes. */
  readonly enableExternalBuffer: false;
  /** Told each sentence when it is there; `false` ends the work. */
  readonly onProgress: (step: { readonly samples: Float32Array }) => boolean;
  readonly generationConfig?: {
    readonly sid: number;
    readonly speed: number;
    readonly extra: Readonly<Record<string, string>>;
  };
}

/**
 * Loads the package's module, at `path`.
 * @throws {EngineError} `unavailable` when it is not there, or not for this machine.
 */
export async function loadSherpaOnnx(path: string): Promise<SherpaOnnx> {
  try {
    // The package is not installed where the compiler looks, so its module has the type that is declared here.
    return ((await import(pathToFileURL(path).href)) as { readonly default: SherpaOnnx }).default;
  } catch (cause) {
    throw new EngineError(
      NAME,
      'unavailable',
      `sherpa-onnx can not be loaded from ${path}. Run: samtal pull sherpa-onnx-node`,
      cause,
    );
  }
}
