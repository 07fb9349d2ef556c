import { availableParallelism } from 'node:os';
import type { AudioChunk } from '../../audio/chunk.ts';
import { audioBlocks } from '../../engine/audio-blocks.ts';
import type { RecognitionEvent, RecognizeOptions, SpeechRecognizer } from '../../engine/speech-recognizer.ts';
import { EngineError } from '../../util/errors.ts';
import { JobPool, type JobPoolStatus } from '../../util/jobs/job-pool.ts';
import { besideModule, childSpawner } from '../../util/jobs/job-port.ts';
import { findPocketsphinx, POCKETSPHINX_REMEDY } from './find-pocketsphinx.ts';

const NAME = 'pocketsphinx';
const SAMPLE_RATE = 16_000;
/** What crosses to the child at a time: 100 ms. */
const BLOCK_SAMPLES = 1_600;
/** Ten times what the longest call takes: the last pass over an utterance of 25 s, 1.4 s on one core of 2024. */
const SILENCE_MS = 15_000;
/** Of one child without decoders, and of each decoder: more than twice what they take. */
const MEMORY_PART_BYTES = 256 * 2 ** 20;

export interface PocketsphinxOptions {
  /** Child processes: one less than there are processors, at most 4, unless given. */
  readonly workers?: number;
  /** Streams that a child hears at the same time, each with a decoder of about 95 MB: 3 unless given. */
  readonly jobsPerWorker?: number;
  /** Requests that may wait for a place; one more is refused as `busy`: 16 unless given. */
  readonly waiting?: number;
  /** How long a child may show no life while it has work: 15 s unless given. */
  readonly silenceMs?: number;
  /** Where the English model is, when it is not where Debian puts it. */
  readonly modelDirectory?: string;
  /** The path of libpocketsphinx.so.3, when it is not among the system's libraries. */
  readonly library?: string;
}

export interface Pocketsphinx extends SpeechRecognizer, AsyncDisposable {
  /**
   * Starts the children and loads the model, so that the first request need not wait for it.
   * @throws {EngineError} `unavailable` when pocketsphinx is not installed or its model is damaged.
   */
  warm(): Promise<void>;
  readonly status: JobPoolStatus;
}

/**
 * Hears English through CMU Pocketsphinx, in child processes, which start when they are first needed.
 *
 * Audio is cut into utterances at pauses of 600 ms. An utterance yields partials from about a second after its
 * start and one `final` with the times of its words, all in lower case and without punctuation. What has no
 * voice in it, silence and noise, yields nothing at all. `prompt` is not used.
 *
 * A child that shows no life for 15 s, or takes more than 1 GiB of memory with the default of three streams, is
 * killed; what it was hearing is interrupted.
 */
export function pocketsphinx(options: PocketsphinxOptions = {}): Pocketsphinx {
  return new PocketsphinxRecognizer(options);
}

class PocketsphinxRecognizer implements Pocketsphinx {
  readonly name = NAME;
  readonly sampleRate = SAMPLE_RATE;
  readonly languages = ['en'];
  readonly #pool: JobPool;
  readonly #options: PocketsphinxOptions;

  constructor(options: PocketsphinxOptions) {
    this.#options = options;
    const { jobsPerWorker = 3 } = options;
    this.#pool = new JobPool({
      name: NAME,
      spawn: (events) =>
        childSpawner(besideModule('pocketsphinx-child', import.meta.url), this.#location())(events),
      workers: options.workers ?? Math.min(4, Math.max(1, availableParallelism() - 1)),
      jobsPerWorker,
      waiting: options.waiting ?? 16,
      // The last pass over a long utterance is one call into the library, which nothing can interrupt.
      cancelGraceMs: 10_000,
      silenceMs: options.silenceMs ?? SILENCE_MS,
      memoryLimitBytes: MEMORY_PART_BYTES * (1 + jobsPerWorker),
    });
  }

  get status(): JobPoolStatus {
    return this.#pool.status;
  }

  async warm(): Promise<void> {
    await this.#pool.warm();
    const { signal } = new AbortController();
    await Array.fromAsync(this.#pool.run('check', undefined, { signal }));
  }

  async *recognize(
    audio: AsyncIterable<AudioChunk>,
    { signal, language }: RecognizeOptions,
  ): AsyncGenerator<RecognitionEvent, void, void> {
    signal.throwIfAborted();
    refuseOtherLanguages(language);
    const feed = audioBlocks(audio, { engine: NAME, sampleRate: SAMPLE_RATE, blockSamples: BLOCK_SAMPLES });
    yield* this.#pool.run<RecognitionEvent>('recognize', undefined, { signal, feed });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#pool[Symbol.asyncDispose]();
  }

  #location(): readonly string[] {
    const location = findPocketsphinx(this.#options);
    if (location) return [location.library, location.baseLibrary, location.modelDirectory];
    throw new EngineError(
      NAME,
      'unavailable',
      `Pocketsphinx or its English model is not installed. Run: ${POCKETSPHINX_REMEDY}`,
    );
  }
}

function refuseOtherLanguages(language: string | undefined): void {
  if (!language || /^en\b/i.test(language)) return;
  throw new EngineError(
    NAME,
    'unsupported',
    `Pocketsphinx hears English only and was asked to hear "${language}". ` +
      'Leave the language out, or configure a recognizer that hears it.',
  );
}
