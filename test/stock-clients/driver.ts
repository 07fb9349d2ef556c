import type { RealtimeEvent } from '../support/realtime-client.ts';
import type { Dialect } from './dialect.ts';

export type ClientEvent = Readonly<Record<string, unknown>> & { readonly type: string };

/** What a session is opened for. */
export interface Opening {
  readonly intent?: 'transcription';
}

/** A client library with a session of its own; what it hears goes to its `EventLog`. */
export interface Driver {
  send(event: ClientEvent): void | Promise<void>;
  /** Leaves as an application does; resolves when nothing of the client is left running. */
  close(): Promise<void>;
  /** Breaks the connection without a word, where the library lets its socket be reached. */
  cut?(): void;
}

/** A client library by one of the ways to connect with it. */
export interface StockClient {
  readonly name: string;
  readonly dialect: Dialect;
  open(log: EventLog, opening: Opening): Promise<Driver>;
  /** Scenarios that it has no way to play, with the reason. */
  readonly cannot?: Readonly<Record<string, string>>;
}

/** Much longer than anything takes on a machine that has little else to do. */
const PATIENCE_MS = 50_000;

/** The events of a session in their order, read from the first to the last. */
export class EventLog {
  readonly #events: RealtimeEvent[] = [];
  #read = 0;
  #end: Error | undefined;
  #wake = (): void => {};

  add(event: RealtimeEvent): void {
    this.#events.push(event);
    this.#wake();
  }

  end(cause: Error): void {
    this.#end ??= cause;
    this.#wake();
  }

  /** Reads on to the next event of one of the types. An `error` that nobody waits for fails. */
  async next(...types: readonly string[]): Promise<RealtimeEvent> {
    const deadline = AbortSignal.timeout(PATIENCE_MS);
    for (;;) {
      const event = await this.#following(deadline, types);
      if (types.includes(event.type)) return event;
      if (event.type === 'error') throw new Error(`An error nobody waits for: ${JSON.stringify(event)}`);
    }
  }

  /** Reads on to the next event of `type`, and gives it after all that came before. */
  async through(type: string): Promise<readonly RealtimeEvent[]> {
    const from = this.#read;
    await this.next(type);
    return this.#events.slice(from, this.#read);
  }

  async #following(deadline: AbortSignal, types: readonly string[]): Promise<RealtimeEvent> {
    for (;;) {
      const event = this.#events[this.#read];
      if (event) {
        this.#read += 1;
        return event;
      }
      const heard = this.#events.map(({ type }) => type.replace(/^.*delta$/, '…')).join(' ');
      if (this.#end) throw new Error(`Ended before ${types.join('/')}, after ${heard}`, { cause: this.#end });
      if (deadline.aborted) throw new Error(`Waited in vain for ${types.join('/')}, after ${heard}`);
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
        deadline.addEventListener('abort', () => resolve(), { once: true });
      });
    }
  }
}
