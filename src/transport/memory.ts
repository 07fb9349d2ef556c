import { Channel } from '../util/channel.ts';
import { deferred } from '../util/deferred.ts';
import type { WireEvent } from '../wire/realtime/index.ts';
import type { Inbound, PeerClose, RealtimeTransport } from './transport.ts';

/** The other end of a memory transport, in the place of a client. */
export interface MemoryPeer {
  /** Resolves once the server has room for more. */
  send(message: unknown): Promise<void>;
  sendText(text: string): Promise<void>;
  sendBinary(): Promise<void>;
  /** What the server sent, for one reader; ends with the connection. */
  readonly events: AsyncIterable<WireEvent>;
  /** How the server ended the connection; `undefined` when the peer did. */
  readonly closed: Promise<{ readonly code: number; readonly reason: string } | undefined>;
  close(): void;
}

/**
 * A connection without a network, for tests. Each side waits once `ahead` messages lie unread at the other.
 */
export function memoryTransport({ ahead = 16 }: { readonly ahead?: number } = {}): {
  readonly transport: RealtimeTransport;
  readonly peer: MemoryPeer;
} {
  const inbound = new Channel<Inbound>(ahead);
  const events = new Channel<WireEvent>(ahead);
  const closed = deferred<PeerClose | undefined>();
  const end = (outcome: PeerClose | undefined): void => {
    closed.resolve(outcome);
    inbound.close();
    events.close();
  };
  const sendText = async (text: string): Promise<void> => await inbound.write({ type: 'message', text });
  return {
    transport: {
      inbound,
      ended: closed.promise.then((outcome) => outcome ?? { code: 1005, reason: '' }),
      send: async (message) => await events.write(message),
      // What a server of these tests sends is events.
      sendText: async (text) => await events.write(JSON.parse(text) as WireEvent),
      close: async (code, reason) => end({ code, reason }),
    },
    peer: {
      send: async (message) => await sendText(JSON.stringify(message)),
      sendText,
      sendBinary: async () => await inbound.write({ type: 'binary' }),
      events,
      closed: closed.promise,
      close: () => end(undefined),
    },
  };
}
