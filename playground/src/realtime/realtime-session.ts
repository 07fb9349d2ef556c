import { type Microphone, openMicrophone } from '../audio/microphone.ts';
import { SAMPLE_RATE, toMs } from '../audio/pcm.ts';
import { openPlayer, type Player } from '../audio/player.ts';
import { toError } from '../components/to-error.ts';
import { answerCall } from './answer-call.ts';
import { type Connection, connect } from './connection.ts';
import { activeResponse } from './conversation.ts';
import type { EventRecord } from './record.ts';
import { Recording } from './recording.ts';
import { ScoreMeter } from './score-meter.ts';
import { sessionChanges } from './session-changes.ts';
import { toSession } from './session-object.ts';
import { SessionStore } from './session-store.ts';
import type { RealtimeSettings } from './settings.ts';
import { type WireDecoder, type WireEncoder, wireDecoder, wireEncoder } from './wire-audio.ts';
import {
  fieldOf,
  itemIdOf,
  listOf,
  numberOf,
  previewName,
  responseIdOf,
  textOf,
  type WireEvent,
} from './wire-event.ts';

/** A network that is this far behind is not sent more speech: two seconds of it, in base64. */
const MOST_WAITING_BYTES = 131_072;
/** Of the user's turns; beyond them the oldest can no longer be played by themselves. */
const KEPT_SPANS = 1_000;
/** Servers refuse to end a turn of less. */
const LEAST_TURN_MS = 100;

interface Span {
  readonly startMs: number;
  readonly endMs: number;
}

/** A spoken conversation with the server: its socket, microphone, loudspeaker, and what is known of it. */
export class RealtimeSession {
  readonly store = new SessionStore();
  readonly meter = new ScoreMeter();
  recording = new Recording();
  #settings: RealtimeSettings;
  readonly #secret: string | undefined;
  #startedAt = 0;
  #connection: Connection | undefined;
  #microphone: Microphone | undefined;
  #player: Player | undefined;
  #encoder: WireEncoder = wireEncoder('pcm16');
  #decoder: WireDecoder = wireDecoder('pcm16');
  /** Ends what the running session started. */
  #leaving = new AbortController();
  /** Responses of which no more is to be played. */
  readonly #cutResponses = new Set<string>();
  /** Done when the session has been opened and told how it is set. */
  #ready = Promise.withResolvers<boolean>();
  #talkedMs = 0;
  /** Where in the input each of the user's turns lies. */
  readonly #turnSpans = new Map<string, Span>();

  constructor({
    settings,
    secret,
  }: { readonly settings: RealtimeSettings; readonly secret: string | undefined }) {
    this.#settings = settings;
    this.#secret = secret;
  }

  readonly now = (): number => performance.now() - this.#startedAt;

