import { z } from 'zod';
import { part } from './schema-parts.ts';

const limits = z.strictObject({
  bodyBytes: part.count.default(32 * 1024 * 1024).describe('The largest request body.'),
  audioBytes: part.count
    .default(20 * 1024 * 1024)
    .describe('The largest audio of one part or file, decoded.'),
  audioSeconds: part.count.default(1800).describe('The longest audio of one part or file.'),
  jsonDepth: part.count.default(64).describe('How deep the JSON of a request may be nested.'),
  jsonKeys: part.count.default(20_000).describe('How many names the JSON of a request may have in all.'),
  requestSeconds: part.count
    .default(60)
    .describe('How long a client may take to send its headers and its body.'),
  concurrentPerKey: part.count.default(16).describe('How many requests one key may have open at a time.'),
  messages: part.count.default(2048).describe('How many messages one conversation may have.'),
  sessions: part.count
    .optional()
    .describe('How many realtime sessions may be open. Default: 8 for each processor.'),
  sessionsPerKey: part.count.optional().describe('How many of them one key may have. Default: all.'),
  sessionSeconds: part.count.max(86_400).default(3600).describe('How long a realtime session may last.'),
  sessionIdleSeconds: part.count
    .max(86_400)
    .default(900)
    .describe('How long a realtime session may pass without a word from either side.'),
  sessionAudioPace: part.count
    .default(20)
    .describe('How many seconds of audio a realtime session takes in a second, after the first minute.'),
});

export const serverSection = z.strictObject({
  host: z.string().min(1).default('127.0.0.1').describe('The address to listen at; 0.0.0.0 for all.'),
  port: z.number().int().min(0).max(65_535).default(8080).describe('The port for HTTP and TLS; 0 for any.'),
  allowedOrigins: z
    .array(
      z.union([z.literal('*'), part.httpUrl], 'expected an origin such as "https://app.example.com", or "*"'),
    )
    .default([])
    .describe('The web pages, by origin, whose scripts may call the server.'),
  trustProxy: z
    .union([z.boolean(), z.array(z.string().min(1))], 'expected true, false or a list of addresses')
    .default(false)
    .describe('Whether X-Forwarded-* is believed: from everyone, from no one, or from these addresses.'),
  tls: z
    .strictObject({
      cert: part.filePath.describe('The certificate and its chain, PEM.'),
      key: part.filePath.describe('Its private key, PEM.'),
    })
    .optional()
    .describe('Your own certificate instead of the development one.'),
  limits: limits.prefault({}),
});

export const storageSection = z.strictObject({
  audioSeconds: part.count.default(3600).describe('How long the audio id of a reply can be referred to.'),
  completionDays: part.count.default(30).describe('How long completions stored with `store: true` are kept.'),
  maxBytes: part.count.default(1024 ** 3).describe('What all of it may take on disk; the oldest goes first.'),
});

export const compatibilitySection = z.strictObject({
  requireAudio: z
    .boolean()
    .default(false)
    .describe('Refuse chat requests with neither audio input nor audio output, as the services do.'),
  promptFilterResults: z
    .boolean()
    .default(false)
    .describe('Begin a stream to an Azure address with the chunk of (empty) prompt filter results.'),
});

export const logSection = z.strictObject({
  level: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent']).default('info'),
  pretty: z.boolean().optional().describe('Lines for people instead of JSON. Default: on a terminal.'),
});
