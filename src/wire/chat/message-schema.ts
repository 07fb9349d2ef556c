import { z } from 'zod';

/**
 * Messages are loose where the top level is strict: clients send back what they were sent, with whatever
 * fields a service of theirs once added.
 */
const textPart = z.looseObject({ type: z.literal('text'), text: z.string() });
const refusalPart = z.looseObject({ type: z.literal('refusal'), refusal: z.string() });

/** `data` is base64, or the bytes it stood for where the intake has decoded it. */
const audioPart = z.looseObject({
  type: z.literal('input_audio'),
  input_audio: z.looseObject({
    data: z.union([z.instanceof(Uint8Array), z.string()]),
    format: z.enum(['wav', 'mp3']),
  }),
});

const unsupportedPart = z.looseObject({ type: z.enum(['image_url', 'file']) });

const userPart = z.discriminatedUnion('type', [textPart, audioPart, unsupportedPart]);
const plainContent = z.union([z.string(), z.array(textPart).min(1)]);

const toolCall = z.looseObject({
  id: z.string().min(1),
  type: z.literal('function'),
  function: z.looseObject({ name: z.string().min(1), arguments: z.string() }),
});

const assistantMessage = z.looseObject({
  role: z.literal('assistant'),
  content: z.union([z.string(), z.array(z.discriminatedUnion('type', [textPart, refusalPart]))]).nullish(),
  refusal: z.string().nullish(),
  audio: z.looseObject({ id: z.string().min(1) }).nullish(),
  tool_calls: z.array(toolCall).nullish(),
  function_call: z.looseObject({ name: z.string().min(1), arguments: z.string() }).nullish(),
});

export const messageSchema = z.discriminatedUnion('role', [
  z.looseObject({ role: z.literal('system'), content: plainContent }),
  z.looseObject({ role: z.literal('developer'), content: plainContent }),
  z.looseObject({ role: z.literal('user'), content: z.union([z.string(), z.array(userPart).min(1)]) }),
  assistantMessage,
  z.looseObject({ role: z.literal('tool'), tool_call_id: z.string().min(1), content: plainContent }),
  z.looseObject({ role: z.literal('function'), name: z.string().min(1), content: z.string().nullable() }),
]);

export type WireMessage = z.infer<typeof messageSchema>;
export type WireUserPart = z.infer<typeof userPart>;
