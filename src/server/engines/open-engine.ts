import { espeak } from '../../engines/espeak/espeak.ts';
import { type EspeakProgram, findEspeak } from '../../engines/espeak/find-espeak.ts';
import { flite } from '../../engines/flite/flite.ts';
import {
  azureUpstream,
  openAiAudio,
  openAiCompatible,
  openAiRealtime,
  openAiSpeech,
  openAiTranscriptions,
} from '../../engines/openai-compatible/index.ts';
import { findPocketsphinx, POCKETSPHINX_REMEDY, pocketsphinx } from '../../engines/pocketsphinx/index.ts';
import { scripted } from '../../engines/scripted/index.ts';
import { sileroVad } from '../../engines/silero-vad/silero-vad.ts';
import { VOICES } from '../../wire/voices.ts';
import { type EngineConfig, readSecret } from '../config/index.ts';
import type { Home } from '../home/paths.ts';
import { requireSilero } from './find-silero.ts';
import { MissingEngine } from './missing.ts';
import type { OpenedEngine } from './opened-engine.ts';

export interface OpenEngineOptions {
  /** Releases what the engine holds. */
  readonly stack: AsyncDisposableStack;
  /** Where packages and weights are. */
  readonly home: Home;
}

/**
 * Opens the engine that `settings` describe.
 * @throws {EngineError} `unavailable` when it is not installed; {ConfigError} for a secret that is not there.
 */
export async function openEngine(
  name: string,
  settings: EngineConfig,
  { stack, home }: OpenEngineOptions,
): Promise<OpenedEngine> {
  switch (settings.type) {
    case 'flite': {
      const synthesizer = stack.use(flite(defined({ workers: settings.workers })));
      return {
        synthesizer,
        warm: async () => await synthesizer.warm(),
        trouble: () => synthesizer.status.trouble,
      };
    }
    case 'espeak':
      return { synthesizer: await espeak({ program: await espeakProgram(settings.command) }) };
    case 'pocketsphinx': {
      const { workers, modelDirectory } = settings;
      if (!findPocketsphinx({ modelDirectory })) throw noPocketsphinx(name, modelDirectory);
      const recognizer = stack.use(pocketsphinx(defined({ workers, modelDirectory })));
      return {
        recognizer,
        warm: async () => await recognizer.warm(),
        trouble: () => recognizer.status.trouble,
      };
    }
    case 'silero': {
      const voiceActivity = stack.use(await sileroVad(await requireSilero(home, settings.model)));
      return { voiceActivity, trouble: () => voiceActivity.status.trouble };
    }
    case 'scripted':
      return { languageModel: await scripted({ script: settings.script }) };
    case 'openai-chat': {
      const { extraBody, thinksFirst, timeouts = {} } = settings;
      const options = { ...upstream(name, settings), extraBody, thinksFirst };
      return { languageModel: openAiCompatible({ ...options, timeouts: defined(timeouts) }) };
    }
    case 'openai-transcriptions':
      return { recognizer: openAiTranscriptions({ ...upstream(name, settings), stream: settings.stream }) };
    case 'openai-speech': {
      const { voices, format } = settings;
      return { synthesizer: openAiSpeech({ ...upstream(name, settings), voices: voicesOf(voices), format }) };
    }
    case 'openai-audio': {
      const { voices, extraBody } = settings;
      const options = upstream(name, settings);
      const azure = azureOf(settings);
      const there = azure ? azureUpstream(options, azure) : options;
      return { speechModel: openAiAudio({ ...there, name, voices, extraBody }) };
    }
    case 'openai-realtime':
      return { realtime: openAiRealtime({ ...upstream(name, settings), azure: azureOf(settings) }) };
  }
}

type UpstreamConfig = Extract<EngineConfig, { baseUrl: string }>;

function upstream(name: string, settings: UpstreamConfig) {
  const { baseUrl, model, apiKey } = settings;
  return {
    name,
    baseUrl,
    model,
    apiKey: apiKey && readSecret(apiKey, `engines.${name}.apiKey`, process.env),
    headers: 'headers' in settings ? headersOf(name, settings.headers ?? {}) : undefined,
  };
}

function azureOf({ azure, model }: Extract<UpstreamConfig, { azure?: unknown }>) {
  return azure && { deployment: azure.deployment ?? model, apiVersion: azure.apiVersion };
}

type HeaderConfig = NonNullable<Extract<UpstreamConfig, { type: 'openai-chat' }>['headers']>;

function headersOf(name: string, headers: HeaderConfig): Readonly<Record<string, string>> {
  const read = Object.entries(headers).map(([header, value]) => {
    const place = `engines.${name}.headers.${header}`;
    return [header, typeof value === 'string' ? value : readSecret(value, place, process.env)];
  });
  return Object.fromEntries(read);
}

/** An upstream server that is told nothing else gets the API's own names. */
function voicesOf(voices: Readonly<Record<string, string>> | undefined): Readonly<Record<string, string>> {
  return { ...Object.fromEntries(VOICES.map((voice) => [voice, voice])), ...voices };
}

async function espeakProgram(command: string | undefined): Promise<EspeakProgram> {
  const program = await findEspeak(command);
  if (program) return program;
  throw new MissingEngine('espeak', {
    reason: `The program ${command ?? 'espeak-ng'} is not installed.`,
    remedy: 'On Debian or Ubuntu: apt-get install espeak-ng',
  });
}

function noPocketsphinx(name: string, modelDirectory: string | undefined): MissingEngine {
  return new MissingEngine(name, {
    reason: modelDirectory
      ? `pocketsphinx is not installed, or has no model in ${modelDirectory}.`
      : 'pocketsphinx is not installed.',
    remedy: `On Debian or Ubuntu: ${POCKETSPHINX_REMEDY}`,
  });
}

/** Without the members that are undefined, for options that may be left out but not be undefined. */
function defined<T extends object>(options: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  const members = Object.entries(options).filter(([, value]) => value !== undefined);
  // Entries lose the type of the object they are of.
  return Object.fromEntries(members) as { [K in keyof T]?: Exclude<T[K], undefined> };
}
