import { z } from 'zod';
import { VOICES } from '../voices.ts';
import { messageSchema } from './message-schema.ts';

const functionDefinition = z.looseObject({
  name: z
    .string()
    .regex(/^[a-zA-Z0-9_-]{1,64}$/, "Invalid function name: expected 1 to 64 of a-z, A-Z, 0-9, '_' and '-'."),
  description: z.string().nullish(),
  parameters: z.record(z.string(), z.unknown()).nullish(),
  strict: z.boolean().nullish(),
});

const named = z.looseObject({ name: z.string().min(1) });
const penalty = z.number().min(-2).max(2).nullish();
const metadataSchema = z
  .record(z.string().max(64), z.string().max(512))
  .refine((map) => Object.keys(map).length <= 16, {
    message: "Invalid 'metadata': too many properties. Expected at most 16.",
  });

/** Fields that change nothing here and that programs send all the same. */
const accepted = {
  user: z.string().nullish(),
  safety_identifier: z.string().nullish(),
  prompt_cache_key: z.string().nullish(),
  prompt_cache_retention: z.string().nullish(),
  prediction: z.unknown().optional(),
  reasoning_effort: z.string().nullish(),
  verbosity: z.string().nullish(),
  user_security_context: z.unknown().optional(),
};

/** Every published request field (contract 1.3); an unknown one is refused, as the services do. */
export const chatRequestSchema = z.strictObject({
  messages: z.array(messageSchema).min(1),
  model: z.string().min(1).nullish(),
  modalities: z
    .array(z.enum(['text', 'audio']))
    .min(1)
    .nullish(),
  audio: z
    .looseObject({
      voice: z.union([z.enum(VOICES), z.looseObject({ id: z.string().min(1) })]),
      format: z.enum(['wav', 'aac', 'mp3', 'flac', 'opus', 'pcm16']),
    })
    .nullish(),
  stream: z.boolean().nullish(),
  stream_options: z
    .looseObject({ include_usage: z.boolean().nullish(), include_obfuscation: z.boolean().nullish() })
    .nullish(),
  n: z.int().min(1).max(128).nullish(),
  temperature: z.number().min(0).max(2).nullish(),
  top_p: z.number().min(0).max(1).nullish(),
  max_tokens: z.int().min(1).nullish(),
  max_completion_tokens: z.int().min(1).nullish(),
  stop: z.union([z.string(), z.array(z.string()).max(4)]).nullish(),
  presence_penalty: penalty,
  frequency_penalty: penalty,
  logit_bias: z.record(z.string(), z.number().min(-100).max(100)).nullish(),
  logprobs: z.boolean().nullish(),
  top_logprobs: z.int().min(0).max(20).nullish(),
  response_format: z
    .discriminatedUnion('type', [
      z.looseObject({ type: z.literal('text') }),
      z.looseObject({ type: z.literal('json_object') }),
      z.looseObject({
        type: z.literal('json_schema'),
        json_schema: z.looseObject({ name: z.string(), schema: z.record(z.string(), z.unknown()).nullish() }),
      }),
    ])
    .nullish(),
  seed: z.int().nullish(),
  tools: z
    .array(
      z.discriminatedUnion('type', [
        z.looseObject({ type: z.literal('function'), function: functionDefinition }),
        z.looseObject({ type: z.literal('custom') }),
      ]),
    )
    .max(128)
    .nullish(),
  tool_choice: z
    .union([
      z.enum(['none', 'auto', 'required']),
      z.looseObject({ type: z.literal('function'), function: named }).transform((choice) => choice.function),
    ])
    .nullish(),
  parallel_tool_calls: z.boolean().nullish(),
  functions: z.array(functionDefinition).min(1).max(128).nullish(),
  function_call: z.union([z.enum(['none', 'auto']), named]).nullish(),
  store: z.boolean().nullish(),
  metadata: metadataSchema.nullish(),
  service_tier: z.enum(['auto', 'default', 'flex', 'scale', 'priority']).nullish(),
  web_search_options: z.unknown().optional(),
  data_sources: z.unknown().optional(),
  ...accepted,
});

export type WireChatRequest = z.infer<typeof chatRequestSchema>;

/** What of a stored completion can be changed. */
export const metadataUpdateSchema = z.strictObject({ metadata: metadataSchema.nullable() });
