import { Conversation } from '../conversation/conversation.ts';
import type { ConversationItem } from '../conversation/item.ts';
import type { Responder, ResponseEvent, ResponseRequest, ResponseUsage } from '../conversation/responder.ts';
import { unlessAborted } from '../util/abort.ts';
import type { Clock } from '../util/clock.ts';
import { EngineError, UpstreamRefusal } from '../util/errors.ts';
import { LinkedAbort } from '../util/linked-abort.ts';
import type { Outbox } from './outbox.ts';
import { ResponseLedger } from './response-ledger.ts';
import { type Progress, ResponseTeller } from './response-teller.ts';
import type { ResponseOptions, SessionConfig } from './session-config.ts';
import type { ControlEvent, ResponseSnapshot, ResponseStatus } from './session-event.ts';
import type { SessionTrace, TraceMark } from './session-trace.ts';

/** The last that a response has to say: how it ended, once everything before it has been told. */
export interface ResponseMade {
  readonly type: 'made';
  readonly responseId: string;
  readonly status: ResponseStatus;
  readonly usage: ResponseUsage | undefined;
  /** Items that could not be heard, by their ids. */
  readonly inaudible: readonly string[];
}

export type SessionOutbox = Outbox<ControlEvent, Progress | ResponseMade>;

export interface LiveResponseOptions {
  readonly id: string;
  readonly responder: Responder;
  /** The session's configuration with what the response does differently. */
  readonly config: SessionConfig;
  readonly metadata: ResponseOptions['metadata'];
  readonly conversationId: string | null;
  /** What it reads, as it stood when the response began. */
  readonly items: readonly ConversationItem[];
  /** Words that were still being heard then, by item. */
  readonly hearing: ReadonlyMap<string, Promise<string>>;
  /** The name of the engine that hears what has no words yet. */
  readonly recognizer: string | undefined;
  readonly clock: Clock;
  /** The longest that its engines may say nothing. */
  readonly engineSilenceMs: number;
  readonly trace: SessionTrace | undefined;
}

/** A response that is being made and told. */
export class LiveResponse {
  readonly id: string;
  readonly ledger = new ResponseLedger();
  readonly #options: LiveResponseOptions;
  readonly #abort = new AbortController();
  /** Items that the responder has to hear by itself. */
  #unheard: readonly string[] = [];
  readonly #marked = new Set<TraceMark>();

  constructor(options: LiveResponseOptions) {
    this.id = options.id;
    this.#options = options;
  }

  get isOutOfBand(): boolean {
    return this.#options.conversationId === null;
  }

  snapshot(status: ResponseStatus, usage?: ResponseUsage): ResponseSnapshot {
    const { id, config, metadata, conversationId } = this.#options;
    const output = status.type === 'in-progress' ? [] : this.ledger.output;
    return { id, conversationId, status, output, usage, config, metadata };
  }

  abort(): void {
    this.#abort.abort();
  }

  /** Makes the response and writes it to `outbox`, which decides the pace. Never rejects. */
  async run(outbox: SessionOutbox): Promise<void> {
    const { signal } = this.#abort;
    try {
      await this.#tellAll(outbox, signal);
    } catch (error) {
      if (signal.aborted) return;
      const failed = {
        type: 'made',
        responseId: this.id,
        status: toFailure(error),
        usage: undefined,
        inaudible: this.#isDeafness(error) ? this.#unheard : [],
      } as const;
      // Aborted while it waits for room: the session has told its end in another way.
      await outbox.write(failed, signal).catch(() => {});
    }
  }

