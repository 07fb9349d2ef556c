import type { FastifyBaseLogger } from 'fastify';
import type { LanguageModel } from '../engine/language-model.ts';
import type { SpeechRecognizer } from '../engine/speech-recognizer.ts';
import type { SpeechSynthesizer } from '../engine/speech-synthesizer.ts';
import { espeak } from '../engines/espeak/espeak.ts';
import { findEspeak } from '../engines/espeak/find-espeak.ts';
import { flite } from '../engines/flite/flite.ts';
import { multilingual } from '../engines/multilingual/multilingual.ts';
import {
  discoverLanguageModel,
  openAiCompatible,
  openAiSpeech,
  openAiTranscriptions,
} from '../engines/openai-compatible/index.ts';
import { findPocketsphinx } from '../engines/pocketsphinx/find-pocketsphinx.ts';
import { pocketsphinx } from '../engines/pocketsphinx/pocketsphinx.ts';
import { scripted } from '../engines/scripted/index.ts';
import { EngineError } from '../util/errors.ts';
import { VOICES } from '../wire/voices.ts';
import { BUILT_IN_ENGINES, type Config, type EngineConfig, readSecret } from './config/index.ts';

/** The engines that deployments share. A name asks for one of the configuration, no name for the default. */
export interface Engines extends AsyncDisposable {
  recognizer(name?: string): SpeechRecognizer | undefined;
  languageModel(name?: string): LanguageModel;
  synthesizer(name?: string): SpeechSynthesizer | undefined;
  /** What an operator should know of them, such as that nothing can hear. */
  readonly notices: readonly string[];
  /** Starts what takes time to start, so that the first request does not wait for it. */
  warm(): Promise<void>;
}

/** One engine, in the roles that it can take. */
interface OpenedEngine {
  readonly recognizer?: SpeechRecognizer;
  readonly languageModel?: LanguageModel;
  readonly synthesizer?: SpeechSynthesizer;
  readonly warm?: () => Promise<void>;
}

/**
 * Opens every engine of the configuration, and for what it leaves open the best that this machine has.
 * @throws {EngineError} `unavailable` when a configured engine is not installed.
 */
export async function openEngines(config: Config, logger: FastifyBaseLogger): Promise<Engines> {
  await using stack = new AsyncDisposableStack();
  const named = new Map<string, OpenedEngine>();
  for (const [name, settings] of Object.entries(engineConfigs(config))) {
    named.set(name, await openEngine(name, settings, stack));
  }
  const defaults = await openDefaults(config, named, stack);
  for (const notice of defaults.notices) logger.warn(notice);
  const held = stack.move();
  const pick = (name: string | undefined): OpenedEngine =>
    (name === undefined ? defaults : named.get(name)) ?? {};
  return {
    recognizer: (name) => pick(name).recognizer,
    languageModel: (name) => pick(name).languageModel ?? defaults.languageModel,
    synthesizer: (name) => pick(name).synthesizer,
    notices: defaults.notices,
    warm: async () => {
      await Promise.all([defaults, ...named.values()].map(async (engine) => await engine.warm?.()));
    },
    [Symbol.asyncDispose]: async () => await held.disposeAsync(),
  };
}

/** What is configured, and what of the box a deployment names. */
function engineConfigs(config: Config): Readonly<Record<string, EngineConfig>> {
  const used = new Set(
    Object.values(config.deployments).flatMap(({ languageModel, recognizer, synthesizer }) => [
      languageModel,
      recognizer,
      synthesizer,
    ]),
  );
  const builtIn = Object.entries(BUILT_IN_ENGINES).filter(([name]) => used.has(name));
  return { ...Object.fromEntries(builtIn), ...config.engines };
}

async function openEngine(
  name: string,
  settings: EngineConfig,
  stack: AsyncDisposableStack,
): Promise<OpenedEngine> {
  switch (settings.type) {
    case 'flite': {
      const synthesizer = stack.use(flite(defined({ workers: settings.workers })));
      return { synthesizer, warm: async () => await synthesizer.warm() };
    }
    case 'espeak':
      return { synthesizer: await espeak({ program: await espeakProgram(settings.command) }) };
    case 'pocketsphinx': {
      const { workers, modelDirectory } = settings;
      const recognizer = stack.use(pocketsphinx(defined({ workers, modelDirectory })));
      return { recognizer, warm: async () => await recognizer.warm() };
    }
    case 'scripted':
      return { languageModel: await scripted({ script: settings.script }) };
    case 'openai-chat':
      return {
        languageModel: openAiCompatible({ name, ...upstream(name, settings), extraBody: settings.extraBody }),
      };
    case 'openai-transcriptions':
      return { recognizer: openAiTranscriptions({ name, ...upstream(name, settings) }) };
    case 'openai-speech':
      return {
        synthesizer: openAiSpeech({ name, ...upstream(name, settings), voices: voicesOf(settings.voices) }),
      };
  }
}

