import type { WireEvent } from '../wire/realtime/index.ts';

/** What came from the peer. Of a binary frame there is nothing to tell: the protocol has none. */
export type Inbound = { readonly type: 'message'; readonly text: string } | { readonly type: 'binary' };

/** A live connection that carries the events of a session. */
export interface RealtimeTransport {
  /** For one reader. A reader that is busy holds up the peer. Ends when the connection does. */
  readonly inbound: AsyncIterable<Inbound>;
  /** Resolves, with what the peer said, when the connection has ended, though what came before may not have been read. */
  readonly ended: Promise<PeerClose>;
  /** Resolves once the peer has room for more, and at once when the connection has ended. */
  send(message: WireEvent): Promise<void>;
  /** Likewise, for a message that is text already. */
  sendText(text: string): Promise<void>;
  /** Resolves when the connection has ended, whichever side ended it. May be called twice. */
  close(code: number, reason: string): Promise<void>;
}

/** RFC 6455 7.1.5: 1005 is a close without a code, 1006 an end without a close. */
export interface PeerClose {
  readonly code: number;
  readonly reason: string;
}

export const BINARY_MESSAGE = 'Expected a text WebSocket message; binary frames are not supported.';

/** RFC 6455 7.4.1: 1000 to 1015 are the protocol's own, 3000 and up are an application's. */
export type CloseCode = 1000 | 1001 | 1011 | 1013 | 3000 | 3003 | 4000 | 4004;
