import type { Writable } from 'node:stream';
import { WebSocket } from 'ws';
import { Channel } from '../util/channel.ts';
import type { Clock } from '../util/clock.ts';
import { deferred } from '../util/deferred.ts';
import type { WireEvent } from '../wire/realtime/index.ts';
import type { Inbound, PeerClose, RealtimeTransport } from './transport.ts';

export interface WebSocketTiming {
  /** Between pings. A peer that answers none of two in a row, nor sends anything else, is dead. */
  readonly pingMs: number;
  /** How long a peer that has no room for more is waited for. */
  readonly stallMs: number;
  /** How long the peer may take to answer a close. */
  readonly closeMs: number;
}

const TIMING: WebSocketTiming = { pingMs: 20_000, stallMs: 30_000, closeMs: 2_000 };

/** Bytes that may wait in this process, beside what the two kernels hold, before the sender or the peer waits. */
const SEND_AHEAD_BYTES = 128 * 1024;
const RECEIVE_AHEAD_BYTES = 256 * 1024;
/** What one message counts for beside its bytes, so that empty ones do not pile up. */
const MESSAGE_BYTES = 1024;
/** RFC 6455 5.5: a control frame holds 125 bytes, of which the code takes two. */
const REASON_BYTES = 123;

export interface WebSocketTransportOptions {
  readonly clock: Clock;
  /** What `socket` writes to: so that events that are told in one go are written in one go. */
  readonly stream: Writable;
  readonly timing?: WebSocketTiming;
}

/** Carries events over `socket`, which is open and which nobody has listened to yet. */
export function webSocketTransport(socket: WebSocket, options: WebSocketTransportOptions): RealtimeTransport {
  const transport = new WebSocketTransport(socket, options);
  transport.listen();
  return transport;
}

class WebSocketTransport implements RealtimeTransport {
  readonly #socket: WebSocket;
  readonly #clock: Clock;
  readonly #stream: Writable;
  readonly #timing: WebSocketTiming;
  /** Bounded by pausing the socket: what one read of it held may still come on top. */
  readonly #arrived = new Channel<Inbound>(Number.POSITIVE_INFINITY);
  readonly #ended = deferred<PeerClose>();
  #arrivedBytes = 0;
  #isCorked = false;
  #unansweredPings = 0;
  #cancelPing = (): void => {};

  constructor(socket: WebSocket, { clock, stream, timing = TIMING }: WebSocketTransportOptions) {
    this.#socket = socket;
    this.#clock = clock;
    this.#stream = stream;
    this.#timing = timing;
  }

  get ended(): Promise<PeerClose> {
    return this.#ended.promise;
  }

  get inbound(): AsyncIterable<Inbound> {
    return { [Symbol.asyncIterator]: () => this.#read() };
  }

  listen(): void {
    this.#socket.on('message', (data, isBinary) => this.#take(data, isBinary));
    this.#socket.on('pong', () => {
      this.#unansweredPings = 0;
    });
    // What breaks the protocol is answered by `ws`, which then closes.
    this.#socket.on('error', () => {});
    this.#socket.once('close', (code, reason) => this.#end({ code, reason: reason.toString() }));
    this.#pingLater();
    // It may have ended while nobody listened.
    if (this.#socket.readyState === WebSocket.CLOSED) this.#end({ code: 1006, reason: '' });
  }

  async send(message: WireEvent): Promise<void> {
    await this.sendText(JSON.stringify(message));
  }

  async sendText(text: string): Promise<void> {
    if (this.#socket.readyState !== WebSocket.OPEN) return;
    this.#gather();
    if (this.#socket.bufferedAmount + text.length <= SEND_AHEAD_BYTES) {
      this.#socket.send(text);
      return;
    }
    const written = deferred();
    // An error is the end of the connection, which whoever reads it learns of.
    this.#socket.send(text, () => written.resolve());
    const cancelStall = this.#clock.after(this.#timing.stallMs, () => this.#socket.terminate());
    await written.promise;
    cancelStall();
  }

  async close(code: number, reason: string): Promise<void> {
    if (this.#socket.readyState === WebSocket.OPEN) this.#socket.close(code, fitting(reason));
    // The peer's answer stands behind what it has sent.
    this.#socket.resume();
    const cancelWait = this.#clock.after(this.#timing.closeMs, () => this.#socket.terminate());
    await this.#ended.promise;
    cancelWait();
  }

  #read(): AsyncIterator<Inbound, void, void> {
    const messages = this.#arrived[Symbol.asyncIterator]();
    return {
      next: () => {
        if (this.#arrived.size === 0) this.#goOn();
        return messages.next();
      },
    };
  }

  /** Its reader has taken all that had come. */
  #goOn(): void {
    this.#arrivedBytes = 0;
    if (this.#socket.isPaused) this.#socket.resume();
  }

  #take(data: WebSocket.RawData, isBinary: boolean): void {
    if (this.#socket.readyState !== WebSocket.OPEN) return;
    this.#unansweredPings = 0;
    // The type of `data` follows the socket's `binaryType`, which is `nodebuffer` unless it is set.
    const bytes = data as Buffer;
    this.#arrived.post(isBinary ? { type: 'binary' } : { type: 'message', text: bytes.toString('utf8') });
    this.#arrivedBytes += bytes.length + MESSAGE_BYTES;
    if (this.#arrivedBytes > RECEIVE_AHEAD_BYTES) this.#socket.pause();
  }

  /** Holds back what is written until this turn of the event loop has nothing more to tell. */
  #gather(): void {
    if (this.#isCorked) return;
    this.#isCorked = true;
    this.#stream.cork();
    process.nextTick(() => {
      this.#isCorked = false;
      this.#stream.uncork();
    });
  }

  #pingLater(): void {
    this.#cancelPing = this.#clock.after(this.#timing.pingMs, () => this.#ping());
  }

  #ping(): void {
    // Of a peer that is not being read, no answer can be seen.
    if (this.#socket.isPaused) this.#unansweredPings = 0;
    if (this.#unansweredPings >= 2) {
      this.#socket.terminate();
      return;
    }
    if (this.#socket.readyState === WebSocket.OPEN) this.#socket.ping();
    this.#unansweredPings += 1;
    this.#pingLater();
  }

  #end(told: PeerClose): void {
    this.#cancelPing();
    this.#arrived.close();
    this.#ended.resolve(told);
  }
}

/** As much of `reason` as a close frame holds. */
function fitting(reason: string): string {
  const { read } = new TextEncoder().encodeInto(reason, new Uint8Array(REASON_BYTES));
  return reason.slice(0, read);
}