  async #tellAll(outbox: SessionOutbox, signal: AbortSignal): Promise<void> {
    const { responder, config } = this.#options;
    using teller = new ResponseTeller(this.id, config.outputFormat);
    const request = await this.#request(signal);
    this.#markOnce('model-start');
    for await (const event of this.#events(request, signal)) {
      this.#trace(event);
      if (event.type === 'finish') {
        const { reason, usage } = event;
        const status = toStatus(reason);
        await outbox.write({ type: 'made', responseId: this.id, status, usage, inaudible: [] }, signal);
        return;
      }
      for (const progress of await teller.tell(event)) await outbox.write(progress, signal);
    }
    throw new EngineError(responder.name, 'failed', 'The responder stopped without a finish.');
  }

  #trace({ type }: ResponseEvent): void {
    if (type === 'audio-delta') this.#markOnce('first-audio');
    else if (type !== 'item-start') this.#markOnce('first-token');
  }

  #markOnce(mark: TraceMark): void {
    if (!this.#options.trace || this.#marked.has(mark)) return;
    this.#marked.add(mark);
    this.#options.trace.mark(mark, { responseId: this.id });
  }

  /** What the responder says, unless it says nothing for too long; the time that its reader takes is not its own. */
  async *#events(request: ResponseRequest, signal: AbortSignal): AsyncGenerator<ResponseEvent, void, void> {
    const { responder, clock, engineSilenceMs } = this.#options;
    using engines = new LinkedAbort(signal);
    const watch = (): (() => void) =>
      clock.after(engineSilenceMs, () => engines.abort(hung(responder.name, engineSilenceMs)));
    let unwatch = watch();
    try {
      for await (const event of responder.respond(request, { signal: engines.signal })) {
        unwatch();
        yield event;
        unwatch = watch();
      }
    } finally {
      unwatch();
    }
  }

  async #request(signal: AbortSignal): Promise<ResponseRequest> {
    const { config, items } = this.#options;
    const { instructions, modality, voice, speed, tools, toolChoice, parallelToolCalls } = config;
    const heard = await Promise.all(items.map(async (item) => await this.#withWords(item, signal)));
    this.#unheard = heard.filter(isUnheard).map(({ id }) => id);
    return {
      conversation: Conversation.of(heard.filter((item) => !isEmpty(item))),
      instructions,
      modality,
      voice,
      speed,
      tools,
      toolChoice,
      parallelToolCalls,
      sampling: { temperature: config.temperature, maxOutputTokens: config.maxOutputTokens },
      mayForget: config.truncation === 'auto',
    };
  }

  /** What brings a recognizer down once may do so each time, and would end every response from here on. */
  #isDeafness(error: unknown): boolean {
    const isFailure = error instanceof EngineError && error.reason === 'failed';
    return isFailure && error.engine === this.#options.recognizer;
  }

  async #withWords(item: ConversationItem, signal: AbortSignal): Promise<ConversationItem> {
    const hearing = this.#options.hearing.get(item.id);
    if (!hearing || item.kind !== 'message') return item;
    // What could not be heard while it was spoken is left to the responder, which may hear it now.
    const transcript = await unlessAborted(
      hearing.catch(() => undefined),
      signal,
    );
    return {
      ...item,
      content: item.content.map((part) => (part.kind === 'audio' ? { ...part, transcript } : part)),
    };
  }
}

/** Noise that was taken for a turn, or a reply of which nothing was heard: no model can read it. */
function isEmpty(item: ConversationItem): boolean {
  return (
    item.kind === 'message' &&
    item.content.every((part) => (part.kind === 'audio' ? part.transcript : part.text) === '')
  );
}

function isUnheard(item: ConversationItem): boolean {
  if (item.kind !== 'message') return false;
  return item.content.some((part) => part.kind === 'audio' && part.transcript === undefined);
}

function hung(engine: string, ms: number): EngineError {
  return new EngineError(engine, 'failed', `The engines said nothing for ${ms / 1000} s.`);
}

function toStatus(reason: 'stop' | 'length' | 'tool-calls' | 'content-filter'): ResponseStatus {
  switch (reason) {
    case 'length':
      return { type: 'incomplete', reason: 'max-output-tokens' };
    case 'content-filter':
      return { type: 'incomplete', reason: 'content-filter' };
    default:
      return { type: 'completed' };
  }
}

function toFailure(error: unknown): ResponseStatus {
  const isTold = error instanceof UpstreamRefusal;
  if (!(error instanceof EngineError) || (error.reason === 'failed' && !isTold)) {
    return { type: 'failed', code: 'server_error', message: 'An engine failed while making the response.' };
  }
  if (error.reason === 'busy') {
    return {
      type: 'failed',
      code: 'rate_limit_exceeded',
      message: isTold ? error.message : 'The server is at capacity. Please try again in 1s.',
    };
  }
  return { type: 'failed', code: 'server_error', message: error.message };
}
