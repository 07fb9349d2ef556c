import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { type ClientOptions, WebSocket } from 'ws';
import { ConnectionCheck } from '../stock-clients/connection-check.ts';

export interface RealtimeEvent {
  readonly type: string;
  readonly [key: string]: unknown;
}

export interface RealtimeClientOptions extends Pick<ClientOptions, 'ca' | 'origin'> {
  readonly headers?: Readonly<Record<string, string>>;
  readonly protocols?: readonly string[];
}

/** A refusal that was answered with HTTP instead of a WebSocket. */
export interface PlainRefusal {
  readonly status: number;
  readonly headers: IncomingMessage['headers'];
  readonly body: unknown;
}

/** A client of the Realtime API that reads every event, holds it against the contract, and keeps it. */
export class RealtimeClient {
  readonly socket: WebSocket;
  readonly events: RealtimeEvent[] = [];
  readonly closed: Promise<{ readonly code: number; readonly reason: string }>;
  #unread = 0;
  #isClosed = false;
  #fault: Error | undefined;
  #wake = (): void => {};

  constructor(url: string, { protocols = [], headers = {}, ...options }: RealtimeClientOptions) {
    this.socket = new WebSocket(url, [...protocols], { ...options, headers });
    const check = new ConnectionCheck(url);
    this.socket.on('message', (data) => {
      // The type of `data` follows the socket's `binaryType`, and events are JSON objects or the tests fail.
      const event = JSON.parse((data as Buffer).toString('utf8')) as RealtimeEvent;
      this.events.push(event);
      try {
        check.take(event);
      } catch (error) {
        this.#fault ??= error instanceof Error ? error : new Error('A check failed.', { cause: error });
      }
      this.#wake();
    });
    this.closed = new Promise((resolve) => {
      this.socket.on('close', (code, reason) => {
        this.#isClosed = true;
        this.#wake();
        resolve({ code, reason: reason.toString() });
      });
    });
    // Told to whoever waits for it to open.
    this.socket.on('error', () => {});
  }

  /** The protocol that the server chose; empty for none. */
  get protocol(): string {
    return this.socket.protocol;
  }

  send(event: Readonly<Record<string, unknown>>): void {
    this.socket.send(JSON.stringify(event));
  }

  /** Reads on to the next event of `type`. */
  async until(type: string): Promise<RealtimeEvent> {
    for (;;) {
      if (this.#fault) throw this.#fault;
      const event = this.events[this.#unread];
      if (event) {
        this.#unread += 1;
        if (event.type === type) return event;
      } else if (this.#isClosed) {
        throw new Error(`Closed before ${type}, after ${this.events.map((told) => told.type).join(', ')}.`);
      } else {
        await new Promise<void>((resolve) => {
          this.#wake = resolve;
        });
      }
    }
  }

  async close(): Promise<void> {
    this.socket.close();
    await this.closed;
    if (this.#fault) throw this.#fault;
  }
}

/** The open client, or the HTTP answer that refused it. */
export async function openRealtime(
  url: string,
  options: RealtimeClientOptions = {},
): Promise<RealtimeClient | PlainRefusal> {
  const client = new RealtimeClient(url.replace(/^http/, 'ws'), options);
  const refused = new Promise<PlainRefusal>((resolve, reject) => {
    client.socket.on('unexpected-response', (_request, response: IncomingMessage) => {
      readRefusal(response).then(resolve, reject);
    });
  });
  const opened = once(client.socket, 'open').then(() => client);
  return await Promise.race([opened, refused]);
}

/** Likewise, where nothing else than a session is expected. */
export async function openSession(url: string, options: RealtimeClientOptions = {}): Promise<RealtimeClient> {
  const outcome = await openRealtime(url, options);
  if (outcome instanceof RealtimeClient) return outcome;
  throw new Error(`Refused with ${outcome.status}: ${JSON.stringify(outcome.body)}`);
}

/** Likewise, where an HTTP answer is expected. */
export async function openRefused(url: string, options: RealtimeClientOptions = {}): Promise<PlainRefusal> {
  const outcome = await openRealtime(url, options);
  if (!(outcome instanceof RealtimeClient)) return outcome;
  await outcome.close();
  throw new Error('A socket was opened that should have been refused.');
}

async function readRefusal(response: IncomingMessage): Promise<PlainRefusal> {
  let text = '';
  for await (const piece of response) text += String(piece);
  return { status: response.statusCode ?? 0, headers: response.headers, body: JSON.parse(text) };
}
