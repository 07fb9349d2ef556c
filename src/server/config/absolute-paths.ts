import { resolve } from 'node:path';
import type { EngineConfig } from './engine-schema.ts';
import type { Config } from './schema.ts';
import { isModelPath, type Secret } from './schema-parts.ts';

/** Paths are written relative to the folder of the file they stand in. */
export function withAbsolutePaths(config: Config, folder: string): Config {
  const { tls } = config.server;
  return {
    ...config,
    server: {
      ...config.server,
      ...(tls && { tls: { cert: resolve(folder, tls.cert), key: resolve(folder, tls.key) } }),
    },
    auth: {
      ...config.auth,
      keys: config.auth.keys.map((key) =>
        'file' in key.from ? { ...key, from: { file: resolve(folder, key.from.file) } } : key,
      ),
    },
    engines: mapValues(config.engines, (engine) => engineWithAbsolutePaths(engine, folder)),
  };
}

function engineWithAbsolutePaths(engine: EngineConfig, folder: string): EngineConfig {
  switch (engine.type) {
    case 'flite':
      return engine;
    case 'espeak':
      // A bare name is looked up on PATH.
      if (engine.command === undefined || !/[/\\]/.test(engine.command)) return engine;
      return { ...engine, command: resolve(folder, engine.command) };
    case 'pocketsphinx':
      if (engine.modelDirectory === undefined) return engine;
      return { ...engine, modelDirectory: resolve(folder, engine.modelDirectory) };
    case 'sherpa-recognizer':
    case 'sherpa-synthesizer':
    case 'llama':
      return isModelPath(engine.model) ? { ...engine, model: resolve(folder, engine.model) } : engine;
    case 'silero':
      return engine.model === undefined ? engine : { ...engine, model: resolve(folder, engine.model) };
    case 'scripted':
      return engine.script === undefined ? engine : { ...engine, script: resolve(folder, engine.script) };
    case 'openai-chat':
    case 'openai-audio': {
      const { headers } = engine;
      return {
        ...withAbsoluteKey(engine, folder),
        ...(headers && { headers: mapValues(headers, (value) => absoluteHeader(value, folder)) }),
      };
    }
    case 'openai-transcriptions':
    case 'openai-speech':
    case 'openai-realtime':
      return withAbsoluteKey(engine, folder);
  }
}

function withAbsoluteKey<T extends { readonly apiKey?: Secret | undefined }>(engine: T, folder: string): T {
  return engine.apiKey === undefined ? engine : { ...engine, apiKey: absoluteSecret(engine.apiKey, folder) };
}

function absoluteHeader(value: string | Secret, folder: string): string | Secret {
  return typeof value === 'string' ? value : absoluteSecret(value, folder);
}

function absoluteSecret(secret: Secret, folder: string): Secret {
  return 'file' in secret ? { file: resolve(folder, secret.file) } : secret;
}

function mapValues<T, U>(values: Readonly<Record<string, T>>, change: (value: T) => U): Record<string, U> {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, change(value)]));
}
