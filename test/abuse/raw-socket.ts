import { connect, type Socket } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';

export interface RawExchange {
  /** Everything that the server sent. */
  readonly text: string;
  /** The status of each answer in it, in order. */
  readonly statuses: readonly number[];
  /** How long until the server closed the connection; undefined when it did not. */
  readonly closedAfterMs: number | undefined;
}

export interface RawOptions {
  /** Give up waiting for the server to close after this. */
  readonly waitMs?: number;
  /** Pieces sent after the first, one each tenth of a second for as long as the connection is open. */
  readonly drip?: Iterable<string>;
}

/** Sends bytes that no HTTP client would, and reads until the server closes or has nothing more to say. */
export async function sendRaw(
  url: string,
  first: string | Uint8Array,
  options: RawOptions = {},
): Promise<RawExchange> {
  const { hostname, port } = new URL(url);
  const socket = connect({ host: hostname, port: Number(port) });
  const started = performance.now();
  let text = '';
  socket.on('data', (piece) => {
    text += piece.toString('latin1');
  });
  // A connection that is reset was closed as well.
  socket.on('error', () => {});
  const closed = new Promise<number>((resolve) =>
    socket.once('close', () => resolve(performance.now() - started)),
  );
  socket.write(first);
  void dripInto(socket, options.drip ?? []);
  const patience = new AbortController();
  const closedAfterMs = await Promise.race([
    closed,
    pause(options.waitMs ?? 10_000, undefined, { signal: patience.signal }).catch(() => undefined),
  ]);
  patience.abort();
  socket.destroy();
  const statuses = [...text.matchAll(/HTTP\/1\.1 (\d{3}) /g)].map(([, status]) => Number(status));
  return { text, statuses, closedAfterMs };
}

async function dripInto(socket: Socket, pieces: Iterable<string>): Promise<void> {
  for (const piece of pieces) {
    await pause(100);
    if (socket.destroyed) return;
    socket.write(piece);
  }
}
