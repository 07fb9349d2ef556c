import type { EventRecord } from './record.ts';
import { sessionPath, subprotocols, TRACE } from './session-address.ts';
import type { RealtimeSettings } from './settings.ts';
import { parseEvent, type WireEvent } from './wire-event.ts';

/** Why a session ended that nobody on this side ended. */
export interface Drop {
  /** Of the WebSocket (RFC 6455 7.4), 1006 where there was no farewell; `undefined` where there was none to close. */
  readonly code: number | undefined;
  readonly reason: string;
  /** Whether there had been a session at all. */
  readonly wasOpen: boolean;
}

export interface Connection {
  send(event: WireEvent): void;
  /** Bytes that the network has not taken yet. */
  readonly waitingBytes: number;
  close(): void;
}

export interface ConnectionOptions {
  readonly settings: Pick<RealtimeSettings, 'address' | 'deployment'>;
  readonly secret: string | undefined;
  /** Milliseconds since the session was asked for. */
  readonly now: () => number;
  /** Told of every event in both directions, in order. */
  readonly onRecord: (record: EventRecord) => void;
  readonly onDrop: (drop: Drop) => void;
}

/** Asks the server that the page came from for a session. */
export function connect({ settings, secret, now, onRecord, onDrop }: ConnectionOptions): Connection {
  const address = new URL(sessionPath(settings) + TRACE, location.href);
  address.protocol = address.protocol.replace('http', 'ws');
  const socket = new WebSocket(address, [...subprotocols({ address: settings.address, secret })]);
  let wasOpen = false;
  let isClosing = false;
  socket.onopen = () => {
    wasOpen = true;
  };
  socket.onmessage = ({ data }: MessageEvent<unknown>) => {
    const event = typeof data === 'string' ? parseEvent(data) : undefined;
    if (event && !isClosing) onRecord({ direction: 'server', atMs: now(), event });
  };
  socket.onclose = ({ code, reason }) => {
    if (!isClosing) onDrop({ code, reason, wasOpen });
  };
  return {
    send: (event) => {
      if (socket.readyState !== WebSocket.OPEN) return;
      socket.send(JSON.stringify(event));
      onRecord({ direction: 'client', atMs: now(), event });
    },
    get waitingBytes() {
      return socket.bufferedAmount;
    },
    close: () => {
      isClosing = true;
      socket.close(1000);
    },
  };
}
