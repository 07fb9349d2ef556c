import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { type RawData, WebSocket } from 'ws';
import type { RealtimeEvent } from '../support/realtime-client.ts';
import { ConnectionCheck } from './connection-check.ts';
import { assertTaken, type Language } from './rt-client-rules.ts';
import { PREVIEW_MODEL } from './served.ts';

export interface ScriptedRtClientOptions {
  readonly url: string;
  /** An access token: the documents sign in without a key. */
  readonly token: string;
  readonly language: Language;
  readonly deployment?: string;
  /** What the client asks for, unless a test asks for more than it takes. */
  readonly apiVersion?: string;
}

/**
 * Connects, sends and takes frames as rt-client 0.5.2 and rtclient 0.5.3 do (contract 6): a frame that they would
 * end the connection at, or that comes too late for them, ends it here.
 */
export class ScriptedRtClient implements AsyncDisposable {
  readonly #language: Language;
  readonly #socket: WebSocket;
  readonly #check: ConnectionCheck;
  readonly #frames: (readonly [data: RawData, isBinary: boolean])[] = [];
  #wake = (): void => {};

  constructor(options: ScriptedRtClientOptions) {
    const { url, token, language, apiVersion = '2024-10-01-preview', deployment = PREVIEW_MODEL } = options;
    const requestId = randomUUID();
    const query =
      language === 'javascript'
        ? `api-version=${apiVersion}&deployment=${deployment}`
        : `deployment=${deployment}&api-version=${apiVersion}`;
    const address = `${url.replace(/^http/, 'ws')}/openai/realtime?${query}`;
    this.#language = language;
    this.#check = new ConnectionCheck(address);
    this.#socket = new WebSocket(address, {
      headers: {
        'User-Agent': language === 'javascript' ? 'ms-rtclient/0.5.2' : 'ms-rtclient/0.5.3',
        'x-ms-client-request-id': requestId,
        Authorization: `Bearer ${token}`,
        ...(language === 'javascript' && { requestId }),
      },
    });
    this.#socket.on('message', (data, isBinary) => {
      this.#frames.push([data, isBinary]);
      this.#wake();
    });
    this.#socket.on('close', () => this.#wake());
  }

  /** Nothing is sent when the connection opens; the first message waits for that. */
  async send(message: object): Promise<void> {
    if (this.#socket.readyState === WebSocket.CONNECTING) await once(this.#socket, 'open');
    this.#socket.send(JSON.stringify(message));
  }

  async receive(): Promise<RealtimeEvent> {
    for (;;) {
      const frame = this.#frames.shift();
      if (frame) return this.#take(...frame);
      assert.equal(this.#socket.readyState, WebSocket.OPEN, 'The connection ended.');
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }

  /** Reads on to an event of `type`; gives it and all before it. */
  async through(type: string): Promise<readonly RealtimeEvent[]> {
    const events: RealtimeEvent[] = [];
    while (events.at(-1)?.type !== type) events.push(await this.receive());
    return events;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const closed = once(this.#socket, 'close');
    this.#socket.close();
    await closed;
  }

  #take(data: RawData, isBinary: boolean): RealtimeEvent {
    assert.ok(!isBinary, 'Unexpected message: no text.');
    // The type of `data` follows the socket's `binaryType`, and every frame of the protocol is a JSON object.
    const event = JSON.parse((data as Buffer).toString()) as RealtimeEvent;
    assertTaken(this.#language, event);
    this.#check.take(event);
    return event;
  }
}
