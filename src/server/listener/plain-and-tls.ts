import type { Server as HttpServer } from 'node:http';
import type { Socket } from 'node:net';
import { createServer as createTlsServer, type TLSSocket, type Server as TlsServer } from 'node:tls';
import { OpenConnections } from './open-connections.ts';

/** The content type of a TLS record that holds a handshake (RFC 8446 5.1); no HTTP method begins with it. */
const TLS_HANDSHAKE = 0x16;

export interface PlainAndTlsOptions {
  /** The certificate and its chain, PEM. */
  readonly cert: string;
  readonly key: string;
  /** From the connection to the first byte of HTTP or the end of the TLS handshake. Default: 10 s. */
  readonly admissionMs?: number;
  /** How many connections may be on that way; when more come, the oldest are closed. Default: 512. */
  readonly maxUnadmitted?: number;
  /** Told of handshakes that fail, such as of a client that does not trust the certificate. */
  readonly onTlsError?: (error: Error) => void;
}

export interface PlainAndTls {
  /** Ends the connections that have not come as far as HTTP; `httpServer.close()` would wait for them. */
  closeUnadmitted(): void;
  /** Ends every connection at once, also those that became WebSockets. */
  destroyAll(): void;
}

/**
 * Lets one port speak HTTP and HTTPS: the first byte tells which. Needed because clients of the Realtime
 * API insist on `wss:` even for an `http:` endpoint. The HTTP server stays the listener, so its timeouts,
 * its upgrades and its `close` hold for both; `request.socket` is a `TLSSocket` on encrypted connections.
 *
 * Call it once, before the server listens.
 */
export function servePlainAndTls(httpServer: HttpServer, options: PlainAndTlsOptions): PlainAndTls {
  const { admissionMs = 10_000, maxUnadmitted = 512 } = options;
  const connections = new OpenConnections(admissionMs, maxUnadmitted);
  const serveHttp = takeConnectionListener(httpServer);
  const admit = (socket: Socket): void => {
    connections.admit(socket);
    serveHttp(socket);
  };
  const tlsServer = createTlsEnd(options, admit);
  httpServer.on('connection', (socket: Socket) => {
    connections.add(socket);
    // A connection that breaks is no fault of the server; whoever reads it sees its end.
    socket.on('error', () => socket.destroy());
    onFirstByte(socket, (byte) => {
      if (byte === TLS_HANDSHAKE) tlsServer.emit('connection', socket);
      else admit(socket);
    });
  });
  return {
    closeUnadmitted: () => connections.closeUnadmitted(),
    destroyAll: () => connections.destroyAll(),
  };
}

/** What `http.createServer` itself does with a new connection. */
function takeConnectionListener(httpServer: HttpServer): (socket: Socket) => void {
  const listeners = httpServer.listeners('connection');
  httpServer.removeAllListeners('connection');
  return (socket) => {
    for (const listener of listeners) Reflect.apply(listener, httpServer, [socket]);
  };
}

/** Never listens itself: it is handed connections, does their handshakes and hands them on. */
function createTlsEnd(options: PlainAndTlsOptions, onSecured: (socket: TLSSocket) => void): TlsServer {
  const { cert, key, admissionMs = 10_000 } = options;
  const tlsServer = createTlsServer({
    cert,
    key,
    ALPNProtocols: ['http/1.1'],
    handshakeTimeout: admissionMs,
  });
  tlsServer.on('secureConnection', onSecured);
  tlsServer.on('tlsClientError', (error, socket) => {
    options.onTlsError?.(error);
    socket.destroy();
  });
  return tlsServer;
}

/** Calls back once there is a byte, which stays in the socket for whoever reads it next. */
function onFirstByte(socket: Socket, callback: (byte: number) => void): void {
  socket.once('readable', () => {
    const head: unknown = socket.read();
    if (!(head instanceof Uint8Array) || head[0] === undefined) {
      socket.destroy();
      return;
    }
    socket.unshift(head);
    callback(head[0]);
  });
}
