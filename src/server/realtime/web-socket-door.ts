import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { type WebSocket, WebSocketServer } from 'ws';

/** 15 MiB of audio in base64 (contract 2.7), and the event around it. */
const MAX_MESSAGE_BYTES = 20 * 1024 * 1024 + 64 * 1024;
const KEY_SUBPROTOCOL = 'openai-insecure-api-key.';

/** Does the handshakes of WebSockets. */
export class WebSocketDoor {
  readonly #server = new WebSocketServer({
    noServer: true,
    clientTracking: false,
    // Speech in base64 hardly shrinks, and each connection would hold a window of its own.
    perMessageDeflate: false,
    maxPayload: MAX_MESSAGE_BYTES,
    handleProtocols: chooseProtocol,
  });

  /** The open socket; `undefined` when the handshake was none, which has then been answered, or the peer left. */
  async open(request: IncomingMessage, socket: Duplex, head: Buffer): Promise<WebSocket | undefined> {
    return await new Promise((resolve) => {
      if (socket.destroyed) resolve(undefined);
      socket.once('close', () => resolve(undefined));
      this.#server.handleUpgrade(request, socket, head, resolve);
    });
  }
}

/** Of the protocols that a client offers one must be chosen, and a key is no name to say back to it. */
function chooseProtocol(offered: ReadonlySet<string>): string | false {
  if (offered.has('realtime')) return 'realtime';
  return [...offered].find((name) => !name.startsWith(KEY_SUBPROTOCOL)) ?? false;
}
