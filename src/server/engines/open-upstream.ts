import {
  azureUpstream,
  openAiAudio,
  openAiCompatible,
  openAiRealtime,
  openAiSpeech,
  openAiTranscriptions,
} from '../../engines/openai-compatible/index.ts';
import { VOICES } from '../../wire/voices.ts';
import { type EngineConfig, readSecret } from '../config/index.ts';
import { defined } from './defined.ts';
import type { OpenedEngine } from './opened-engine.ts';

export type UpstreamConfig = Extract<EngineConfig, { baseUrl: string }>;

/**
 * Opens an engine that is another server.
 * @throws {ConfigError} for a secret that is not there.
 */
export function openUpstream(name: string, settings: UpstreamConfig): OpenedEngine {
  switch (settings.type) {
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
