import type { RealtimeSession } from '../realtime/session.ts';
import { type SessionConfig, sampleRateOf } from '../realtime/session-config.ts';
import type { SessionEvent } from '../realtime/session-event.ts';
import { type Clock, pause } from '../util/clock.ts';
import { deferred } from '../util/deferred.ts';
import {
  type DecodedCommand,
  isGaUpdate,
  parseMessage,
  type RateLimit,
  type RealtimeDialect,
} from '../wire/realtime/index.ts';
import { AudioPace } from './audio-pace.ts';
import { bidFarewell } from './farewell.ts';
import { type Ending, SessionTime, type SessionTimeLimits, toProblem } from './session-time.ts';
import { BINARY_MESSAGE, type Inbound, type RealtimeTransport } from './transport.ts';

export interface ConnectionOptions {
  readonly session: RealtimeSession;
  readonly transport: RealtimeTransport;
  readonly dialect: RealtimeDialect;
  /** What the client may turn to with its first `session.update`, by writing it so. */
  readonly otherDialect?: RealtimeDialect | undefined;
  readonly clock: Clock;
  readonly limits: ConnectionLimits;
  /** What stands in `rate_limits.updated`, after each response. */
  readonly rateLimits: () => readonly RateLimit[];
  /** Told of a fault of ours, which ends the connection. */
  readonly onFault: (error: unknown) => void;
}

export interface ConnectionLimits extends SessionTimeLimits {
  /** Seconds of audio that may come in a second. */
  readonly audioPace: number;
}

const AUDIO_BURST_MS = 60_000;

/** Carries one session over one transport in a dialect: the one place where the three meet. */
export class RealtimeConnection {
  readonly #options: ConnectionOptions;
  readonly #pace: AudioPace;
  /** `undefined` when the client has gone. */
  readonly #ended = deferred<Ending | undefined>();
  readonly #ending = new AbortController();
  readonly #time: SessionTime;
  #dialect: RealtimeDialect;
  #hasUpdated = false;
  #isDraining = false;
  #liveResponses = 0;

  constructor(options: ConnectionOptions) {
    const { clock, limits, dialect } = options;
    this.#options = options;
    this.#dialect = dialect;
    this.#pace = new AudioPace({ clock, factor: limits.audioPace, burstMs: AUDIO_BURST_MS });
    this.#time = new SessionTime({ clock, limits, onEnd: (ending) => this.#end(ending) });
  }

  /** Resolves when the connection has ended and nothing of it is left running. Never rejects. */
  async serve(): Promise<void> {
    const { session, transport, clock, onFault } = this.#options;
    const told = this.#tell();
    const heard = this.#hear();
    // A session that is held up reads nothing, and has to be let go of all the same.
    const gone = transport.ended.then(() => this.#end(undefined));
    this.#time.start();
    session.open();
    const ending = await this.#ended.promise;
    this.#time.stop();
    const reported = ending?.problem && session.report(ending.problem);
    await session[Symbol.asyncDispose]().catch(onFault);
    await Promise.all([reported, told]);
    if (ending) await bidFarewell(transport, { ...ending, clock, heard });
    else await transport.close(1000, '');
    await Promise.all([heard, gone]);
  }

  /** Ends the connection as soon as nothing is being said. */
  drain(): void {
    this.#isDraining = true;
    this.#endIfDrained();
  }

  /** Ends the connection now, because the server stops. */
  stop(): void {
    this.#end({ code: 1001, reason: 'The server is shutting down.' });
  }

  #end(ending: Ending | undefined): void {
    this.#ended.resolve(ending);
    this.#ending.abort();
  }

  async #hear(): Promise<void> {
    for await (const inbound of this.#options.transport.inbound) {
      // What comes late is read all the same: behind it stands the client's goodbye.
      if (!this.#ending.signal.aborted) await this.#take(inbound);
    }
    this.#end(undefined);
  }

  async #take(inbound: Inbound): Promise<void> {
    this.#time.note();
    try {
      await this.#obey(inbound);
    } catch (error) {
      this.#fail(error);
    }
  }

  async #obey(inbound: Inbound): Promise<void> {
    const { session } = this.#options;
    if (inbound.type === 'binary') {
      await session.report(BINARY_PROBLEM);
      return;
    }
    const message = parseMessage(inbound.text);
    if (!message.ok) {
      await session.report(message.problem);
      return;
    }
    const command = this.#decode(message.value);
    if (!command.ok) {
      await session.report(command.problem);
      return;
    }
    await session.receive(command.value);
    if (command.value.type === 'audio-append') await this.#keepPace(command.value.bytes, session.config);
  }

  #decode(message: unknown): DecodedCommand {
    const { session, otherDialect } = this.#options;
    // Clients of the new protocol come to the old address too, and show it in the first thing they set.
    if (otherDialect && !this.#hasUpdated && isGaUpdate(message)) this.#dialect = otherDialect;
    const command = this.#dialect.decode(message, session.config);
    this.#hasUpdated ||= command.ok && command.value.type === 'session-update';
    return command;
  }

  async #keepPace(bytes: Uint8Array, { inputFormat }: SessionConfig): Promise<void> {
    const bytesPerMs = (sampleRateOf(inputFormat) * (inputFormat === 'pcm16' ? 2 : 1)) / 1000;
    const ms = this.#pace.take(bytes.length / bytesPerMs);
    if (ms > 0) await pause(ms, { clock: this.#options.clock, signal: this.#ending.signal });
  }

  async #tell(): Promise<void> {
    try {
      for await (const event of this.#options.session.events()) await this.#send(event);
      // A session that ends by itself has met a fault and told of it.
      this.#end({ code: 1011, reason: FAULT });
    } catch (error) {
      this.#fail(error);
    }
  }

  async #send(event: SessionEvent): Promise<void> {
    const { transport, rateLimits } = this.#options;
    for (const message of this.#dialect.encode(event)) await transport.send(message);
    this.#time.note();
    if (event.type === 'response-start') this.#liveResponses += 1;
    if (event.type !== 'response-end') return;
    await transport.send(this.#dialect.encodeRateLimits(rateLimits()));
    this.#liveResponses -= 1;
    this.#endIfDrained();
  }

  #endIfDrained(): void {
    if (this.#isDraining && this.#liveResponses === 0) this.stop();
  }

  /** A command that was on its way when the connection ended is no fault. */
  #fail(error: unknown): void {
    if (this.#ending.signal.aborted) return;
    this.#options.onFault(error);
    this.#end({ problem: toProblem('server_error', FAULT), code: 1011, reason: FAULT });
  }
}

const FAULT = 'The server had an error while processing your request.';
const BINARY_PROBLEM = toProblem('invalid_event', BINARY_MESSAGE);
