import type { AudioChunk } from '../../audio/chunk.ts';
import { audioBlocks } from '../../engine/audio-blocks.ts';
import type { RecognitionEvent, RecognizeOptions, SpeechRecognizer } from '../../engine/speech-recognizer.ts';
import { EngineError } from '../../util/errors.ts';
import { JobPool, type JobPoolStatus } from '../../util/jobs/job-pool.ts';
import { besideModule, childSpawner } from '../../util/jobs/job-port.ts';
import { describeModelFolder } from './describe-model-folder.ts';
import { LoadCheck } from './load-check.ts';
import type { RecognizerDescription } from './model-description.ts';
import type { RecognizerSetup } from './recognizer-setup.ts';
import { NAME } from './sherpa-onnx.ts';
import type { SherpaOptions } from './sherpa-options.ts';
import { memoryLimit, threadsFor } from './worker-limits.ts';

/** What crosses to the child at a time: 100 ms. */
const BLOCK_MS = 100;
const SILENCE_MS = 10_000;
/** A streaming model is loaded in one call, during which the child can not answer. */
const STREAMING_SILENCE_MS = 30_000;
/** An utterance that is being heard is heard to its end, even when nobody waits for it any more. */
const CANCEL_GRACE_MS = 20_000;

export interface SherpaRecognizerOptions extends SherpaOptions {
  /** Streams that a child hears at the same time: 8 unless given. */
  readonly jobsPerWorker?: number;
  /** Requests that may wait for a place; one more is refused as `busy`: 16 unless given. */
  readonly waiting?: number;
  /** How long a child may show no life while it has work: 10 s, or 30 s with a streaming model, unless given. */
  readonly silenceMs?: number;
}

export interface SherpaRecognizer extends SpeechRecognizer, AsyncDisposable {
  readonly model: RecognizerDescription;
  /**
   * Starts the children and loads the model, so that the first request need not wait for it.
   * @throws {EngineError} `unavailable` when it can not be loaded.
   */
  warm(): Promise<void>;
  readonly status: JobPoolStatus;
}

/**
 * Hears with a model that sherpa-onnx runs, in child processes, which start when they are first needed. Resolves when
 * the files of the model are found; loading it is left to the first who needs it, or to `warm`.
 *
 * A streaming model tells partials as it hears and ends an utterance 800 ms after its last word. Another one hears
 * utterances, which end at pauses of 600 ms and after 25 s in any case, and tells as partials what two hypotheses in
 * a row agree on. `prompt` is not used.
 * @throws {EngineError} `unavailable` when there is no recognizer in the folder, or not all of one.
 */
export async function sherpaRecognizer(options: SherpaRecognizerOptions): Promise<SherpaRecognizer> {
  const model = await describeModelFolder(options.model, options.precision);
  if (model.role === 'recognizer') return new ChildRecognizer(model, options);
  throw new EngineError(NAME, 'unavailable', `${options.model} has a voice in it, which can not hear.`);
}

class ChildRecognizer implements SherpaRecognizer {
  readonly name: string;
  readonly sampleRate: number;
  readonly languages: readonly string[];
  readonly model: RecognizerDescription;
  readonly #pool: JobPool;
  readonly #check: LoadCheck;

  constructor(model: RecognizerDescription, options: SherpaRecognizerOptions) {
    const { workers = 1, jobsPerWorker = 8, languages = model.languages } = options;
    const { threads = threadsFor(workers) } = options;
    const setup: RecognizerSetup = { runtime: options.runtime, model, threads };
    this.name = options.name ?? NAME;
    this.model = model;
    this.sampleRate = model.sampleRate;
    this.languages = languages;
    this.#pool = new JobPool({
      name: this.name,
      // What sherpa-onnx has to complain of quotes what was said.
      spawn: childSpawner(besideModule('recognizer-child', import.meta.url), [JSON.stringify(setup)], {
        isSilent: true,
      }),
      workers,
      jobsPerWorker,
      waiting: options.waiting ?? 16,
      cancelGraceMs: CANCEL_GRACE_MS,
      silenceMs: options.silenceMs ?? (model.isStreaming ? STREAMING_SILENCE_MS : SILENCE_MS),
      memoryLimitBytes: memoryLimit(model.bytes, jobsPerWorker),
    });
    this.#check = new LoadCheck(this.#pool, { engine: this.name, folder: options.model });
  }

  get status(): JobPoolStatus {
    return this.#pool.status;
  }

  async warm(): Promise<void> {
    await this.#pool.warm();
    await this.#check.passed(new AbortController().signal);
  }

  async *recognize(
    audio: AsyncIterable<AudioChunk>,
    { signal, language }: RecognizeOptions,
  ): AsyncGenerator<RecognitionEvent, void, void> {
    signal.throwIfAborted();
    const input = { language: this.#spoken(language) };
    await this.#check.passed(signal);
    const { sampleRate } = this;
    const blockSamples = (sampleRate * BLOCK_MS) / 1000;
    const feed = audioBlocks(audio, { engine: this.name, sampleRate, blockSamples });
    yield* this.#pool.run<RecognitionEvent>('recognize', input, { signal, feed });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#pool[Symbol.asyncDispose]();
  }

  /** The language as models name it. */
  #spoken(language: string | undefined): string | undefined {
    const primary = language?.toLowerCase().split('-')[0];
    if (primary === undefined || primary === '') return undefined;
    if (this.languages.length === 0 || this.languages.includes(primary)) return primary;
    throw new EngineError(
      this.name,
      'unsupported',
      `The model hears ${this.languages.join(', ')}, and was asked to hear "${language}". ` +
        'Leave the language out, or configure a recognizer that hears it.',
    );
  }
}
