import { z } from 'zod';
import { part } from './schema-parts.ts';

const workers = z.number().int().min(1).max(64).optional().describe('How many work at a time.');

/** A header that carries a credential is a secret like any other. */
const CREDENTIAL_HEADERS = new Set(['authorization', 'api-key', 'x-api-key', 'proxy-authorization']);

const threads = z.number().int().min(1).max(64).optional().describe('Default: what fits the processor.');

const headers = z
  .record(
    z.string().min(1),
    z.union([z.string(), part.secret], 'expected a text, {"env": "NAME"} or {"file": "path"}'),
  )
  .refine(
    (values) =>
      Object.entries(values).every(
        ([name, value]) => typeof value !== 'string' || !CREDENTIAL_HEADERS.has(name.toLowerCase()),
      ),
    'expected {"env": "NAME"} or {"file": "path"} for a header that carries a credential',
  );

const upstream = {
  baseUrl: part.httpUrl.describe('Such as http://127.0.0.1:11434/v1, without the endpoint.'),
  model: z.string().min(1).describe('What the upstream server calls its model.'),
  apiKey: part.secret.optional(),
};

const azure = z
  .strictObject({
    deployment: z.string().min(1).optional().describe('The deployment there. Default: model.'),
    apiVersion: z
      .string()
      .regex(/^[\w.-]+$/, 'expected a version such as "2025-01-01-preview"')
      .optional()
      .describe(
        'Such as 2025-01-01-preview. Default: the version 1 API, and what the preview dialect needs.',
      ),
  })
  .optional()
  .describe('The base URL is the endpoint of an Azure resource.');

export const engineConfig = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('flite'), workers }),
  z.strictObject({
    type: z.literal('espeak'),
    command: z.string().min(1).optional().describe('The program: a name on PATH, or a path.'),
  }),
  z.strictObject({
    type: z.literal('pocketsphinx'),
    workers,
    modelDirectory: part.filePath
      .optional()
      .describe('A folder with acoustic model, language model and dictionary.'),
  }),
  z.strictObject({
    type: z.literal('silero'),
    model: part.filePath.optional().describe('The file silero_vad.onnx.'),
  }),
  z.strictObject({
    type: z.literal('sherpa-recognizer'),
    model: part.model.describe('What samtal pull calls it, or the path of its folder, such as ./parakeet.'),
    threads,
    workers,
    languages: z
      .array(z.string().min(2))
      .optional()
      .describe('What it hears, as BCP 47, where the model does not tell by itself.'),
  }),
  z.strictObject({
    type: z.literal('sherpa-synthesizer'),
    model: part.model.describe('What samtal pull calls it, or the path of its folder, such as ./kokoro.'),
    threads,
    workers,
    speakers: z
      .record(z.string().min(1), z.union([z.string().min(1), z.number().int().min(0)]))
      .optional()
      .describe('The speaker of the model, by name or number, for a voice of the API or of your own.'),
  }),
  z.strictObject({
    type: z.literal('llama'),
    model: part.model.describe('What samtal pull calls it, or the path of its file, such as ./qwen.gguf.'),
    threads,
    contextTokens: part.count.optional().describe('How long a conversation may be. Default: 4,096.'),
    sessions: z.number().int().min(1).max(64).optional().describe('How many replies are written at a time.'),
    gpu: z
      .boolean()
      .optional()
      .describe('Whether a graphics card is used where there is one. Default: false.'),
    thinks: z.boolean().optional().describe('Whether it thinks before it speaks. Default: false.'),
  }),
  z.strictObject({
    type: z.literal('scripted'),
    script: part.filePath.optional().describe('What it answers to what.'),
  }),
  z.strictObject({
    type: z.literal('openai-chat'),
    ...upstream,
    headers: headers.optional().describe('Sent with every request.'),
    extraBody: z
      .record(z.string(), z.unknown())
      .optional()
      .describe('Merged into the body of every request.'),
    thinksFirst: z
      .boolean()
      .optional()
      .describe('The server opens <think> itself, so that replies begin in the middle of a thought.'),
    timeouts: z
      .strictObject({
        connectMs: part.count.optional().describe('To reach the server. Default: 10,000.'),
        firstTokenMs: part.count.optional().describe('To the first token. Default: 120,000.'),
        betweenTokensMs: part.count.optional().describe('From token to token. Default: 30,000.'),
      })
      .optional(),
  }),
  z.strictObject({
    type: z.literal('openai-transcriptions'),
    ...upstream,
    stream: z.boolean().optional().describe('The server streams the text while it listens.'),
  }),
  z.strictObject({
    type: z.literal('openai-speech'),
    ...upstream,
    voices: z
      .record(z.string(), z.string().min(1))
      .optional()
      .describe('The voice of the upstream server for each voice of the API.'),
    format: z.enum(['pcm', 'wav']).optional().describe('What to ask for. Default: pcm at 24 kHz.'),
  }),
  z.strictObject({
    type: z.literal('openai-audio'),
    ...upstream,
    azure,
    headers: headers.optional().describe('Sent with every request.'),
    extraBody: z
      .record(z.string(), z.unknown())
      .optional()
      .describe('Merged into the body of every request.'),
    voices: z
      .record(z.string(), z.string().min(1))
      .optional()
      .describe('The voice of the upstream server for a voice of the API.'),
  }),
  z.strictObject({
    type: z.literal('openai-realtime'),
    ...upstream,
    baseUrl: part.socketUrl.describe('Such as https://api.openai.com/v1, without /realtime.'),
    azure,
  }),
]);

export type EngineConfig = z.output<typeof engineConfig>;
export type EngineType = EngineConfig['type'];

/** Engines that deployments may name without configuring them. */
export const BUILT_IN_ENGINES = {
  flite: { type: 'flite' },
  espeak: { type: 'espeak' },
  pocketsphinx: { type: 'pocketsphinx' },
  scripted: { type: 'scripted' },
} as const satisfies Readonly<Record<string, EngineConfig>>;

/** What each part of a deployment can be. */
export const ENGINE_ROLES = {
  languageModel: ['openai-chat', 'llama', 'scripted'],
  recognizer: ['pocketsphinx', 'sherpa-recognizer', 'openai-transcriptions'],
  synthesizer: ['flite', 'espeak', 'sherpa-synthesizer', 'openai-speech'],
  speechModel: ['openai-audio'],
  realtime: ['openai-realtime'],
} as const satisfies Readonly<Record<string, readonly EngineType[]>>;

/** What can hear in realtime sessions when somebody speaks, beside the engines of type `silero`. */
export const BUILT_IN_DETECTORS = ['webrtc', 'silero'] as const;

export type EngineRole = keyof typeof ENGINE_ROLES;

/** What an engine is called that can take a role. */
export const ROLE_NOUNS: Readonly<Record<EngineRole, string>> = {
  languageModel: 'language model',
  recognizer: 'recognizer',
  synthesizer: 'synthesizer',
  speechModel: 'speech model',
  realtime: 'realtime server',
};
