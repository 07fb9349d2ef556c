import type { z } from 'zod';
import type { SessionCommand } from '../../realtime/session-command.ts';
import type { SessionConfig } from '../../realtime/session-config.ts';
import type { SessionEvent, SessionProblem, SessionSnapshot } from '../../realtime/session-event.ts';
import type { CommandTable } from './client-events.ts';
import type { SessionFields } from './session-fields.ts';

export type DialectName = 'preview' | 'ga';

/** A JSON object as it crosses the wire. */
export type WireObject = Readonly<Record<string, unknown>>;

/** What a server event says, before it has an id of its own. */
export type WireBody = { readonly type: string } & WireObject;

export type WireEvent = WireBody & { readonly event_id: string };

/** What a client sent, judged: a bad message is a value that the client is told of, and never a throw. */
export type Judged<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly problem: SessionProblem };

export type DecodedCommand = Judged<SessionCommand>;
export type DecodedConfig = Judged<SessionConfig>;

/** How much of a limit is left, for `rate_limits.updated`. */
export interface RateLimit {
  readonly name: 'requests' | 'tokens';
  readonly limit: number;
  readonly remaining: number;
  readonly resetSeconds: number;
}

/** How one published revision of the Realtime API writes what a session means, for one connection. */
export interface RealtimeDialect {
  readonly name: DialectName;
  /** `session` is the configuration by which the message is to be read, such as the format of its audio. */
  decode(message: unknown, session: SessionConfig): DecodedCommand;
  /** One event is told in no wire events, in one, or in several. */
  encode(event: SessionEvent): readonly WireEvent[];
  encodeRateLimits(limits: readonly RateLimit[]): WireEvent;
  /** The session object alone, as the endpoints that mint client secrets answer with it. */
  encodeSession(snapshot: SessionSnapshot): WireObject;
  /**
   * A whole configuration from a session object in a request's body: `base`, and what the body changes. A
   * problem's `param` begins with `at`, the body's own place in the request (`session`); empty for its root.
   */
  decodeSession(body: unknown, base: SessionConfig, at?: string): DecodedConfig;
}

/** A row for every event: one that the core adds does not compile until each dialect says how to tell it. */
export type EventTable = {
  readonly [T in SessionEvent['type']]: EventRow<T>;
};

export type EventRow<T extends SessionEvent['type']> = (
  event: Extract<SessionEvent, { type: T }>,
) => readonly WireBody[];

/** What reading a message depends on beside the message. */
export interface DecodeContext {
  readonly session: SessionConfig;
  /** What `null` sets a field back to. */
  readonly defaults: SessionConfig;
  readonly newId: (prefix: string) => string;
}

/** All that one revision says differently from the other. */
export interface Revision {
  readonly name: DialectName;
  readonly commands: CommandTable;
  readonly rows: EventTable;
  readonly sessionObject: (snapshot: SessionSnapshot) => WireObject;
  /** The session objects of requests, by what the session is for. */
  readonly schemas: {
    readonly session: z.ZodType<SessionFields>;
    readonly transcriptionSession: z.ZodType<SessionFields>;
  };
}