type UpstreamConfig = Extract<EngineConfig, { baseUrl: string }>;

function upstream(name: string, settings: UpstreamConfig) {
  const secret = (value: NonNullable<UpstreamConfig['apiKey']>, place: string): string =>
    readSecret(value, `engines.${name}.${place}`, process.env);
  const { baseUrl, model, apiKey } = settings;
  const headers = 'headers' in settings ? settings.headers : undefined;
  return {
    baseUrl,
    model,
    apiKey: apiKey && secret(apiKey, 'apiKey'),
    headers:
      headers &&
      Object.fromEntries(
        Object.entries(headers).map(([header, value]) => [
          header,
          typeof value === 'string' ? value : secret(value, `headers.${header}`),
        ]),
      ),
  };
}

/** An upstream server that is told nothing else gets the API's own names. */
function voicesOf(voices: Readonly<Record<string, string>> | undefined): Readonly<Record<string, string>> {
  return { ...Object.fromEntries(VOICES.map((voice) => [voice, voice])), ...voices };
}

interface DefaultEngines extends OpenedEngine {
  readonly languageModel: LanguageModel;
  readonly notices: readonly string[];
}

async function openDefaults(
  config: Config,
  named: ReadonlyMap<string, OpenedEngine>,
  stack: AsyncDisposableStack,
): Promise<DefaultEngines> {
  const engines = [...named.values()];
  const notices: string[] = [];
  const configured = <Role extends keyof OpenedEngine>(role: Role): OpenedEngine[Role] | undefined =>
    engines.find((engine) => engine[role] !== undefined)?.[role];
  const ears = configured('recognizer') ? undefined : await openDefaultEars(stack, notices);
  const voice = configured('synthesizer') ? undefined : await openDefaultVoice(stack, notices);
  const recognizer = configured('recognizer') ?? ears;
  const synthesizer = configured('synthesizer') ?? voice?.synthesizer;
  return {
    ...(recognizer && { recognizer }),
    ...(synthesizer && { synthesizer }),
    languageModel: configured('languageModel') ?? (await openDefaultModel(config, notices)),
    notices,
    warm: async () => {
      await Promise.all([ears?.warm(), voice?.warm()]);
    },
  };
}

async function openDefaultEars(stack: AsyncDisposableStack, notices: string[]) {
  if (findPocketsphinx()) return stack.use(pocketsphinx());
  notices.push(
    'Nothing can hear: no speech recogniser is installed. On Debian or Ubuntu: apt-get install libpocketsphinx3 pocketsphinx-en-us',
  );
  return undefined;
}

/** English by flite, every other language by espeak-ng where that is installed. */
async function openDefaultVoice(stack: AsyncDisposableStack, notices: string[]) {
  const english = stack.use(flite());
  const program = await findEspeak();
  if (!program) {
    notices.push(
      'Only English can be spoken: espeak-ng is not installed. On Debian or Ubuntu: apt-get install espeak-ng',
    );
  }
  const others = program ? [await espeak({ program })] : [];
  return {
    synthesizer: multilingual({ byDefault: english, others }),
    warm: async () => await english.warm(),
  };
}

async function openDefaultModel(config: Config, notices: string[]): Promise<LanguageModel> {
  if (config.discovery.languageModel) {
    const { found } = await discoverLanguageModel({ signal: AbortSignal.timeout(5_000) });
    if (found) {
      const { name, baseUrl, model } = found;
      notices.push(`${model} of ${name} at ${baseUrl} thinks.`);
      return openAiCompatible({ name, baseUrl, model });
    }
  }
  notices.push(
    'No language model is connected: the scripted model answers, which repeats what it hears. Start Ollama, LM Studio, llama.cpp or vLLM on this machine and then Samtal again, or name a server in samtal.config.json.',
  );
  return await scripted();
}

async function espeakProgram(command: string | undefined) {
  const program = await findEspeak(command);
  if (program) return program;
  throw new EngineError(
    'espeak',
    'unavailable',
    `The configuration names espeak-ng, and ${command ?? 'espeak-ng'} is not installed. On Debian or Ubuntu: apt-get install espeak-ng`,
  );
}

/** Without the members that are undefined, for options that may be left out but not be undefined. */
function defined<T extends object>(options: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]?: Exclude<T[K], undefined>;
  };
}
