import { z } from 'zod';
import type { AudioClip } from '../../audio/clip.ts';
import { expandG711 } from '../../audio/g711.ts';
import { fromPcmBytes } from '../../audio/pcm-bytes.ts';
import type { ContentPart, ConversationItem } from '../../conversation/item.ts';
import { sampleRateOf, type WireAudioFormat } from '../../realtime/session-config.ts';
import { audioBytes } from './audio-bytes.ts';
import type { DecodeContext } from './dialect.ts';
import { refusal } from './judge.ts';

/** An item of a conversation as clients of either dialect write it. Loose: they send back what they were sent. */
const header = {
  id: z.string().max(32).nullish(),
  status: z.enum(['completed', 'incomplete', 'in_progress']).nullish(),
};

type PartDraft =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'audio'; readonly bytes: Uint8Array; readonly transcript: string | undefined };

function textPart<T extends string>(type: T) {
  return z
    .looseObject({ type: z.literal(type), text: z.string() })
    .transform(({ text }): PartDraft => ({ kind: 'text', text }));
}

const inputAudio = z
  .looseObject({ type: z.literal('input_audio'), audio: audioBytes, transcript: z.string().nullish() })
  .transform(
    ({ audio, transcript }): PartDraft => ({
      kind: 'audio',
      bytes: audio,
      transcript: transcript ?? undefined,
    }),
  );

/** Speech of the assistant is its own to make; what a client knows of it are the words. */
function spokenPart<T extends string>(type: T) {
  return z
    .looseObject({ type: z.literal(type), transcript: z.string().nullish() })
    .transform(({ transcript }, context): PartDraft => {
      if (typeof transcript === 'string') return { kind: 'text', text: transcript };
      const message =
        "An assistant's audio can not be written. Send its words as 'transcript', or a text part.";
      context.issues.push(refusal('missing_required_parameter', message, ['transcript']));
      return z.NEVER;
    });
}

const message = z.discriminatedUnion('role', [
  z.looseObject({
    ...header,
    type: z.literal('message'),
    role: z.literal('system'),
    content: z.array(z.discriminatedUnion('type', [textPart('input_text')])).min(1),
  }),
  z.looseObject({
    ...header,
    type: z.literal('message'),
    role: z.literal('user'),
    content: z.array(z.discriminatedUnion('type', [textPart('input_text'), inputAudio])).min(1),
  }),
  z.looseObject({
    ...header,
    type: z.literal('message'),
    role: z.literal('assistant'),
    content: z
      .array(
        z.discriminatedUnion('type', [
          textPart('text'),
          textPart('output_text'),
          spokenPart('audio'),
          spokenPart('output_audio'),
        ]),
      )
      .min(1),
  }),
]);

const functionCall = z.looseObject({
  ...header,
  type: z.literal('function_call'),
  call_id: z.string().min(1).nullish(),
  name: z.string().min(1),
  arguments: z.string(),
});

const functionOutput = z.looseObject({
  ...header,
  type: z.literal('function_call_output'),
  call_id: z.string().min(1),
  output: z.string(),
});

const reference = z.looseObject({ type: z.literal('item_reference'), id: z.string().min(1) });

export const itemSchema = z.discriminatedUnion('type', [message, functionCall, functionOutput]);

/** In the input of a response, an item may also be one that the conversation has. */
export const inputItemSchema = z.discriminatedUnion('type', [
  message,
  functionCall,
  functionOutput,
  reference,
]);

export type WireItem = z.infer<typeof itemSchema>;
export type WireInputItem = z.infer<typeof inputItemSchema>;

/** Without an id of the client's, the item has `id`. */
export function toItem(wire: WireItem, id: string, { session, newId }: DecodeContext): ConversationItem {
  const named = {
    id: wire.id || id,
    status: wire.status === 'incomplete' ? 'incomplete' : 'completed',
  } as const;
  switch (wire.type) {
    case 'message':
      return {
        kind: 'message',
        ...named,
        role: wire.role,
        content: wire.content.map((part) => toPart(part, session.inputFormat)),
      };
    case 'function_call':
      return {
        kind: 'function-call',
        ...named,
        callId: wire.call_id ?? newId('call_'),
        name: wire.name,
        arguments: wire.arguments,
      };
    case 'function_call_output':
      return { kind: 'function-output', id: named.id, callId: wire.call_id, output: wire.output };
  }
}

function toPart(part: PartDraft, format: WireAudioFormat): ContentPart {
  if (part.kind === 'text') return part;
  return { kind: 'audio', clip: toClip(part.bytes, format), transcript: part.transcript };
}

function toClip(bytes: Uint8Array, format: WireAudioFormat): AudioClip {
  const samples =
    format === 'pcm16' ? fromPcmBytes(bytes) : expandG711(bytes, format === 'g711-ulaw' ? 'mulaw' : 'alaw');
  return { chunks: [{ samples, sampleRate: sampleRateOf(format) }] };
}
