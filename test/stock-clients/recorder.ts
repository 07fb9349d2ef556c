import { readFile } from 'node:fs/promises';
import { createServer, type IncomingMessage } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { Duplex } from 'node:stream';
import { type RawData, WebSocket, WebSocketServer } from 'ws';
import type { RealtimeEvent } from '../support/realtime-client.ts';
import type { TestServer } from '../support/test-server.ts';

export interface RecordedFrame {
  readonly from: 'client' | 'server';
  readonly event: RealtimeEvent;
}

/** One WebSocket connection that passed. */
export interface RecordedConnection {
  /** What was asked for, with its query. */
  readonly path: string;
  readonly frames: readonly RecordedFrame[];
}

export interface Recorder extends AsyncDisposable {
  readonly url: string;
  /** For clients that make `wss:` of every address. */
  readonly secureUrl: string;
  /** The certificate that makes `secureUrl` trusted, as PEM and as a file. */
  readonly authority: string;
  readonly authorityFile: string;
  /** What was recorded since this was asked last. */
  take(): readonly RecordedConnection[];
}

/** Stands between clients and the server and notes every frame, encrypted by the server's own certificate. */
export async function recordConnections(server: Pick<TestServer, 'url' | 'home'>): Promise<Recorder> {
  const connections: RecordedConnection[] = [];
  const sockets = new Set<Duplex>();
  const tls = async (file: string): Promise<string> => await readFile(join(server.home, 'tls', file), 'utf8');
  const plainServer = createServer();
  const tlsServer = createTlsServer({ key: await tls('server.key'), cert: await tls('server.pem') });
  for (const listener of [plainServer, tlsServer]) {
    listener.on('connection', (socket) => sockets.add(socket).size);
    listener.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
      const frames: RecordedFrame[] = [];
      connections.push({ path: request.url ?? '', frames });
      pass({ request, socket, head, target: server.url, note: (frame) => frames.push(frame) });
    });
    await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve));
  }
  const portOf = (listener: typeof plainServer | typeof tlsServer): number =>
    (listener.address() as AddressInfo).port;
  return {
    url: `http://127.0.0.1:${portOf(plainServer)}`,
    secureUrl: `https://127.0.0.1:${portOf(tlsServer)}`,
    authority: await tls('authority.pem'),
    authorityFile: join(server.home, 'tls', 'authority.pem'),
    take: () => connections.splice(0),
    [Symbol.asyncDispose]: async () => {
      for (const socket of sockets) socket.destroy();
      await Promise.all(
        [plainServer, tlsServer].map(
          async (listener) => await new Promise((resolve) => listener.close(resolve)),
        ),
      );
    },
  };
}

interface Passage {
  readonly request: IncomingMessage;
  readonly socket: Duplex;
  readonly head: Buffer;
  readonly target: string;
  readonly note: (frame: RecordedFrame) => void;
}

function pass({ request, socket, head, target, note }: Passage): void {
  const url = target.replace(/^http/, 'ws') + (request.url ?? '');
  const { 'sec-websocket-protocol': offered = '', ...headers } = request.headers;
  const upstream = new WebSocket(
    url,
    offered.split(',').flatMap((protocol) => protocol.trim() || []),
    {
      headers: Object.fromEntries(Object.entries(headers).filter(([name]) => !HANDSHAKE.test(name))),
      perMessageDeflate: false,
      maxPayload: 0,
    },
  );
  upstream.on('error', () => socket.destroy());
  upstream.on('unexpected-response', (_request, answer: IncomingMessage) => {
    socket.end(`HTTP/1.1 ${answer.statusCode} ${answer.statusMessage}\r\nconnection: close\r\n\r\n`);
  });
  // Both ends are listened to before the first frame can come: neither waits in between.
  upstream.once('open', () => {
    const handleProtocols = (): string | false => upstream.protocol || false;
    const door = new WebSocketServer({ noServer: true, handleProtocols, maxPayload: 0 });
    door.handleUpgrade(request, socket, head, (downstream) => {
      carry({ from: upstream, to: downstream, note: (event) => note({ from: 'server', event }) });
      carry({ from: downstream, to: upstream, note: (event) => note({ from: 'client', event }) });
    });
  });
}

const HANDSHAKE = /^(host|connection|upgrade|sec-websocket-.*)$/;

interface Direction {
  readonly from: WebSocket;
  readonly to: WebSocket;
  readonly note: (event: RealtimeEvent) => void;
}

function carry({ from, to, note }: Direction): void {
  from.on('message', (data: RawData, isBinary: boolean) => {
    // Every frame of the protocol is a JSON object; what is not fails the test that sent it.
    note(JSON.parse(toText(data)) as RealtimeEvent);
    if (to.readyState === WebSocket.OPEN) to.send(data, { binary: isBinary });
  });
  from.on('close', (code, reason) => {
    // 1005 and 1006 stand for a frame that never came.
    if (code === 1005) to.close();
    else if (code === 1006) to.terminate();
    else to.close(code, reason);
  });
  from.on('error', () => to.terminate());
}

function toText(data: RawData): string {
  return (Array.isArray(data) ? Buffer.concat(data) : Buffer.from(data as Buffer)).toString();
}
