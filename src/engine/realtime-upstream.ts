import type { Writable } from 'node:stream';
import type { WebSocket } from 'ws';

/** A server to which whole realtime sessions are passed on. */
export interface RealtimeUpstream {
  readonly name: string;
  /**
   * Opens a session there, and resolves once that server has told its first event.
   * @throws {EngineError} and the signal's reason when aborted.
   */
  open(asked: UpstreamSessionRequest, options: { readonly signal: AbortSignal }): Promise<UpstreamSession>;
}

export interface UpstreamSessionRequest {
  readonly dialect: 'preview' | 'ga';
  readonly purpose: 'conversation' | 'transcription';
  /** Whether `samtal-trace=1` is asked of the server, which one that does not know it passes over. */
  readonly isTraced: boolean;
}

/** An open session of an upstream server. Whoever has it closes its socket. */
export interface UpstreamSession {
  /** Paused. Its messages are kept until they are taken. */
  readonly socket: WebSocket;
  /** What it has said so far, as it came and at least one event; from now on its messages are kept no more. */
  readonly takeEarly: () => readonly string[];
  /** What `socket` writes to. */
  readonly stream: Writable;
  /** Takes out of a text what must not be repeated to clients, such as the key of that server. */
  readonly redact: (text: string) => string;
}
