import { statSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { basename } from 'node:path';
import type { GenerateEvent, GenerateRequest, LanguageModel } from '../../engine/language-model.ts';
import { JobPool, type JobPoolStatus } from '../../util/jobs/job-pool.ts';
import { besideModule, childSpawner } from '../../util/jobs/job-port.ts';
import type { LlamaSettings } from './loaded-llama.ts';
import { NAME } from './model-file.ts';

export interface LlamaOptions {
  /** What it is called: `llama:` and the name of the file unless given. */
  readonly name?: string | undefined;
  /** The entry module of the package node-llama-cpp. */
  readonly runtime: string;
  /** A model that chats, as a GGUF file. */
  readonly model: string;
  /** One less than there are processors unless given: they wait for one another, and so for any that is taken away. */
  readonly threads?: number | undefined;
  /** Of one conversation, reply included: 4096 unless given, or what the model was trained on if that is less. */
  readonly contextTokens?: number | undefined;
  /** Replies that are written at the same time: 4 unless given. Each has a context of its own in memory. */
  readonly sessions?: number | undefined;
  /** Whether a graphics processor may be used that the installed package knows: `auto` unless given. */
  readonly gpu?: 'auto' | false | undefined;
  /** Whether the model may think before it answers, which nobody hears: not unless given. */
  readonly thinks?: boolean | undefined;
  /** Requests that may wait for a place; one more is refused as `busy`: 16 unless given. */
  readonly waiting?: number | undefined;
  /** How long the child may show no life while it has work: 10 s unless given. */
  readonly silenceMs?: number | undefined;
  /** Above which the child is killed: by the size of the model and its contexts unless given. Linux only. */
  readonly memoryLimitBytes?: number | undefined;
}

export interface Llama extends LanguageModel, AsyncDisposable {
  /**
   * Loads the model and has it write a token, so that the first request need not wait for it.
   * @throws {EngineError} `unavailable` when the runtime or the model is missing, is damaged or is something else.
   */
  warm(): Promise<void>;
  readonly status: JobPoolStatus;
}

/** The file, which is mapped, and the weights in the order in which this processor multiplies them best. */
const COPIES_OF_MODEL = 2;
/** Of a token's keys and values: twice what a model of 14 billion weights keeps. */
const CONTEXT_TOKEN_BYTES = 400 * 2 ** 10;
/** Node, the runtime, and what a step of the computation takes. */
const PROCESS_BYTES = 2 * 2 ** 30;
/** A step through a prompt, on a slow machine, is one call that nothing can interrupt. */
const CANCEL_GRACE_MS = 15_000;

/**
 * A language model of llama.cpp, in one child process that loads it once for all requests and begins when it is first
 * needed. The conversation goes through the model's own chat template, tools and JSON through a grammar, and a
 * conversation that goes on costs its new words alone. Thoughts never reach the text.
 *
 * What it can not keep is refused as `unsupported`: a `json_schema`, or the arguments of a `strict` tool, with a
 * feature that a grammar has not; JSON together with tools that the model may choose; `logitBias` of a token that
 * there is not. A conversation that is longer than the context is refused as `too-long`: nothing is dropped from it.
 */
export function llama(options: LlamaOptions): Llama {
  return new LlamaModel(options);
}

class LlamaModel implements Llama {
  readonly name: string;
  readonly #pool: JobPool;

  constructor(options: LlamaOptions) {
    this.name = options.name ?? `${NAME}:${basename(options.model, '.gguf')}`;
    const settings = toSettings(options);
    const child = besideModule('llama-child', import.meta.url);
    this.#pool = new JobPool({
      name: this.name,
      spawn: childSpawner(child, [JSON.stringify(settings)]),
      workers: 1,
      jobsPerWorker: settings.sessions,
      waiting: options.waiting ?? 16,
      cancelGraceMs: CANCEL_GRACE_MS,
      ...(options.silenceMs !== undefined && { silenceMs: options.silenceMs }),
      memoryLimitBytes: options.memoryLimitBytes ?? memoryFor(settings),
    });
  }

  get status(): JobPoolStatus {
    return this.#pool.status;
  }

  async warm(): Promise<void> {
    await this.#pool.warm();
    const { signal } = new AbortController();
    await Array.fromAsync(this.#pool.run('warm', undefined, { signal }));
  }

  async *generate(
    request: GenerateRequest,
    { signal }: { readonly signal: AbortSignal },
  ): AsyncGenerator<GenerateEvent, void, void> {
    signal.throwIfAborted();
    yield* this.#pool.run<GenerateEvent>('generate', request, { signal });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#pool[Symbol.asyncDispose]();
  }
}

function toSettings(options: LlamaOptions): LlamaSettings {
  return {
    runtime: options.runtime,
    model: options.model,
    threads: options.threads ?? Math.max(1, availableParallelism() - 1),
    contextTokens: options.contextTokens ?? 4_096,
    sessions: options.sessions ?? 4,
    gpu: options.gpu ?? 'auto',
    thinks: options.thinks ?? false,
  };
}

function memoryFor({ model, contextTokens, sessions }: LlamaSettings): number {
  const modelBytes = statSync(model, { throwIfNoEntry: false })?.size ?? 0;
  return modelBytes * COPIES_OF_MODEL + contextTokens * sessions * CONTEXT_TOKEN_BYTES + PROCESS_BYTES;
}
