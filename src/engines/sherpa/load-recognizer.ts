import { EngineError } from '../../util/errors.ts';
import { DecodeQueue } from './decode-queue.ts';
import type { RecognizerDescription } from './model-description.ts';
import type { Hearing } from './offline-listener.ts';
import type { RecognizerSetup } from './recognizer-setup.ts';
import {
  loadSherpaOnnx,
  type ModelConfig,
  NAME,
  type OfflineRecognizer,
  type OnlineRecognizer,
  type SherpaOnnx,
} from './sherpa-onnx.ts';
import { toWaveform } from './waveform.ts';

const SAMPLE_RATE = 16_000;
/** Half a second, with which a model is heard once before anybody waits for it. */
const WARM_SAMPLES = SAMPLE_RATE / 2;
// In seconds: without speech, after speech, and how long an utterance may be.
const IDLE_ENDPOINT = 2.4;
const PAUSE_ENDPOINT = 0.8;
const LONGEST_UTTERANCE = 25;

export type LoadedRecognizer =
  | { readonly type: 'streaming'; readonly recognizer: OnlineRecognizer; readonly onlyGrows: boolean }
  | { readonly type: 'offline'; readonly hearingOf: (language: string | undefined) => Hearing };

/**
 * Loads the model and lets it hear some silence.
 * @throws {EngineError} `unavailable` when sherpa-onnx can not load it, where that does not end the process.
 */
export async function loadRecognizer({
  runtime,
  model,
  threads,
}: RecognizerSetup): Promise<LoadedRecognizer> {
  const sherpa = await loadSherpaOnnx(runtime);
  const config = { ...model.config, numThreads: threads, provider: 'cpu' };
  return model.isStreaming ? loadStreaming(sherpa, model, config) : await loadOffline(sherpa, model, config);
}

function loadStreaming(
  sherpa: SherpaOnnx,
  { onlyGrows }: RecognizerDescription,
  modelConfig: ModelConfig,
): LoadedRecognizer {
  const recognizer = new sherpa.OnlineRecognizer({
    modelConfig,
    enableEndpoint: true,
    rule1MinTrailingSilence: IDLE_ENDPOINT,
    rule2MinTrailingSilence: PAUSE_ENDPOINT,
    rule3MinUtteranceLength: LONGEST_UTTERANCE,
  });
  const stream = recognizer.createStream();
  stream.acceptWaveform({ samples: new Float32Array(WARM_SAMPLES), sampleRate: SAMPLE_RATE });
  while (recognizer.isReady(stream)) recognizer.decode(stream);
  return { type: 'streaming', recognizer, onlyGrows };
}

async function loadOffline(
  sherpa: SherpaOnnx,
  model: RecognizerDescription,
  modelConfig: ModelConfig,
): Promise<LoadedRecognizer> {
  const recognizer = await createOffline(sherpa, modelConfig);
  const ears = new OfflineEars(recognizer, model, modelConfig);
  const hearingOf = (language: string | undefined): Hearing => ears.of(language);
  await hearingOf(undefined).hear([new Int16Array(WARM_SAMPLES)]);
  return { type: 'offline', hearingOf };
}

async function createOffline(sherpa: SherpaOnnx, modelConfig: ModelConfig): Promise<OfflineRecognizer> {
  try {
    return await sherpa.OfflineRecognizer.createAsync({ modelConfig });
  } catch (cause) {
    throw new EngineError(NAME, 'unavailable', 'sherpa-onnx can not load the model. Get it again.', cause);
  }
}

/** One recognizer for recordings, which hears one at a time. */
class OfflineEars {
  readonly #recognizer: OfflineRecognizer;
  readonly #model: RecognizerDescription;
  readonly #config: ModelConfig;
  readonly #queue = new DecodeQueue();
  #language = '';

  constructor(recognizer: OfflineRecognizer, model: RecognizerDescription, config: ModelConfig) {
    this.#recognizer = recognizer;
    this.#model = model;
    this.#config = config;
  }

  of(language = ''): Hearing {
    const queue = this.#queue;
    return {
      hear: (parts) => {
        const samples = toWaveform(parts);
        return queue.run(async () => {
          this.#speak(language);
          const stream = this.#recognizer.createStream();
          if (language !== '') stream.setOption('language', language);
          stream.acceptWaveform({ samples, sampleRate: SAMPLE_RATE });
          return await this.#recognizer.decodeAsync(stream);
        });
      },
      get isFree() {
        return queue.isFree;
      },
    };
  }

  /** Tells those models which language comes that are told beforehand; the others take it with the stream, or not. */
  #speak(language: string): void {
    const { family } = this.#model;
    if (language === this.#language || (family !== 'whisper' && family !== 'canary')) return;
    this.#language = language;
    const spoken =
      family === 'whisper' ? { language } : { srcLang: language || 'en', tgtLang: language || 'en' };
    const files = this.#config[family];
    this.#recognizer.setConfig({
      modelConfig: { ...this.#config, [family]: { ...(typeof files === 'object' && files), ...spoken } },
    });
  }
}
