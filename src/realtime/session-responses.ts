import type { ConversationItem } from '../conversation/item.ts';
import type { Responder, ResponseUsage } from '../conversation/responder.ts';
import type { Clock } from '../util/clock.ts';
import { LiveResponse, type ResponseMade, type SessionOutbox } from './live-response.ts';
import {
  nextResponse,
  type ResponseEffect,
  type ResponseInput,
  type ResponseState,
} from './response-machine.ts';
import type { Progress } from './response-teller.ts';
import type { ResponseOptions, SessionConfig } from './session-config.ts';
import type {
  CancelReason,
  ControlEvent,
  OutputItem,
  ProblemCode,
  ResponseProgress,
  ResponseStatus,
  SessionEvent,
} from './session-event.ts';
import type { SessionMemory } from './session-memory.ts';
import type { SessionTrace } from './session-trace.ts';

export interface SessionResponsesOptions {
  readonly responder: Responder;
  readonly conversationId: string;
  readonly memory: SessionMemory;
  readonly outbox: SessionOutbox;
  /** The name of the engine that hears. */
  readonly recognizer: string | undefined;
  readonly config: () => SessionConfig;
  readonly newId: (prefix: string) => string;
  readonly refuse: (code: ProblemCode, message: string) => void;
  /** Told each time a response to the conversation has ended, with how much speech it told. */
  readonly onEnd: (spokenMs: number) => void;
  readonly outOfBandResponses: number;
  readonly clock: Clock;
  readonly engineSilenceMs: number;
  readonly trace: SessionTrace | undefined;
}

/** The responses of one session: one that writes to the conversation, and some beside it that do not. */
export class SessionResponses {
  readonly #options: SessionResponsesOptions;
  readonly #live = new Map<string, LiveResponse>();
  readonly #tasks = new Set<Promise<void>>();
  #prepared: ResponseOptions = {};
  #state: ResponseState = { phase: 'idle' };
  #hasSpoken = false;
  /** Whether a response has ended since the client last began one: a cancel may have crossed its end. */
  #hasJustEnded = false;

  constructor(options: SessionResponsesOptions) {
    this.#options = options;
  }

  /** Whether the assistant has been heard, after which its voice stays. */
  get hasSpoken(): boolean {
    return this.#hasSpoken;
  }

  get isActive(): boolean {
    return this.#state.phase === 'active';
  }

  create(options: ResponseOptions): void {
    if (options.isOutOfBand) {
      this.#createOutOfBand(options);
      return;
    }
    this.#prepared = options;
    this.#apply({ type: 'create', responseId: this.#newId() });
    this.#prepared = {};
  }

  /** A turn has ended and is to be answered, now or once the live response has ended. */
  answer(): void {
    this.#apply({ type: 'answer', responseId: this.#newId() });
  }

  cancel(reason: CancelReason, responseId?: string): void {
    const named = responseId === undefined ? undefined : this.#live.get(responseId);
    if (named?.isOutOfBand) this.#cut(named, reason);
    else if (named || responseId === undefined) this.#apply({ type: 'cancel', reason });
    else this.#refuseCancel();
  }

  /** How much speech a live item has told, in milliseconds; `undefined` when it is no live item. */
  liveSpokenMs(itemId: string): number | undefined {
    for (const response of this.#live.values()) {
      const spoken = response.ledger.spoken(itemId);
      if (spoken) return spoken.durationMs;
    }
    return undefined;
  }

  /** Turns what was queued to what is told: the moment at which it counts. Runs as soon as it is taken. */
  *told(event: ControlEvent | Progress | ResponseMade): Generator<SessionEvent, void, void> {
    if (event.type === 'made') {
      this.#finish(event);
    } else if (event.type === 'mark') {
      this.#live.get(event.responseId)?.ledger.mark(event.itemId, event.mark);
    } else if (event.type === 'response-progress') {
      yield event.progress;
    } else if ('responseId' in event) {
      yield* this.#progress(event);
    } else {
      yield event;
    }
  }

  /** Stops everything; resolves when nothing is left running. */
  async close(): Promise<void> {
    this.#apply({ type: 'close' });
    for (const response of this.#live.values()) this.#cut(response, 'client-cancelled');
    await Promise.all(this.#tasks);
  }

  #apply(input: ResponseInput): void {
    const step = nextResponse(this.#state, input);
    this.#state = step.state;
    for (const effect of step.effects) this.#perform(effect);
  }

  #perform(effect: ResponseEffect): void {
    const { refuse } = this.#options;
    switch (effect.type) {
      case 'run':
        this.#run(effect.responseId, this.#prepared, this.#options.conversationId);
        return;
      case 'cut': {
        const response = this.#live.get(effect.responseId);
        if (response) this.#cut(response, effect.reason);
        return;
      }
      case 'end': {
        const response = this.#live.get(effect.responseId);
        if (response) this.#end(response, effect.status, effect.usage);
        return;
      }
      case 'refuse-create':
        refuse(
          'conversation_already_has_active_response',
          `Conversation already has an active response in progress: ${effect.activeId}. Wait until the response is finished before creating a new one.`,
        );
        return;
      case 'refuse-cancel':
        this.#refuseCancel();
        return;
    }
  }

  /** A cancel that crosses the end of its response is nobody's mistake. */
  #refuseCancel(): void {
    if (!this.#hasJustEnded)
      this.#options.refuse('response_cancel_not_active', 'Cancellation failed: no active response found');
    this.#hasJustEnded = false;
  }

  #createOutOfBand(options: ResponseOptions): void {
    const running = [...this.#live.values()].filter((response) => response.isOutOfBand).length;
    if (running >= this.#options.outOfBandResponses) {
      this.#options.refuse(
        'rate_limit_exceeded',
        `At most ${this.#options.outOfBandResponses} out-of-band responses run at a time. Wait for one to end.`,
      );
      return;
    }
    this.#run(this.#newId(), options, null);
  }

