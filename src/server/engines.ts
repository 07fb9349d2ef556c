import type { FastifyBaseLogger } from 'fastify';
import type { LanguageModel } from '../engine/language-model.ts';
import type { SpeechRecognizer } from '../engine/speech-recognizer.ts';
import type { SpeechSynthesizer } from '../engine/speech-synthesizer.ts';
import { flite } from '../engines/flite/flite.ts';
import { scripted } from '../engines/scripted/index.ts';
import type { Config } from './config/index.ts';

/** The engines that deployments share; a name asks for one of the configuration, no name for the default. */
export interface Engines extends AsyncDisposable {
  recognizer(name?: string): SpeechRecognizer | undefined;
  languageModel(name?: string): LanguageModel;
  synthesizer(name?: string): SpeechSynthesizer | undefined;
  /** What an operator should know of them, such as that nothing can hear. */
  readonly notices: readonly string[];
  warm(): Promise<void>;
}

export async function openEngines(_config: Config, _logger: FastifyBaseLogger): Promise<Engines> {
  const speaker = flite();
  const model = await scripted();
  return {
    recognizer: () => undefined,
    languageModel: () => model,
    synthesizer: () => speaker,
    notices: [],
    warm: async () => await speaker.warm(),
    [Symbol.asyncDispose]: async () => await speaker[Symbol.asyncDispose](),
  };
}
