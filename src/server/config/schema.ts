import { z } from 'zod';
import { authSection } from './auth-schema.ts';
import { engineConfig } from './engine-schema.ts';
import { part } from './schema-parts.ts';
import { compatibilitySection, logSection, serverSection, storageSection } from './server-schema.ts';

const deployment = z.strictObject({
  model: z
    .string()
    .min(1)
    .optional()
    .describe('What replies call the model. Default: the name of the deployment.'),
  languageModel: part.name.optional().describe('The engine that writes. Default: the first one found.'),
  recognizer: part.name.optional().describe('The engine that listens.'),
  synthesizer: part.name.optional().describe('The engine that speaks.'),
  speechModel: part.name
    .optional()
    .describe('The engine that hears, thinks and speaks by itself, in the place of a language model.'),
  realtime: part.name.optional().describe('The engine that realtime sessions are passed on to.'),
  voices: z
    .record(z.string().min(1), z.string().min(1))
    .optional()
    .describe('Voices by names of your own: what the synthesizer calls each.'),
  defaults: z
    .strictObject({
      voice: z.string().min(1).optional(),
      instructions: z.string().optional().describe('The system message of conversations that have none.'),
      temperature: z.number().min(0).max(2).optional(),
      maxOutputTokens: part.count.optional(),
    })
    .prefault({})
    .describe('What holds where a request does not say.'),
});

export const configSchema = z.strictObject({
  $schema: z.string().optional().describe('For editors; not used.'),
  server: serverSection.prefault({}),
  auth: authSection.prefault({}),
  engines: z.record(part.name, engineConfig).default({}).describe('Engines by a name of your choice.'),
  voiceActivity: part.name
    .optional()
    .describe('What hears when somebody speaks: webrtc, silero, or an engine. Default: the best there is.'),
  discovery: z
    .strictObject({
      languageModel: z
        .boolean()
        .default(true)
        .describe('Look for a language model server on this machine when no engine is one.'),
    })
    .prefault({}),
  deployments: z.record(part.name, deployment).default({}).describe('The models that clients can ask for.'),
  storage: storageSection.prefault({}),
  compatibility: compatibilitySection.prefault({}),
  log: logSection.prefault({}),
});

/** All settings with their defaults; file paths are absolute. */
export type Config = z.output<typeof configSchema>;

export type DeploymentConfig = z.output<typeof deployment>;

/** JSON Schema of the configuration file, for editors. */
export function configJsonSchema(): Readonly<Record<string, unknown>> {
  return z.toJSONSchema(configSchema, { io: 'input' });
}
