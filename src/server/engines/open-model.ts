import { llama } from '../../engines/llama/llama.ts';
import { sherpaRecognizer, sherpaSynthesizer } from '../../engines/sherpa/index.ts';
import type { EngineConfig } from '../config/index.ts';
import { modelNamed } from '../models/catalog.ts';
import { defined } from './defined.ts';
import type { OpenEngineOptions } from './open-engine.ts';
import type { OpenedEngine } from './opened-engine.ts';
import { requireModelFile, requireModelFolder, requirePackage } from './pulled-parts.ts';
import { supervised } from './supervised.ts';

type ConfigOf<Type extends EngineConfig['type']> = Extract<EngineConfig, { type: Type }>;

/** @throws {EngineError} `unavailable` when its model or what runs it has not been pulled. */
export async function openSherpaRecognizer(
  name: string,
  { model, threads, workers, languages }: ConfigOf<'sherpa-recognizer'>,
  { stack, home }: OpenEngineOptions,
): Promise<OpenedEngine> {
  const folder = await requireModelFolder(name, model, home);
  const runtime = await requirePackage(name, 'sherpa-onnx-node', home);
  const heard = languages ?? modelNamed(model)?.languages;
  const recognizer = stack.use(
    await sherpaRecognizer({
      name,
      runtime,
      model: folder,
      ...defined({ threads, workers, languages: heard }),
    }),
  );
  return { recognizer, ...supervised(recognizer) };
}

/** @throws {EngineError} `unavailable` when its model or what runs it has not been pulled. */
export async function openSherpaSynthesizer(
  name: string,
  { model, threads, workers, speakers }: ConfigOf<'sherpa-synthesizer'>,
  { stack, home }: OpenEngineOptions,
): Promise<OpenedEngine> {
  const folder = await requireModelFolder(name, model, home);
  const runtime = await requirePackage(name, 'sherpa-onnx-node', home);
  const synthesizer = stack.use(
    await sherpaSynthesizer({
      name,
      runtime,
      model: folder,
      ...defined({ threads, workers, speakers, languages: modelNamed(model)?.languages }),
    }),
  );
  return { synthesizer, speakers: synthesizer.model.speakers.length, ...supervised(synthesizer) };
}

/** @throws {EngineError} `unavailable` when its model or what runs it has not been pulled. */
export async function openLlama(
  name: string,
  { model, threads, contextTokens, sessions, thinks, gpu = false }: ConfigOf<'llama'>,
  { stack, home }: OpenEngineOptions,
): Promise<OpenedEngine> {
  const file = await requireModelFile(name, model, { home, extension: '.gguf' });
  const runtime = await requirePackage(name, 'node-llama-cpp', home);
  const languageModel = stack.use(
    llama({
      name,
      runtime,
      model: file,
      gpu: gpu ? 'auto' : false,
      ...defined({ threads, contextTokens, sessions, thinks }),
    }),
  );
  return { languageModel, ...supervised(languageModel) };
}
