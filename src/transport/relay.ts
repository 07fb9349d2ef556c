import type { SessionProblem } from '../realtime/session-event.ts';
import type { Clock } from '../util/clock.ts';
import { deferred } from '../util/deferred.ts';
import type { WireEvent } from '../wire/realtime/index.ts';
import { bidFarewell } from './farewell.ts';
import { SessionTime, type SessionTimeLimits, toProblem } from './session-time.ts';
import { BINARY_MESSAGE, type RealtimeTransport } from './transport.ts';

export interface RelayOptions {
  readonly client: RealtimeTransport;
  readonly upstream: RealtimeTransport;
  /** What the upstream said before it was clear that there is a session. */
  readonly early: readonly string[];
  /** Takes out of what the upstream says what clients must not see. */
  readonly redact: (text: string) => string;
  readonly encodeProblem: (problem: SessionProblem) => readonly WireEvent[];
  readonly clock: Clock;
  readonly limits: SessionTimeLimits;
}

/** How a relay ends, with the words for the client; `undefined` when the client has gone. */
interface Ending {
  readonly problem?: SessionProblem;
  readonly code: number;
  readonly reason: string;
}

const BROKEN = 'The server that holds this session broke off.';

/**
 * Passes every message of a session on as it came, both ways, each at the pace of the end that reads it. Who may
 * have a session, for how long, and what is told of an upstream that dies is this server's to say; all else is
 * the upstream's.
 */
export class RealtimeRelay {
  readonly #options: RelayOptions;
  readonly #time: SessionTime;
  readonly #ended = deferred<Ending | undefined>();
  readonly #liveResponses = new Set<string>();
  #isOver = false;
  #isDraining = false;

  constructor(options: RelayOptions) {
    const { clock, limits } = options;
    this.#options = options;
    this.#time = new SessionTime({ clock, limits, onEnd: (ending) => this.#end(ending) });
  }

  /** Resolves when both connections have ended. Never rejects. */
  async serve(): Promise<void> {
    const { client, upstream, clock } = this.#options;
    const heard = this.#passUp();
    const told = this.#passDown();
    // A client whose words wait for the upstream is not read, and has to be let go of all the same.
    const gone = client.ended.then(() => this.#end(undefined));
    this.#time.start();
    const ending = await this.#ended.promise;
    this.#time.stop();
    const parted = upstream.close(1000, '');
    if (ending?.problem) await this.#tellProblem(ending.problem);
    if (ending) await bidFarewell(client, { ...ending, clock, heard });
    else await client.close(1000, '');
    await Promise.all([parted, heard, told, gone]);
  }

  /** Ends the session as soon as nothing is being said. */
  drain(): void {
    this.#isDraining = true;
    this.#endIfDrained();
  }

  /** Ends the session now, because the server stops. */
  stop(): void {
    this.#end({ code: 1001, reason: 'The server is shutting down.' });
  }

  #end(ending: Ending | undefined): void {
    this.#isOver = true;
    this.#ended.resolve(ending);
  }

  async #passUp(): Promise<void> {
    const { client, upstream } = this.#options;
    for await (const inbound of client.inbound) {
      // What comes late is read all the same: behind it stands the client's goodbye.
      if (this.#isOver) continue;
      this.#time.note();
      if (inbound.type === 'message') await upstream.sendText(inbound.text);
      else await this.#tellProblem(toProblem('invalid_event', BINARY_MESSAGE));
    }
    this.#end(undefined);
  }

  async #passDown(): Promise<void> {
    const { upstream, early } = this.#options;
    for (const text of early) await this.#tell(text);
    for await (const inbound of upstream.inbound) {
      if (this.#isOver) continue;
      if (inbound.type === 'message') await this.#tell(inbound.text);
    }
    this.#end(this.#farewellOf(await upstream.ended));
  }

  async #tell(text: string): Promise<void> {
    const { client, redact } = this.#options;
    this.#time.note();
    await client.sendText(redact(text));
    this.#noteResponse(text);
  }

  async #tellProblem(problem: SessionProblem): Promise<void> {
    const { client, encodeProblem } = this.#options;
    for (const event of encodeProblem(problem)) await client.send(event);
  }

  /** Most messages are sound, and are not worth being parsed to know that they neither begin nor end a response. */
  #noteResponse(text: string): void {
    if (!text.includes('"response.created"') && !text.includes('"response.done"')) return;
    const { type, response } = parse(text);
    if (type === 'response.created' && response?.id) this.#liveResponses.add(response.id);
    if (type !== 'response.done' || !response?.id) return;
    this.#liveResponses.delete(response.id);
    this.#endIfDrained();
  }

  #endIfDrained(): void {
    if (this.#isDraining && this.#liveResponses.size === 0) this.stop();
  }

  #farewellOf({ code, reason }: { readonly code: number; readonly reason: string }): Ending {
    if (isSendable(code)) return { code, reason: this.#options.redact(reason) };
    if (code === NO_CODE) return { code: 1000, reason: '' };
    return { problem: toProblem('server_error', BROKEN), code: 1011, reason: BROKEN };
  }
}

/** RFC 6455 7.4.1: what stands for a close frame without a code. */
const NO_CODE = 1005;

/** Whether a close frame may hold `code`: 1006 and the like only stand for what happened without one. */
function isSendable(code: number): boolean {
  return (
    (code >= 1000 && code <= 1014 && ![1004, 1005, 1006].includes(code)) || (code >= 3000 && code < 5000)
  );
}

interface ResponseMessage {
  readonly type?: unknown;
  readonly response?: { readonly id?: string };
}

function parse(text: string): ResponseMessage {
  try {
    // Read for two members alone, either of which may be missing.
    return (JSON.parse(text) ?? {}) as ResponseMessage;
  } catch {
    return {};
  }
}
