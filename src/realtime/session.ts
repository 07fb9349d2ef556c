import type { Responder } from '../conversation/responder.ts';
import type { NoiseReducer } from '../engine/noise-reducer.ts';
import type { SpeechRecognizer } from '../engine/speech-recognizer.ts';
import type { VoiceActivityDetector } from '../engine/voice-activity-detector.ts';
import { unlessAborted } from '../util/abort.ts';
import { Channel } from '../util/channel.ts';
import type { Clock } from '../util/clock.ts';
import { type Deferred, deferred } from '../util/deferred.ts';
import type { SessionOutbox } from './live-response.ts';
import { Outbox } from './outbox.ts';
import type { SessionCommand } from './session-command.ts';
import type { ResponseOptions, SessionConfig } from './session-config.ts';
import type { ProblemCode, SessionEvent, SessionProblem, SessionSnapshot } from './session-event.ts';
import { SESSION_LIMITS, type SessionLimits } from './session-limits.ts';
import { SessionMemory } from './session-memory.ts';
import { SessionResponses } from './session-responses.ts';
import { SessionTrace } from './session-trace.ts';
import { SessionTurns } from './session-turns.ts';

export interface RealtimeSessionOptions {
  readonly id: string;
  readonly conversationId: string;
  /** What the deployment calls its model. */
  readonly model: string;
  readonly config: SessionConfig;
  readonly responder: Responder;
  readonly recognizer: SpeechRecognizer | undefined;
  readonly detector: VoiceActivityDetector | undefined;
  readonly noiseReducer?: NoiseReducer | undefined;
  readonly clock: Clock;
  readonly newId: (prefix: string) => string;
  /** Unix seconds. */
  readonly expiresAt: number;
  /** Whether the words of a turn may be told before the turn has an item. */
  readonly hasCaptions: boolean;
  /** Whether the client has asked to be told of scores and times; only then it knows such events. */
  readonly isTraced?: boolean;
  readonly limits?: SessionLimits;
}

/** A truncation may name an end past the last sample by as much as clients' clocks are off. */
const TRUNCATE_TOLERANCE_MS = 100;

/**
 * One conversation with one client. Its state changes only in synchronous code: commands are taken one at a
 * time, in the order in which they came, and what it has to tell leaves by one outbox.
 */
export class RealtimeSession implements AsyncDisposable {
  readonly #options: RealtimeSessionOptions;
  readonly #limits: SessionLimits;
  readonly #inbox: Channel<SessionCommand>;
  readonly #outbox: SessionOutbox;
  readonly #memory: SessionMemory;
  readonly #responses: SessionResponses;
  readonly #turns: SessionTurns;
  readonly #closing = new AbortController();
  /** Changes that somebody waits for. */
  readonly #updates = new WeakMap<SessionCommand, Deferred<void>>();
  #config: SessionConfig;
  /** The client's id of the command that is being carried out, for what it causes. */
  #causedBy: string | null = null;
  #cancelIdle: () => void = () => {};
  #running: Promise<void> | undefined;