  #run(id: string, options: ResponseOptions, conversationId: string | null): void {
    const { responder, memory, outbox, recognizer, clock, engineSilenceMs, trace } = this.#options;
    const response = new LiveResponse({
      id,
      responder,
      config: effective(this.#options.config(), options),
      metadata: options.metadata,
      conversationId,
      items: inputOf(options, memory),
      hearing: memory.hearing,
      recognizer,
      clock,
      engineSilenceMs,
      trace,
    });
    this.#live.set(id, response);
    this.#hasJustEnded = false;
    outbox.post({ type: 'response-start', response: response.snapshot({ type: 'in-progress' }) });
    const task = response.run(outbox).finally(() => this.#tasks.delete(task));
    this.#tasks.add(task);
  }

  /** One synchronous step: engines stopped, queue emptied, items ended as far as they were told, end told. */
  #cut(response: LiveResponse, reason: CancelReason): void {
    response.abort();
    this.#options.outbox.discard((event) => event.responseId === response.id);
    this.#end(response, { type: 'cancelled', reason });
  }

  #finish({ responseId, status, usage, inaudible }: ResponseMade): void {
    for (const itemId of inaudible) this.#options.memory.giveUp(itemId);
    const response = this.#live.get(responseId);
    if (response?.isOutOfBand) this.#end(response, status, usage);
    else this.#apply({ type: 'told', responseId, status, usage, nextResponseId: this.#newId() });
  }

  #end(response: LiveResponse, status: ResponseStatus, usage?: ResponseUsage): void {
    const { outbox, memory } = this.#options;
    this.#live.delete(response.id);
    this.#hasJustEnded = true;
    for (const event of response.ledger.cut(response.id)) {
      // What had ended before is remembered, and may have been truncated since.
      if (event.type === 'output-item-end' && !response.isOutOfBand)
        memory.remember(event.item, response.ledger.spoken(event.item.id));
      outbox.post({ type: 'response-progress', progress: this.#withPrevious(event, response) });
    }
    this.#options.trace?.mark('response-end', { responseId: response.id });
    outbox.post({ type: 'response-end', response: response.snapshot(status, usage) });
    if (!response.isOutOfBand) this.#options.onEnd(spokenMs(response));
  }

  *#progress(event: ResponseProgress): Generator<SessionEvent, void, void> {
    const response = this.#live.get(event.responseId);
    if (!response) return;
    const { memory } = this.#options;
    response.ledger.note(event);
    if (event.type === 'output-audio-delta') this.#hasSpoken = true;
    if (!response.isOutOfBand) {
      if (event.type === 'output-item-start') memory.insert(begun(event.item));
      if (event.type === 'output-item-end')
        memory.remember(event.item, response.ledger.spoken(event.item.id));
    }
    yield this.#withPrevious(event, response);
  }

  /** Where an item of the conversation stands is known when it is told, and not before. */
  #withPrevious(event: ResponseProgress, response: LiveResponse): ResponseProgress {
    if ((event.type !== 'output-item-start' && event.type !== 'output-item-end') || response.isOutOfBand)
      return event;
    return { ...event, previousItemId: this.#options.memory.previousOf(event.item.id) };
  }

  #newId(): string {
    return this.#options.newId('resp_');
  }
}

function effective(config: SessionConfig, options: ResponseOptions): SessionConfig {
  return {
    ...config,
    modality: options.modality ?? config.modality,
    instructions: options.instructions ?? config.instructions,
    voice: options.voice ?? config.voice,
    outputFormat: options.outputFormat ?? config.outputFormat,
    tools: options.tools ?? config.tools,
    toolChoice: options.toolChoice ?? config.toolChoice,
    parallelToolCalls: options.parallelToolCalls ?? config.parallelToolCalls,
    temperature: options.temperature ?? config.temperature,
    maxOutputTokens:
      options.maxOutputTokens === undefined ? config.maxOutputTokens : (options.maxOutputTokens ?? undefined),
  };
}

/** What the response reads: the conversation, or what the client gave it instead. */
function inputOf(options: ResponseOptions, memory: SessionMemory): readonly ConversationItem[] {
  if (!options.input) return memory.items;
  return options.input.flatMap((entry) => {
    if (entry.type === 'item') return [entry.item];
    return memory.find(entry.itemId) ?? [];
  });
}

/** Stands in the conversation from its first word, so that what comes next stands behind it. */
function begun(item: OutputItem): ConversationItem {
  if (item.kind === 'function-call') return { ...item, status: 'incomplete' };
  return { kind: 'message', id: item.id, role: 'assistant', status: 'incomplete', content: [] };
}

function spokenMs(response: LiveResponse): number {
  return response.ledger.output.reduce(
    (sum, item) => sum + (response.ledger.spoken(item.id)?.durationMs ?? 0),
    0,
  );
}
