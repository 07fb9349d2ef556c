import { z } from 'zod';
import type { SessionCommand } from '../../realtime/session-command.ts';
import type { ResponseInputItem, ResponseOptions } from '../../realtime/session-config.ts';
import { audioBytes } from './audio-bytes.ts';
import { toChanges, toReplyOptions } from './changes.ts';
import type { DecodeContext, Judged } from './dialect.ts';
import { inputItemSchema, itemSchema, toItem, type WireInputItem } from './item-schema.ts';
import { judge, refusal } from './judge.ts';
import { metadata, type ReplyFields, type SessionFields } from './session-fields.ts';

/** What `response.create` says: how it differs from the session, what it reads, and where it goes. */
export interface ResponseFields extends ReplyFields {
  readonly conversation?: 'auto' | 'none' | null | undefined;
  readonly metadata?: Readonly<Record<string, string>> | null | undefined;
  readonly input?: readonly WireInputItem[] | null | undefined;
}

/** Fields of `response.create` that both dialects write alike. */
export const responseTarget = {
  conversation: z.enum(['auto', 'none']).nullish(),
  metadata: metadata.nullish(),
  input: z.array(inputItemSchema).nullish(),
};

/** The two objects that the dialects write differently. */
export interface ConfigSchemas {
  readonly session: z.ZodType<SessionFields>;
  readonly transcriptionSession: z.ZodType<SessionFields>;
  readonly response: z.ZodType<ResponseFields>;
}

/** A command as its message says it, before the client's `event_id` is put to it. */
type Unnamed<C> = C extends unknown ? Omit<C, 'eventId'> : never;
type CommandBody = Unnamed<SessionCommand>;

type CommandRow = (message: unknown, context: DecodeContext) => Judged<CommandBody>;

export type CommandTable = Readonly<Record<ClientEventType, CommandRow>>;

/** In the order in which the services list them (contract 2.6). */
const CLIENT_EVENT_TYPES = [
  'session.update',
  'transcription_session.update',
  'input_audio_buffer.append',
  'input_audio_buffer.commit',
  'input_audio_buffer.clear',
  'output_audio_buffer.clear',
  'conversation.item.create',
  'conversation.item.truncate',
  'conversation.item.delete',
  'conversation.item.retrieve',
  'response.create',
  'response.cancel',
] as const;

export type ClientEventType = (typeof CLIENT_EVENT_TYPES)[number];

export function isClientEventType(type: unknown): type is ClientEventType {
  return typeof type === 'string' && CLIENT_EVENT_TYPE_SET.has(type);
}

const CLIENT_EVENT_TYPE_SET: ReadonlySet<string> = new Set(CLIENT_EVENT_TYPES);

/** Words what is wrong with a message of no type that is known: everything else is judged by its type. */
export const clientEventType = z.looseObject({ type: z.enum(CLIENT_EVENT_TYPES) });

export const eventId = z.string().max(512).nullish();

/** A row for every client event, of which the dialects write only the configurations differently. */
export function commandTable({ session, transcriptionSession, response }: ConfigSchemas): CommandTable {
  return {
    ...sharedCommands,
    'session.update': row(event({ session }), (wire, { defaults }) => ({
      type: 'session-update',
      changes: toChanges(wire.session, defaults),
    })),
    'transcription_session.update': row(event({ session: transcriptionSession }), (wire, { defaults }) => ({
      type: 'session-update',
      changes: toChanges({ ...wire.session, purpose: 'transcription' }, defaults),
    })),
    'response.create': row(event({ response: response.nullish() }), (wire, context) => ({
      type: 'response-create',
      options: toOptions(wire.response ?? {}, context),
    })),
  };
}

const sharedCommands = {
  'input_audio_buffer.append': row(event({ audio: audioBytes }), ({ audio }) => ({
    type: 'audio-append',
    bytes: audio,
  })),
  'input_audio_buffer.commit': row(event({}), () => ({ type: 'audio-commit' })),
  'input_audio_buffer.clear': row(event({}), () => ({ type: 'audio-clear' })),
  'output_audio_buffer.clear': row(onlyOverWebRtc(), () => ({ type: 'audio-clear' })),
  'conversation.item.create': row(
    event({ previous_item_id: z.string().nullish(), item: itemSchema }),
    ({ item, previous_item_id }, context) => ({
      type: 'item-create',
      item: toItem(item, '', context),
      after: previous_item_id ?? undefined,
    }),
  ),
  'conversation.item.retrieve': row(event({ item_id: z.string() }), ({ item_id }) => ({
    type: 'item-retrieve',
    itemId: item_id,
  })),
  'conversation.item.truncate': row(
    event({ item_id: z.string(), content_index: z.int().min(0), audio_end_ms: z.int().min(0) }),
    ({ item_id, content_index, audio_end_ms }) => ({
      type: 'item-truncate',
      itemId: item_id,
      contentIndex: content_index,
      audioEndMs: audio_end_ms,
    }),
  ),
  'conversation.item.delete': row(event({ item_id: z.string() }), ({ item_id }) => ({
    type: 'item-delete',
    itemId: item_id,
  })),
  'response.cancel': row(event({ response_id: z.string().nullish() }), ({ response_id }) => ({
    type: 'response-cancel',
    responseId: response_id ?? undefined,
  })),
} satisfies Partial<CommandTable>;

function event<S extends z.ZodRawShape>(shape: S) {
  return z.strictObject({ type: z.string(), event_id: eventId, ...shape });
}

function onlyOverWebRtc() {
  return event({}).transform((_, context) => {
    const message = "'output_audio_buffer.clear' is for WebRTC, where the server plays the audio.";
    context.issues.push(refusal('invalid_value', message, ['type']));
    return z.NEVER;
  });
}

function row<T>(
  schema: z.ZodType<T>,
  toCommand: (wire: T, context: DecodeContext) => CommandBody,
): CommandRow {
  return (message, context) => {
    const judged = judge(schema, message);
    return judged.ok ? { ok: true, value: toCommand(judged.value, context) } : judged;
  };
}

function toOptions(fields: ResponseFields, context: DecodeContext): ResponseOptions {
  return {
    ...toReplyOptions(fields),
    isOutOfBand: fields.conversation === 'none',
    metadata: fields.metadata ?? undefined,
    input: fields.input?.map((item) => toInputItem(item, context)),
  };
}

function toInputItem(item: WireInputItem, context: DecodeContext): ResponseInputItem {
  if (item.type === 'item_reference') return { type: 'reference', itemId: item.id };
  return { type: 'item', item: toItem(item, context.newId('item_'), context) };
}