  constructor(options: RealtimeSessionOptions) {
    const limits = options.limits ?? SESSION_LIMITS;
    this.#options = options;
    this.#limits = limits;
    this.#config = options.config;
    this.#inbox = new Channel(limits.commandsAhead);
    this.#outbox = new Outbox({
      progressAhead: limits.progressEventsAhead,
      controlAhead: limits.controlEventsAhead,
    });
    this.#memory = new SessionMemory(limits.retainedAudioMs);
    const shared = {
      trace: options.isTraced ? this.#openTrace() : undefined,
      memory: this.#memory,
      config: () => this.#config,
      newId: options.newId,
      refuse: (code: ProblemCode, message: string) => this.#refuse(code, message),
    };
    this.#responses = new SessionResponses({
      ...shared,
      responder: options.responder,
      conversationId: options.conversationId,
      outbox: this.#outbox,
      recognizer: options.recognizer?.name,
      outOfBandResponses: limits.outOfBandResponses,
      engineSilenceMs: limits.engineSilenceMs,
      clock: options.clock,
      onEnd: (spokenMs) => this.#awaitSpeech(spokenMs),
    });
    this.#turns = new SessionTurns({
      ...shared,
      recognizer: options.recognizer,
      detector: options.detector,
      noiseReducer: options.noiseReducer,
      limits,
      hasCaptions: options.hasCaptions,
      clock: options.clock,
      signal: this.#closing.signal,
      post: (event) => this.#outbox.post(event),
      isFull: () => this.#isFull(),
      onSpeech: () => this.#interrupt(),
      onTurn: () => this.#answer(),
    });
  }

  get id(): string {
    return this.#options.id;
  }

  get config(): SessionConfig {
    return this.#config;
  }

  /** Tells the client that the session is there, and begins to take commands. */
  open(): void {
    this.#outbox.post({ type: 'session-start', session: this.#snapshot() });
    this.#running ??= this.#run();
    // Who disposes of the session learns of it.
    this.#running.catch(() => {});
  }

  /**
   * Resolves once there is room for another command: the client is read no faster than it is served. Behind a
   * change of the configuration, once it has been made: what comes next is to be read by it.
   */
  async receive(command: SessionCommand): Promise<void> {
    const { signal } = this.#closing;
    const updated = command.type === 'session-update' ? deferred() : undefined;
    if (updated) this.#updates.set(command, updated);
    if (!this.#outbox.isCalm) await this.#outbox.calm(signal);
    await this.#inbox.write(command, signal);
    if (updated) await unlessAborted(updated.promise, signal);
  }

  /**
   * Tells of a mistake that was no command, such as a message that could not be read: at once. Resolves when
   * the client has read enough for another, or the session has ended. Never rejects.
   */
  async report(problem: SessionProblem): Promise<void> {
    this.#outbox.post({ type: 'problem', problem });
    await this.#outbox.calm(this.#closing.signal).catch(() => {});
  }

  /**
   * Everything that the client should be told, in order, for one reader. A reply counts as it is told, not as
   * it is made: until then it can be cut short, and the conversation does not hold it.
   */
  async *events(): AsyncGenerator<SessionEvent, void, void> {
    while (await this.#outbox.readable()) {
      const event = this.#outbox.take();
      if (event) yield* this.#responses.told(event);
    }
  }

  /** Stops every engine and joins every task. May be called twice. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#closing.abort();
    this.#cancelIdle();
    this.#inbox.close();
    const responded = this.#responses.close();
    // It may be in the midst of audio, and begin something yet.
    try {
      await this.#running;
    } finally {
      await responded;
      await this.#turns[Symbol.asyncDispose]();
      this.#outbox.close();
    }
  }

  async #run(): Promise<void> {
    try {
      for await (const command of this.#inbox) {
        if (this.#closing.signal.aborted) return;
        this.#causedBy = command.eventId ?? null;
        if (command.type === 'audio-append') await this.#turns.append(command.bytes);
        else this.#obey(command);
        this.#causedBy = null;
        this.#updates.get(command)?.resolve();
      }
    } catch (error) {
      // A fault of ours: a session that takes no more commands tells so, and ends.
      this.#refuse('server_error', 'The server had an error while processing your request.');
      this.#outbox.close();
      throw error;
    }
  }

  #obey(command: Exclude<SessionCommand, { type: 'audio-append' }>): void {
    switch (command.type) {
      case 'session-update':
        this.#update(command.changes);
        return;
      case 'audio-commit':
        this.#turns.commit();
        return;
      case 'audio-clear':
        this.#turns.clear();
        return;
      case 'item-create':
        this.#create(command);
        return;
      case 'item-retrieve':
        this.#retrieve(command.itemId);
        return;
      case 'item-truncate':
        this.#truncate(command);
        return;
      case 'item-delete':
        this.#delete(command.itemId);
        return;
      case 'response-create':
        this.#respond(command.options);
        return;
      case 'response-cancel':
        this.#responses.cancel('client-cancelled', command.responseId);
        return;
    }
  }

  #update(changes: Partial<SessionConfig>): void {
    if (changes.voice !== undefined && changes.voice !== this.#config.voice && this.#responses.hasSpoken) {
      this.#refuse(
        'cannot_update_voice',
        "Cannot update a conversation's voice if assistant audio is present.",
        'session.voice',
      );
      return;
    }
    if (changes.noiseReduction && !this.#options.noiseReducer) {
      this.#refuse('unsupported_parameter', 'This deployment can not take noise out of audio.', 'session');
      return;
    }
    const echo = { ...this.#config.echo, ...changes.echo };
    this.#config = { ...this.#config, ...changes, echo };
    if ('turnDetection' in changes) this.#cancelIdle();
    this.#turns.reconsider();
    this.#outbox.post({ type: 'session-updated', session: this.#snapshot() });
  }

  #create({ item, after }: Extract<SessionCommand, { type: 'item-create' }>): void {
    const named = item.id === '' ? { ...item, id: this.#options.newId('item_') } : item;
    if (this.#memory.find(named.id)) {
      this.#refuse(
        'item_create_invalid_item_id',
        `Error adding item: the item with id '${named.id}' already exists.`,
      );
      return;
    }
    if (this.#isFull()) return;
    if (!this.#memory.insert(named, after)) {
      this.#refuse(
        'item_create_invalid_previous_item_id',
        `Error adding item: the previous item with id '${after}' does not exist.`,
        'previous_item_id',
      );
      return;
    }
    this.#outbox.post({ type: 'item-added', item: named, previousItemId: this.#memory.previousOf(named.id) });
  }

  #retrieve(itemId: string): void {
    const item = this.#memory.find(itemId);
    const { inputFormat } = this.#config;
    if (item) this.#outbox.post({ type: 'item-retrieved', item, inputFormat });
    else this.#refuseUnknown('item_retrieve_invalid_item_id', 'retrieving', itemId);
  }

  #truncate({ itemId, contentIndex, audioEndMs }: Extract<SessionCommand, { type: 'item-truncate' }>): void {
    const item = this.#memory.find(itemId);
    if (!item) {
      this.#refuseUnknown('item_truncate_invalid_item_id', 'truncating', itemId);
      return;
    }
    const spokenMs = this.#memory.spokenMs(itemId) ?? this.#responses.liveSpokenMs(itemId);
    if (spokenMs === undefined || contentIndex !== 0) {
      this.#refuse('unsupported_content_type', 'Only model output audio messages can be truncated');
      return;
    }
    if (audioEndMs > spokenMs + TRUNCATE_TOLERANCE_MS) {
      const has = Math.round(spokenMs);
      this.#refuse(
        'invalid_value',
        `Audio content of ${has}ms is already shorter than ${audioEndMs}ms`,
        'audio_end_ms',
      );
      return;
    }
    this.#memory.truncate(itemId, audioEndMs);
    this.#outbox.post({ type: 'item-truncated', itemId, contentIndex, audioEndMs });
  }

  #delete(itemId: string): void {
    if (!this.#memory.find(itemId)) {
      this.#refuseUnknown('item_delete_invalid_item_id', 'deleting', itemId);
      return;
    }
    this.#memory.remove(itemId);
    this.#outbox.post({ type: 'item-deleted', itemId });
  }

  #respond(options: ResponseOptions): void {
    if (this.#config.purpose === 'transcription') {
      this.#refuse('invalid_value', 'A transcription session makes no responses.', 'type');
      return;
    }
    for (const entry of options.input ?? []) {
      if (entry.type === 'item' || this.#memory.find(entry.itemId)) continue;
      this.#refuseUnknown('item_retrieve_invalid_item_id', 'referring to', entry.itemId);
      return;
    }
    if (!options.isOutOfBand && this.#isFull()) return;
    this.#cancelIdle();
    this.#responses.create(options);
  }

  #answer(): void {
    if (this.#config.purpose === 'conversation' && !this.#isFull()) this.#responses.answer();
  }

  /** Whether the conversation has no room for another item; then the client is told so. */
  #isFull(): boolean {
    const { items } = this.#limits;
    if (this.#memory.items.length < items) return false;
    this.#refuse('invalid_value', `The conversation is full: it holds ${items} items. Delete some.`);
    return true;
  }

  #interrupt(): void {
    if (this.#config.turnDetection?.interruptResponse ?? false) this.#responses.cancel('turn-detected');
    this.#cancelIdle();
  }

  /** A reply of `spokenMs` has been told: once it has been played, silence may be long enough to speak again. */
  #awaitSpeech(spokenMs: number): void {
    this.#cancelIdle();
    const { turnDetection } = this.#config;
    if (this.#closing.signal.aborted) return;
    if (turnDetection?.type !== 'server-vad' || turnDetection.idleTimeoutMs === undefined) return;
    this.#cancelIdle = this.#options.clock.after(spokenMs + turnDetection.idleTimeoutMs, () => {
      if (!this.#turns.isSpeaking && !this.#responses.isActive) this.#turns.timeOut();
    });
  }

  #refuseUnknown(code: ProblemCode, doing: string, itemId: string): void {
    const shown = itemId.length > 64 ? `${itemId.slice(0, 61)}...` : itemId;
    this.#refuse(code, `Error ${doing} item: the item with id '${shown}' does not exist.`, 'item_id');
  }

  #refuse(code: ProblemCode, message: string, param: string | null = null): void {
    this.#outbox.post({ type: 'problem', problem: { code, message, param, eventId: this.#causedBy } });
  }

  #openTrace(): SessionTrace {
    return new SessionTrace({
      clock: this.#options.clock,
      post: (event) => this.#outbox.post(event),
      isCalm: () => this.#outbox.isCalm,
    });
  }

  #snapshot(): SessionSnapshot {
    const { id, model, expiresAt } = this.#options;
    return { id, model, expiresAt, config: this.#config };
  }
}
