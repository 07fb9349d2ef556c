import { z } from 'zod';
import { type ResponseFields, responseTarget } from '../client-events.ts';
import { flatFormat, flatInputShape, formatOf, toInputFields } from '../flat-input.ts';
import { decimal, refusal } from '../judge.ts';
import {
  echoOf,
  maxTokens,
  prompt,
  type ReplyFields,
  readOnlyFields,
  type SessionFields,
  speed,
  toolChoice,
  tools,
} from '../session-fields.ts';

/** Speech always comes with its transcript: audio alone is refused in the services' own words. */
const modalities = z.array(z.enum(['text', 'audio'])).transform((names, context) => {
  if (names.includes('text')) return names.includes('audio') ? 'audio' : 'text';
  const given = names.map((name) => `'${name}'`).join(', ');
  const message = `Invalid modalities: [${given}]. Supported combinations are: ['text'] and ['audio', 'text'].`;
  context.issues.push(refusal('invalid_value', message));
  return z.NEVER;
});

const replyShape = {
  modalities: modalities.nullish(),
  instructions: z.string().nullish(),
  voice: z.enum(['alloy', 'ash', 'ballad', 'coral', 'echo', 'sage', 'shimmer', 'verse']).nullish(),
  output_audio_format: flatFormat.nullish(),
  tools: tools.nullish(),
  tool_choice: toolChoice.nullish(),
  temperature: decimal(0.6, 1.2).nullish(),
  max_response_output_tokens: maxTokens.nullish(),
};

export const sessionSchema: z.ZodType<SessionFields> = z
  .strictObject({
    ...readOnlyFields,
    ...flatInputShape,
    ...replyShape,
    speed: speed.nullish(),
    prompt: prompt.optional(),
  })
  .transform((wire) => {
    const input = toInputFields(wire);
    const echo = { ...input.echo, ...echoOf({ output_audio_format: wire.output_audio_format?.spelled }) };
    return { ...input, ...toReplyFields(wire), speed: wire.speed, echo };
  });

const appendedItems = z.array(z.unknown()).check(({ value, issues }) => {
  if (value.length === 0) return;
  const message = "Items are not appended by a response. Send each by 'conversation.item.create' before it.";
  issues.push(refusal('unsupported_parameter', message));
});

/**
 * What only the first revision has (contract 2.3). The first two are let pass: rt-client's types want them, and
 * later revisions of the services take no notice of them.
 */
const firstRevision = {
  commit: z.boolean().nullish(),
  cancel_previous: z.boolean().nullish(),
  append_input_items: appendedItems.nullish(),
  input_items: responseTarget.input,
};

export const responseSchema: z.ZodType<ResponseFields> = z
  .strictObject({
    ...responseTarget,
    ...replyShape,
    ...firstRevision,
    max_output_tokens: maxTokens.nullish(),
  })
  .transform((wire) => {
    const reply = toReplyFields(wire);
    return {
      ...reply,
      maxOutputTokens: reply.maxOutputTokens ?? wire.max_output_tokens,
      conversation: wire.conversation,
      metadata: wire.metadata,
      input: wire.input ?? wire.input_items,
    };
  });

function toReplyFields(wire: z.infer<z.ZodObject<typeof replyShape>>): ReplyFields {
  return {
    modality: wire.modalities,
    instructions: wire.instructions,
    voice: wire.voice,
    outputFormat: formatOf(wire.output_audio_format),
    tools: wire.tools,
    toolChoice: wire.tool_choice,
    temperature: wire.temperature,
    maxOutputTokens: wire.max_response_output_tokens,
  };
}
