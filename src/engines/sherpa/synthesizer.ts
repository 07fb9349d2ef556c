import { speakPieces } from '../../engine/speak-pieces.ts';
import type {
  SpeechSynthesizer,
  SynthesisEvent,
  SynthesizeOptions,
} from '../../engine/speech-synthesizer.ts';
import { EngineError } from '../../util/errors.ts';
import { JobPool, type JobPoolStatus } from '../../util/jobs/job-pool.ts';
import { besideModule, childSpawner } from '../../util/jobs/job-port.ts';
import { describeModelFolder } from './describe-model-folder.ts';
import { LoadCheck } from './load-check.ts';
import type { SynthesizerDescription } from './model-description.ts';
import { NAME } from './sherpa-onnx.ts';
import type { SherpaOptions } from './sherpa-options.ts';
import type { SpeakInput, SynthesizerSetup } from './synthesizer-setup.ts';
import { offeredVoices, voicesOf } from './voices.ts';
import { memoryLimit, threadsFor } from './worker-limits.ts';

/** A sentence that is being made is made to its end, even when nobody waits for it any more. */
const CANCEL_GRACE_MS = 20_000;

export interface SherpaSynthesizerOptions extends SherpaOptions {
  /** Who speaks with which voice, by the model's own name or number. */
  readonly speakers?: Readonly<Record<string, string | number>>;
  /** Pieces of speech that a child makes at the same time: 2 unless given, one of which may be for nobody any more. */
  readonly jobsPerWorker?: number;
  /** Pieces that may wait for a place before another is refused as `busy`: 64 unless given. */
  readonly waiting?: number;
  /** How long a child may show no life while it has work: 10 s unless given. */
  readonly silenceMs?: number;
}

export interface SherpaSynthesizer extends SpeechSynthesizer, AsyncDisposable {
  readonly model: SynthesizerDescription;
  /**
   * Starts the children and loads the model, so that the first reply does not wait for it.
   * @throws {EngineError} `unavailable` when it can not be loaded.
   */
  warm(): Promise<void>;
  readonly status: JobPoolStatus;
}

/**
 * Speaks with a model that sherpa-onnx runs, in child processes, which start when they are first needed. Resolves when
 * the files of the model are found; loading it is left to the first who needs it, or to `warm`.
 *
 * Each sentence is heard as soon as it is made. A sentence can not be interrupted: the caller is free at once, and its
 * place when the sentence is over. Letters that the model has no sound for are left out.
 * @throws {EngineError} `unavailable` when there is no voice in the folder, or not all of one, or when `speakers` names
 *   one that it does not have; `unsupported` when it can only imitate a recording.
 */
export async function sherpaSynthesizer(options: SherpaSynthesizerOptions): Promise<SherpaSynthesizer> {
  const model = await describeModelFolder(options.model, options.precision);
  if (model.role !== 'synthesizer') {
    throw new EngineError(
      NAME,
      'unavailable',
      `${options.model} has a recognizer in it, which can not speak.`,
    );
  }
  refuseUnknownSpeakers(model, options);
  return new ChildSynthesizer(model, options);
}

function refuseUnknownSpeakers(
  { speakers }: SynthesizerDescription,
  { model, speakers: chosen = {} }: SherpaSynthesizerOptions,
): void {
  for (const [voice, speaker] of Object.entries(chosen)) {
    if (speakers.includes(String(speaker)) || speakers[Number(speaker)] !== undefined) continue;
    throw new EngineError(
      NAME,
      'unavailable',
      `The voice "${voice}" is to be spoken by "${speaker}", whom ${model} does not have. ` +
        `It has the speakers 0 to ${speakers.length - 1}.`,
    );
  }
}

class ChildSynthesizer implements SherpaSynthesizer {
  readonly name: string;
  readonly sampleRate: number;
  readonly voices: readonly string[];
  readonly languages: readonly string[];
  readonly model: SynthesizerDescription;
  readonly #speakers: ReadonlyMap<string, number>;
  readonly #pool: JobPool;
  readonly #check: LoadCheck;

  constructor(model: SynthesizerDescription, options: SherpaSynthesizerOptions) {
    const { workers = 1, jobsPerWorker = 2, languages = model.languages } = options;
    const { threads = threadsFor(workers) } = options;
    const setup: SynthesizerSetup = { runtime: options.runtime, model, threads };
    this.name = options.name ?? NAME;
    this.model = model;
    this.sampleRate = model.sampleRate;
    this.languages = languages;
    this.#speakers = voicesOf(model, options.speakers);
    this.voices = offeredVoices(model, options.speakers);
    this.#pool = new JobPool({
      name: this.name,
      // What sherpa-onnx has to complain of quotes what is to be said.
      spawn: childSpawner(besideModule('synthesizer-child', import.meta.url), [JSON.stringify(setup)], {
        isSilent: true,
      }),
      workers,
      jobsPerWorker,
      waiting: options.waiting ?? 64,
      cancelGraceMs: CANCEL_GRACE_MS,
      ...(options.silenceMs !== undefined && { silenceMs: options.silenceMs }),
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

  synthesize(text: AsyncIterable<string>, options: SynthesizeOptions): AsyncIterable<SynthesisEvent> {
    const { signal, voice, speed } = options;
    const language = this.#spoken(options.language);
    const speaker = this.#speakers.get(voice) ?? this.#unknown(voice);
    return speakPieces(text, {
      signal,
      sampleRate: this.sampleRate,
      speed,
      speak: (part, partSignal) => this.#speak({ text: part, speaker, speed, language }, partSignal),
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#pool[Symbol.asyncDispose]();
  }

  async *#speak(input: SpeakInput, signal: AbortSignal): AsyncGenerator<Int16Array, void, void> {
    await this.#check.passed(signal);
    yield* this.#pool.run<Int16Array>('speak', input, { signal });
  }

  /** The language as models name it. */
  #spoken(language: string | undefined): string | undefined {
    const primary = language?.toLowerCase().split('-')[0];
    if (primary === undefined || primary === '') return undefined;
    if (this.languages.length === 0 || this.languages.includes(primary)) return primary;
    throw new EngineError(
      this.name,
      'unsupported',
      `The voice speaks ${this.languages.join(', ')}, not ${language}. Configure one that speaks it.`,
    );
  }

  #unknown(voice: string): never {
    const known = this.voices.join(', ');
    throw new EngineError(this.name, 'unsupported', `The model has no voice ${voice}. It has ${known}.`);
  }
}