  /** Opens a session if none runs. @returns whether there is one */
  async connect(): Promise<boolean> {
    if (this.store.state.phase !== 'idle') return await this.#ready.promise;
    this.#begin();
    const { signal } = this.#leaving;
    try {
      const player = await this.#openPlayer();
      if (signal.aborted) {
        await player[Symbol.asyncDispose]();
        return false;
      }
      this.#player = player;
    } catch (error) {
      if (signal.aborted) return false;
      await this.disconnect();
      this.store.set({ drop: { code: undefined, reason: toError(error).message, wasOpen: false } });
      return false;
    }
    void this.#chooseLoudspeaker();
    this.#connection = connect({
      settings: this.#settings,
      secret: this.#secret,
      now: this.now,
      onRecord: (record) => this.#onRecord(record),
      onDrop: (drop) => {
        this.store.set({ drop });
        void this.disconnect();
      },
    });
    return await this.#ready.promise;
  }

  /** Ends the session; what was said stays on the page. */
  async disconnect(): Promise<void> {
    this.#leaving.abort();
    this.#ready.resolve(false);
    this.#connection?.close();
    this.#connection = undefined;
    const [microphone, player] = [this.#microphone, this.#player];
    this.#microphone = undefined;
    this.#player = undefined;
    this.store.set({ phase: 'idle', microphone: 'off', isTalking: false, isPlaying: false });
    await microphone?.[Symbol.asyncDispose]();
    await player?.[Symbol.asyncDispose]();
  }

  /** Lets the server hear; opens a session first if none runs. */
  async listen(): Promise<void> {
    if (this.store.state.microphone !== 'off') return;
    const connecting = this.connect();
    this.store.set({ microphone: 'opening', microphoneFault: undefined });
    const { signal } = this.#leaving;
    try {
      const microphone = await openMicrophone(this.#settings.microphone);
      if (signal.aborted || !(await connecting)) return await microphone[Symbol.asyncDispose]();
      this.#microphone = microphone;
      this.store.set({ microphone: 'on' });
      void this.#sendHeard(microphone);
    } catch (error) {
      const name = error instanceof DOMException ? error.name : 'Error';
      this.store.set({ microphone: 'off', microphoneFault: name });
    }
  }

  async stopListening(): Promise<void> {
    await this.stopTalking();
    const microphone = this.#microphone;
    this.#microphone = undefined;
    this.store.set({ microphone: 'off' });
    await microphone?.[Symbol.asyncDispose]();
  }

  /** While the button is held the server hears, whatever was being said. */
  async startTalking(): Promise<void> {
    if (this.store.state.isTalking) return;
    this.#talkedMs = 0;
    this.store.set({ isTalking: true });
    const interrupting = this.interrupt();
    await this.listen();
    await interrupting;
  }

  /** Ends the turn and asks for the answer; less than a word is forgotten. */
  async stopTalking(): Promise<void> {
    if (!this.store.state.isTalking) return;
    this.store.set({ isTalking: false });
    if (this.#talkedMs < LEAST_TURN_MS) return this.#send({ type: 'input_audio_buffer.clear' });
    this.#send({ type: 'input_audio_buffer.commit' });
    this.#send({ type: 'response.create' });
  }

  async sendText(text: string): Promise<void> {
    if (!(await this.connect())) return;
    await this.interrupt();
    const content = [{ type: 'input_text', text }];
    this.#send({ type: 'conversation.item.create', item: { type: 'message', role: 'user', content } });
    this.#send({ type: 'response.create' });
  }

  /** Ends what is being said, on both sides. */
  async interrupt(): Promise<void> {
    const active = activeResponse(this.store.state.conversation);
    if (active) {
      this.#cutResponses.add(active.id);
      this.#send({ type: 'response.cancel' });
    }
    await this.#silence();
  }

  /** Takes effect at once where a session runs, but for what only a new one can have. */
  async change(settings: RealtimeSettings): Promise<void> {
    const before = this.#settings;
    this.#settings = settings;
    if (this.store.state.phase !== 'live') return;
    if (before.address === settings.address) {
      const session = sessionChanges(before, settings);
      if (session) this.#send({ type: 'session.update', session });
    }
    if (settings.turnDetection.type === 'none' && before.turnDetection.type !== 'none') {
      this.#send({ type: 'input_audio_buffer.clear' });
    }
    if (before.inputFormat !== settings.inputFormat) this.#encoder = wireEncoder(settings.inputFormat);
    if (before.loudspeakerId !== settings.loudspeakerId) await this.#chooseLoudspeaker();
    if (JSON.stringify(before.microphone) !== JSON.stringify(settings.microphone))
      await this.#reopenMicrophone();
  }

  /** What was sent of one of the user's turns, 24 kHz. */
  heardOf(itemId: string): Int16Array<ArrayBuffer> {
    const { startMs, endMs } = this.#turnSpans.get(itemId) ?? { startMs: 0, endMs: 0 };
    return this.recording.inputBetween(startMs, endMs);
  }

  async #openPlayer(): Promise<Player> {
    return await openPlayer({
      onStarted: (itemId, atMs) => {
        const heardMs = atMs - this.#startedAt;
        this.store.record({ direction: 'loudspeaker', atMs: heardMs, itemId });
        this.store.set({ isPlaying: true });
      },
      onPlayed: (stretch) =>
        this.recording.addOutput({ ...stretch, startMs: stretch.startMs - this.#startedAt }),
      onDrained: () => this.store.set({ isPlaying: false }),
    });
  }

  #begin(): void {
    this.#leaving = new AbortController();
    this.#ready = Promise.withResolvers();
    this.#startedAt = performance.now();
    this.#cutResponses.clear();
    this.#turnSpans.clear();
    this.#encoder = wireEncoder(this.#settings.inputFormat);
    this.recording = new Recording();
    this.meter.clear();
    const { microphoneFault, isTalking } = this.store.state;
    this.store.reset({ phase: 'connecting', microphoneFault, isTalking });
  }

  #send(event: WireEvent): void {
    this.#connection?.send(event);
  }

  #onRecord(record: EventRecord): void {
    this.store.record(record);
    if (record.direction === 'server') this.#react(record.event);
  }

  #react(event: WireEvent): void {
    switch (previewName(event.type)) {
      case 'session.created':
        this.store.set({ phase: 'live' });
        this.#send({ type: 'session.update', session: toSession(this.#settings) });
        this.#ready.resolve(true);
        break;
      case 'session.updated':
        this.#decoder = wireDecoder(this.store.state.conversation.outputFormat);
        break;
      case 'response.audio.delta':
        this.#play(event);
        break;
      case 'input_audio_buffer.speech_started':
        if (this.#settings.turnDetection.interruptResponse) void this.#silence();
        this.#span(event);
        break;
      case 'input_audio_buffer.speech_stopped':
        this.#span(event);
        break;
      case 'input_audio_buffer.committed':
        this.#spanTalk(itemIdOf(event));
        break;
      case 'response.done':
        this.#cutResponses.delete(responseIdOf(event));
        void this.#answerCalls(event);
        break;
      case 'samtal.voice_activity':
        this.meter.addScore(event, this.now());
        break;
    }
  }

  #span(event: WireEvent): void {
    const itemId = itemIdOf(event);
    const { startMs, endMs } = this.#turnSpans.get(itemId) ?? { startMs: 0, endMs: Infinity };
    this.#keepSpan(itemId, {
      startMs: numberOf(event, 'audio_start_ms') ?? startMs,
      endMs: numberOf(event, 'audio_end_ms') ?? endMs,
    });
  }

  /** A turn that the page ended is what was sent while the button was held. */
  #spanTalk(itemId: string): void {
    if (this.#turnSpans.has(itemId)) return;
    const endMs = this.recording.inputMs;
    this.#keepSpan(itemId, { startMs: endMs - this.#talkedMs, endMs });
  }

  #keepSpan(itemId: string, span: Span): void {
    this.#turnSpans.set(itemId, span);
    const [oldest] = this.#turnSpans.keys();
    if (oldest !== undefined && this.#turnSpans.size > KEPT_SPANS) this.#turnSpans.delete(oldest);
  }

  #play(event: WireEvent): void {
    if (this.#cutResponses.has(responseIdOf(event))) return;
    this.#player?.append(itemIdOf(event), this.#decoder.decode(textOf(event, 'delta')));
  }

  /** Silences the loudspeaker and tells the server what was heard of what it had said. */
  async #silence(): Promise<void> {
    const heard = (await this.#player?.stop()) ?? [];
    this.store.set({ isPlaying: false });
    for (const { itemId, heardSamples, isWhole } of heard) {
      if (isWhole) continue;
      const audio_end_ms = Math.floor(toMs(heardSamples, SAMPLE_RATE));
      this.#send({ type: 'conversation.item.truncate', item_id: itemId, content_index: 0, audio_end_ms });
    }
  }

  async #sendHeard(microphone: Microphone): Promise<void> {
    // Chunks come unevenly, but were heard without a gap.
    let nextMs: number | undefined;
    for await (const chunk of microphone.chunks()) {
      this.meter.addLevel(microphone.level, this.now());
      const startMs = nextMs ?? this.now() - toMs(chunk.length);
      nextMs = startMs + toMs(chunk.length);
      if (!this.#isHeard()) continue;
      this.recording.addInput(chunk, startMs);
      this.#talkedMs += toMs(chunk.length);
      this.#send({ type: 'input_audio_buffer.append', audio: this.#encoder.encode(chunk) });
    }
    if (this.#microphone === microphone) await this.stopListening();
  }

  /** With no turn detection the server would not know when to stop listening. */
  #isHeard(): boolean {
    if ((this.#connection?.waitingBytes ?? 0) > MOST_WAITING_BYTES) return false;
    return this.store.state.isTalking || this.#settings.turnDetection.type !== 'none';
  }

  async #reopenMicrophone(): Promise<void> {
    if (this.store.state.microphone !== 'on') return;
    await this.stopListening();
    await this.listen();
  }

  async #chooseLoudspeaker(): Promise<void> {
    try {
      await this.#player?.chooseOutput(this.#settings.loudspeakerId);
    } catch {
      // It is no longer there; the browser goes on with the one it had.
    }
  }

  /** `undefined` when the session has ended meanwhile: then nobody waits for the answer. */
  async #answer(call: Parameters<typeof answerCall>[0], signal: AbortSignal): Promise<string | undefined> {
    try {
      return await answerCall(call, { tools: this.#settings.tools, signal });
    } catch (error) {
      if (signal.aborted) return undefined;
      throw error;
    }
  }

  async #answerCalls({ response }: WireEvent): Promise<void> {
    const calls = listOf(response, 'output').filter((item) => textOf(item, 'type') === 'function_call');
    if (calls.length === 0 || textOf(response, 'status') !== 'completed') return;
    const { signal } = this.#leaving;
    for (const call of calls) {
      const asked = { name: textOf(call, 'name'), arguments: textOf(call, 'arguments') };
      const output = await this.#answer(asked, signal);
      if (output === undefined) return;
      const item = { type: 'function_call_output', call_id: fieldOf(call, 'call_id'), output };
      this.#send({ type: 'conversation.item.create', item });
    }
    // A call that is required of every response would be made for ever.
    const isRequired = this.#settings.toolChoice === 'required';
    this.#send({ type: 'response.create', ...(isRequired && { response: { tool_choice: 'auto' } }) });
  }
}
