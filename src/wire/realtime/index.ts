import type { SessionConfig } from '../../realtime/session-config.ts';
import type { SessionEvent } from '../../realtime/session-event.ts';
import { toChanges } from './changes.ts';
import { rateLimitsBody } from './common.ts';
import { decodeCommand } from './decode.ts';
import type {
  DecodedConfig,
  DialectName,
  RealtimeDialect,
  Revision,
  WireBody,
  WireEvent,
} from './dialect.ts';
import { ga } from './ga/ga.ts';
import { judge } from './judge.ts';
import { isOfFirstRevision } from './preview/first-revision.ts';
import { preview } from './preview/preview.ts';

export { isGaUpdate, parseMessage } from './decode.ts';
export { defaultSessionConfig } from './default-session.ts';
export type {
  DecodedCommand,
  DialectName,
  RateLimit,
  RealtimeDialect,
  WireEvent,
  WireObject,
} from './dialect.ts';

export interface DialectOptions {
  /** What `null` in a session's field sets it back to. */
  readonly defaults: SessionConfig;
  /** Gives each event its id, and calls and items those that the client left out. */
  readonly newId: (prefix: string) => string;
  /** Azure's, as the client gave it: the first one knows fewer events. */
  readonly apiVersion?: string | undefined;
}

/** A dialect for one connection. A connection that turns out to be GA's creates another and goes on with it. */
export function createDialect(name: DialectName, options: DialectOptions): RealtimeDialect {
  const revision = REVISIONS[name];
  const { defaults, newId, apiVersion } = options;
  const isFirst = name === 'preview' && apiVersion === '2024-10-01-preview';
  const withId = ({ type, ...body }: WireBody): WireEvent => ({ type, event_id: newId('event_'), ...body });
  return {
    name,
    decode: (message, session) => decodeCommand(message, revision.commands, { session, defaults, newId }),
    encode: (event) =>
      encodeBy(revision, event)
        .filter(({ type }) => !isFirst || isOfFirstRevision(type))
        .map(withId),
    encodeRateLimits: (limits) => withId(rateLimitsBody(limits)),
    encodeSession: revision.sessionObject,
    decodeSession: (body, base, at = 'session') => decodeConfig(revision, body, { base, defaults, at }),
  };
}

const REVISIONS: Readonly<Record<DialectName, Revision>> = { preview, ga };

function encodeBy({ rows }: Revision, event: SessionEvent): readonly WireBody[] {
  // The table has for each type a row that takes it; that the two belong together is beyond the compiler.
  const row = rows[event.type] as (event: SessionEvent) => readonly WireBody[];
  return row(event);
}

function decodeConfig(
  { schemas }: Revision,
  body: unknown,
  context: { readonly base: SessionConfig; readonly defaults: SessionConfig; readonly at: string },
): DecodedConfig {
  const { base, defaults, at } = context;
  const schema = base.purpose === 'transcription' ? schemas.transcriptionSession : schemas.session;
  const judged = judge(schema, body, at === '' ? [] : [at]);
  if (!judged.ok) return judged;
  const changes = toChanges(judged.value, defaults);
  return { ok: true, value: { ...base, ...changes, echo: { ...base.echo, ...changes.echo } } };
}
