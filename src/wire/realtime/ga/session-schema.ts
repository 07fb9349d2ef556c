import { z } from 'zod';
import type { WireAudioFormat } from '../../../realtime/session-config.ts';
import { type ResponseFields, responseTarget } from '../client-events.ts';
import { refusal } from '../judge.ts';
import {
  echoOf,
  include,
  maxTokens,
  noiseReduction,
  prompt,
  type ReplyFields,
  readOnlyFields,
  type SessionFields,
  speed,
  toolChoice,
  tools,
  toTurnDetection,
  tracing,
  transcription,
  turnDetectionFields,
} from '../session-fields.ts';

const audioFormat = z
  .discriminatedUnion('type', [
    z.looseObject({ type: z.literal('audio/pcm'), rate: z.literal(24_000).nullish() }),
    z.looseObject({ type: z.literal('audio/pcmu') }),
    z.looseObject({ type: z.literal('audio/pcma') }),
  ])
  .transform(({ type }): WireAudioFormat => {
    if (type === 'audio/pcm') return 'pcm16';
    return type === 'audio/pcmu' ? 'g711-ulaw' : 'g711-alaw';
  });

const voiceName = z.enum([
  'alloy',
  'ash',
  'ballad',
  'coral',
  'echo',
  'sage',
  'shimmer',
  'verse',
  'marin',
  'cedar',
]);
const voice = z.union([voiceName, z.looseObject({ id: voiceName }).transform(({ id }) => id)]);

/** Speech always comes with its transcript, so that either word says all. */
const modalities = z.array(z.enum(['text', 'audio'])).transform((names, context) => {
  const [only, ...others] = new Set(names);
  if (only && others.length === 0) return only;
  const given = names.map((name) => `'${name}'`).join(', ');
  const message = `Invalid modalities: [${given}]. Supported combinations are: ['text'] and ['audio'].`;
  context.issues.push(refusal('invalid_value', message));
  return z.NEVER;
});

const turnDetection = z
  .strictObject({ ...turnDetectionFields, idle_timeout_ms: z.int().min(5_000).max(30_000).nullish() })
  .transform(toTurnDetection);

const audioInput = z.strictObject({
  format: audioFormat.nullish(),
  transcription: transcription.nullish(),
  noise_reduction: noiseReduction.nullish(),
  turn_detection: turnDetection.nullish(),
});

const replyShape = {
  output_modalities: modalities.nullish(),
  instructions: z.string().nullish(),
  tools: tools.nullish(),
  tool_choice: toolChoice.nullish(),
  parallel_tool_calls: z.boolean().nullish(),
  reasoning: z.looseObject({ effort: z.string().nullish() }).nullish(),
  max_output_tokens: maxTokens.nullish(),
  prompt: prompt.optional(),
};

/** A `retention_ratio` is refused: how much of a long conversation goes, the model's context says. */
const truncation = z.enum(['auto', 'disabled']);

const outputShape = { format: audioFormat.nullish(), voice: voice.nullish() };

/** One form for both kinds of session: what a transcription session does not use, it may still be told. */
export const sessionSchema: z.ZodType<SessionFields> = z
  .strictObject({
    ...readOnlyFields,
    ...replyShape,
    /** Required in the published form; without it a session stays what it is (contract 3.2). */
    type: z.enum(['realtime', 'transcription']).nullish(),
    audio: z
      .strictObject({
        input: audioInput.nullish(),
        output: z.strictObject({ ...outputShape, speed: speed.nullish() }).nullish(),
      })
      .nullish(),
    include,
    tracing,
    truncation: truncation.nullish(),
    client_secret: z.unknown().optional(),
  })
  .transform((wire) => {
    const { input, output } = wire.audio ?? {};
    const { tracing, reasoning } = wire;
    return {
      ...toReplyFields(wire, output),
      purpose: toPurpose(wire.type),
      speed: output?.speed,
      inputFormat: input?.format,
      transcription: input?.transcription,
      noiseReduction: input?.noise_reduction,
      turnDetection: input?.turn_detection,
      truncation: wire.truncation,
      echo: echoOf({ tracing, reasoning }),
    };
  });

export const responseSchema: z.ZodType<ResponseFields> = z
  .strictObject({
    ...responseTarget,
    ...replyShape,
    audio: z.strictObject({ output: z.strictObject(outputShape).nullish() }).nullish(),
  })
  .transform((wire) => ({
    ...toReplyFields(wire, wire.audio?.output),
    conversation: wire.conversation,
    metadata: wire.metadata,
    input: wire.input,
  }));

function toReplyFields(
  wire: z.infer<z.ZodObject<typeof replyShape>>,
  output: z.infer<z.ZodObject<typeof outputShape>> | null | undefined,
): ReplyFields {
  return {
    modality: wire.output_modalities,
    instructions: wire.instructions,
    voice: output?.voice,
    outputFormat: output?.format,
    tools: wire.tools,
    toolChoice: wire.tool_choice,
    parallelToolCalls: wire.parallel_tool_calls,
    maxOutputTokens: wire.max_output_tokens,
  };
}

function toPurpose(type: 'realtime' | 'transcription' | null | undefined): SessionFields['purpose'] {
  if (!type) return undefined;
  return type === 'realtime' ? 'conversation' : 'transcription';
}
