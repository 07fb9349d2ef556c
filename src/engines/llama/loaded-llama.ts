import { EngineError } from '../../util/errors.ts';
import { beginningWith, closedThoughtOf } from './closed-thought.ts';
import {
  type ChatWrapper,
  type LlamaBackend,
  type LlamaRuntime,
  type LoadedModel,
  loadLlamaRuntime,
  type ModelContext,
} from './llama-runtime.ts';
import { damaged, NAME, readModelHead, unavailable } from './model-file.ts';
import { SequenceCache } from './sequence-cache.ts';

/** What a child process is told when it starts. */
export interface LlamaSettings {
  /** The entry module of node-llama-cpp. */
  readonly runtime: string;
  /** A GGUF file. */
  readonly model: string;
  readonly threads: number;
  /** Of each sequence; fewer where the model was trained on fewer. */
  readonly contextTokens: number;
  readonly sessions: number;
  readonly gpu: 'auto' | false;
  readonly thinks: boolean;
}

/** A model in memory, with all that it takes to have it write. */
export interface LoadedLlama {
  readonly settings: LlamaSettings;
  readonly runtime: LlamaRuntime;
  readonly backend: LlamaBackend;
  readonly model: LoadedModel;
  readonly wrapper: ChatWrapper;
  readonly contextTokens: number;
  readonly vocabularySize: number;
  readonly sequences: SequenceCache;
}

/** @throws {EngineError} `unavailable` when the runtime or the model is missing, is damaged, or is something else. */
export async function loadLlama(settings: LlamaSettings): Promise<LoadedLlama> {
  const { vocabularySize } = await readModelHead(settings.model);
  const runtime = await loadRuntime(settings.runtime);
  const backend = await openBackend(runtime, settings);
  try {
    const model = await openModel(runtime, backend, settings);
    const context = await openContext(model, settings);
    const sequences = Array.from({ length: settings.sessions }, () => context.getSequence());
    return {
      settings,
      runtime,
      backend,
      model,
      wrapper: openWrapper(runtime, model, settings),
      contextTokens: context.contextSize,
      vocabularySize,
      sequences: new SequenceCache(sequences),
    };
  } catch (error) {
    // With all that it has loaded: the next attempt needs the memory.
    await backend.dispose();
    throw error;
  }
}

async function loadRuntime(path: string): Promise<LlamaRuntime> {
  try {
    return await loadLlamaRuntime(path);
  } catch (error) {
    throw unavailable(`${path} can not be loaded. Get it again by samtal pull node-llama-cpp.`, error);
  }
}

async function openBackend(
  runtime: LlamaRuntime,
  { gpu, threads, runtime: path }: LlamaSettings,
): Promise<LlamaBackend> {
  try {
    return await runtime.getLlama({
      gpu,
      build: 'never',
      skipDownload: true,
      progressLogs: false,
      logLevel: 'fatal',
      maxThreads: threads,
    });
  } catch (error) {
    throw unavailable(
      `${path} does not run on this machine (${process.platform} on ${process.arch}, with glibc on Linux). Get it again by samtal pull node-llama-cpp.`,
      error,
    );
  }
}

async function openModel(
  runtime: LlamaRuntime,
  backend: LlamaBackend,
  settings: LlamaSettings,
): Promise<LoadedModel> {
  try {
    return await backend.loadModel({ modelPath: settings.model });
  } catch (error) {
    const isTooLarge = error instanceof runtime.InsufficientMemoryError;
    throw isTooLarge ? tooLarge(settings, error) : damaged(settings.model, error);
  }
}

async function openContext(model: LoadedModel, settings: LlamaSettings): Promise<ModelContext> {
  const { contextTokens, sessions, threads } = settings;
  try {
    return await model.createContext({
      contextSize: Math.min(contextTokens, model.trainContextSize),
      sequences: sessions,
      threads,
      // Earlier turns are kept whole, so that the next one need not read them again.
      swaFullCache: true,
      failedCreationRemedy: false,
    });
  } catch (error) {
    throw tooLarge(settings, error);
  }
}

/** Thinking is turned off by the way that the template has for it; what is left of it is cut off as it begins. */
function openWrapper(
  runtime: LlamaRuntime,
  model: LoadedModel,
  { thinks, model: path }: LlamaSettings,
): ChatWrapper {
  const template = model.fileInfo.metadata.tokenizer?.chat_template;
  const isWritten = !thinks && typeof template === 'string';
  const thought = isWritten ? closedThoughtOf(template) : undefined;
  const withoutThoughts = {
    ...(thought !== undefined && { qwen: { thoughts: 'discourage' } }),
    gemma4: { reasoning: false },
    seed: { thinkingBudget: 0 },
    jinjaTemplate: { reasoning: false },
  };
  try {
    const wrapper = runtime.resolveChatWrapper(model, {
      warningLogs: false,
      ...(!thinks && { customWrapperSettings: withoutThoughts }),
    });
    const isGeneral = wrapper.wrapperName === 'JinjaTemplate';
    return isGeneral && thought !== undefined ? beginningWith(thought, runtime, wrapper) : wrapper;
  } catch (error) {
    throw unavailable(
      `The chat template of ${path} can not be used. Get another version of the model.`,
      error,
    );
  }
}

function tooLarge({ model, contextTokens, sessions }: LlamaSettings, cause: unknown): EngineError {
  return new EngineError(
    NAME,
    'unavailable',
    `There is not enough memory for ${model} with ${sessions} conversations of ${contextTokens} tokens. Set fewer sessions or contextTokens, or get a smaller model.`,
    cause,
  );
}
