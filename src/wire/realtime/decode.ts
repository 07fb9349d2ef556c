import type { SessionCommand } from '../../realtime/session-command.ts';
import type { ProblemCode } from '../../realtime/session-event.ts';
import { type CommandTable, clientEventType, eventId, isClientEventType } from './client-events.ts';
import type { DecodeContext, DecodedCommand, Judged } from './dialect.ts';
import { judge } from './judge.ts';

/** The JSON of one text frame. */
export function parseMessage(text: string): Judged<unknown> {
  try {
    return { ok: true, value: JSON.parse(text) };
  } catch {
    // The space at its end is the services' own (contract 2.6).
    return problem('invalid_json', 'Invalid event: failed to parse JSON value. ');
  }
}

/** Reads one client event by `table`. Never throws. */
export function decodeCommand(message: unknown, table: CommandTable, context: DecodeContext): DecodedCommand {
  if (typeof message !== 'object' || message === null || Array.isArray(message))
    return problem('invalid_event', 'Invalid event: expected a JSON object.');
  if (!('type' in message)) return problem('invalid_event', "The 'type' field is missing.");
  const causedBy = 'event_id' in message ? eventId.safeParse(message.event_id).data : undefined;
  const judged = decodeBody(message, table, context);
  if (judged.ok) return { ok: true, value: { ...judged.value, eventId: causedBy ?? undefined } };
  return { ok: false, problem: { ...judged.problem, eventId: causedBy ?? null } };
}

/**
 * Whether a preview connection's `session.update` is written for GA, by a client library that learned the new
 * protocol before the old address was given up (contract, dialects).
 */
export function isGaUpdate(message: unknown): boolean {
  if (!isObject(message) || message['type'] !== 'session.update' || !isObject(message['session']))
    return false;
  const { session } = message;
  return 'type' in session || 'output_modalities' in session || 'audio' in session;
}

function decodeBody(
  message: { readonly type: unknown },
  table: CommandTable,
  context: DecodeContext,
): Judged<Omit<SessionCommand, 'eventId'> & SessionCommandBody> {
  if (isClientEventType(message.type)) return table[message.type](message, context);
  const named = judge(clientEventType, message);
  return named.ok ? table[named.value.type](message, context) : named;
}

type SessionCommandBody = ReturnType<CommandTable[keyof CommandTable]> extends Judged<infer B> ? B : never;

function problem(code: ProblemCode, message: string): Extract<Judged<never>, { ok: false }> {
  return { ok: false, problem: { code, message, param: null, eventId: null } };
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
