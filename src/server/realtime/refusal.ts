import { STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import { bidFarewell } from '../../transport/farewell.ts';
import type { CloseCode, RealtimeTransport } from '../../transport/transport.ts';
import type { Clock } from '../../util/clock.ts';
import type { ApiError, ApiErrorKind } from '../../util/errors.ts';
import { newId } from '../../util/ids.ts';
import { type RenderedError, toErrorObject } from '../../wire/errors.ts';

/** Answers an upgrade with HTTP, as Azure does, and ends the connection. */
export function refusePlainly(
  socket: Duplex,
  { status, headers, body }: RenderedError,
  requestHeaders: Readonly<Record<string, string>> = {},
): void {
  const text = JSON.stringify(body);
  const all = {
    ...headers,
    ...requestHeaders,
    'content-type': 'application/json; charset=utf-8',
    'content-length': String(Buffer.byteLength(text)),
    connection: 'close',
  };
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`);
  socket.end(`HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}\r\n${lines.join('')}\r\n${text}`);
}

/** What OpenAI closes a socket with that it accepted only to say why it refuses it (contract 2.1). */
const CLOSE_CODES: Partial<Readonly<Record<ApiErrorKind, CloseCode>>> = {
  'missing-key': 3000,
  'wrong-key': 3000,
  'wrong-token': 3000,
  forbidden: 3003,
  'deployment-not-found': 4004,
  'too-many-requests': 1013,
  overloaded: 1013,
};

/** Says in one `error` event why there is no session, and closes: a browser sees nothing of an HTTP answer. */
export async function refuseOpenly(
  transport: RealtimeTransport,
  error: ApiError,
  { clock }: { readonly clock: Clock },
): Promise<void> {
  const heard = ignoreAll(transport.inbound);
  const told = toRealtimeError(error);
  await transport.send({ type: 'error', event_id: newId('event_'), error: told });
  const reason = [told.type, told.code].filter((part) => part !== null).join('.');
  await bidFarewell(transport, { code: CLOSE_CODES[error.kind] ?? 4000, reason, clock, heard });
  await heard;
}

interface RealtimeError {
  readonly type: string;
  readonly code: string | null;
  readonly message: string;
  readonly param: string | null;
  readonly event_id: null;
}

/** The HTTP error in a realtime event's form; two codes are known to be others there. */
function toRealtimeError(error: ApiError): RealtimeError {
  // The envelope is ours, and always has these members.
  const { error: inner } = toErrorObject(error) as { readonly error: Omit<RealtimeError, 'event_id'> };
  const { type, code, message, param } = inner;
  return { type, code: REALTIME_CODES[error.kind] ?? code, message, param, event_id: null };
}

const REALTIME_CODES: Partial<Readonly<Record<ApiErrorKind, string>>> = {
  'missing-parameter': 'missing_model',
  'missing-key': 'invalid_api_key',
};

async function ignoreAll(messages: AsyncIterable<unknown>): Promise<void> {
  for await (const _ of messages);
}
