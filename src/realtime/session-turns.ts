import type { AudioClip } from '../audio/clip.ts';
import { clipDurationMs } from '../audio/clip.ts';
import type { MessageItem } from '../conversation/item.ts';
import type { NoiseReducer } from '../engine/noise-reducer.ts';
import type { SpeechRecognizer } from '../engine/speech-recognizer.ts';
import type { VoiceActivityDetector } from '../engine/voice-activity-detector.ts';
import type { Clock } from '../util/clock.ts';
import { EngineError } from '../util/errors.ts';
import { semanticPauseMs } from './semantic-pause.ts';
import type { SessionConfig } from './session-config.ts';
import type { ControlEvent, ProblemCode } from './session-event.ts';
import type { SessionLimits } from './session-limits.ts';
import type { SessionMemory } from './session-memory.ts';
import type { SessionTrace } from './session-trace.ts';
import type { SpeechEffect, SpeechRules } from './speech-machine.ts';
import { TurnListener } from './turn-listener.ts';
import { VoiceInput } from './voice-input.ts';

export interface SessionTurnsOptions {
  readonly recognizer: SpeechRecognizer | undefined;
  readonly detector: VoiceActivityDetector | undefined;
  readonly noiseReducer: NoiseReducer | undefined;
  readonly memory: SessionMemory;
  readonly config: () => SessionConfig;
  readonly limits: SessionLimits;
  readonly hasCaptions: boolean;
  readonly trace: SessionTrace | undefined;
  readonly clock: Clock;
  /** Aborts when the session ends. */
  readonly signal: AbortSignal;
  readonly newId: (prefix: string) => string;
  readonly post: (event: ControlEvent) => void;
  readonly refuse: (code: ProblemCode, message: string) => void;
  /** Whether the conversation has no room for another item; tells the client so. */
  readonly isFull: () => boolean;
  /** The user began to speak. */
  readonly onSpeech: () => void;
  /** The user has said something and stopped, and the session answers turns. */
  readonly onTurn: () => void;
}

/** Padding and threshold of semantic detection, where the client sets neither. */
const SEMANTIC_RULES = { threshold: 0.5, prefixPaddingMs: 300 };

/** Audio that is handed to the recognizer at once: more often would cost more, and tell nobody more. */
const FEED_MS = 100;

/** Where the user's turns begin and end, what is heard in them, and the items that they become. */
export class SessionTurns implements AsyncDisposable {
  readonly #options: SessionTurnsOptions;
  readonly #input: VoiceInput;
  readonly #tasks = new Set<Promise<void>>();
  #listener: TurnListener | undefined;
  #turnStartMs = 0;
  #hasJustCommitted = false;
  /** Turns that have ended and whose words are not yet known. */
  #unheardTurns = 0;
  #isAnswerDue = false;

  constructor(options: SessionTurnsOptions) {
    this.#options = options;
    this.#input = new VoiceInput({
      detector: options.detector,
      recognizerRate: options.recognizer?.sampleRate,
      noiseReducer: options.noiseReducer,
      noiseField: () => options.config().noiseReduction,
      rules: () => this.#rules(),
      onEffect: (effect) => this.#perform(effect),
      onAudio: (endMs) => this.#heard(endMs),
      ...(options.trace && { onScore: (score) => options.trace?.score(score) }),
      onDeaf: (error) => options.refuse(codeOf(error), DEAF),
      onNoisy: (error) => options.refuse(codeOf(error), NOISY),
      signal: options.signal,
    });
  }

  get isSpeaking(): boolean {
    return this.#input.isSpeaking;
  }

  async append(bytes: Uint8Array): Promise<void> {
    const { bufferedAudioMs } = this.#options.limits;
    if (this.#input.buffer.lengthMs > bufferedAudioMs && !this.#rules()) {
      const seconds = bufferedAudioMs / 1000;
      this.#options.refuse(
        'invalid_value',
        `The input audio buffer is full: it holds ${seconds} seconds. Commit or clear it.`,
      );
      return;
    }
    await this.#input.append(bytes, this.#options.config().inputFormat);
  }

  commit(): void {
    const { buffer } = this.#input;
    if (buffer.lengthMs < this.#options.limits.shortestCommitMs) {
      // The end of speech has committed what the client wanted to commit in the same moment.
      const isCrossing = this.#hasJustCommitted && this.#rules() !== undefined;
      this.#hasJustCommitted = false;
      if (isCrossing) return;
      this.#options.refuse(
        'input_audio_buffer_commit_empty',
        `Error committing input audio buffer: buffer too small. Expected at least 100ms of audio, but buffer only has ${buffer.lengthMs.toFixed(2)}ms of audio.`,
      );
      return;
    }
    this.#input.forgetSpeech();
    this.#input.forgetHalfSample();
    this.#close(buffer.startMs, buffer.endMs, { isTurn: false });
  }

  clear(): void {
    this.#abandon();
    this.#input.forgetSpeech();
    this.#input.forgetHalfSample();
    this.#input.buffer.clear();
    this.#options.post({ type: 'audio-cleared' });
    this.#answerIfDue();
  }

  /** Nobody has said anything for as long as the client wished to wait: that is a turn too. */
  timeOut(): void {
    if (this.#options.isFull()) return;
    const { buffer } = this.#input;
    const itemId = this.#listener?.itemId ?? this.#options.newId('item_');
    this.#options.post({
      type: 'idle-timeout',
      itemId,
      startMs: Math.round(buffer.startMs),
      endMs: Math.round(buffer.endMs),
    });
    this.#abandon();
    this.#input.forgetSpeech();
    this.#add(itemId, buffer.slice(buffer.startMs, buffer.endMs));
    buffer.clear();
    this.#options.memory.hear(itemId, Promise.resolve(''));
    this.#options.onTurn();
  }

  /** The client has changed who decides when a turn ends. */
  reconsider(): void {
    this.#input.retryNoiseReduction();
    if (!this.#rules()) {
      this.#input.forgetSpeech();
      this.#isAnswerDue = false;
    } else if (!this.#input.isSpeaking) {
      // What is being heard is the client's own turn, which it has given up.
      this.#abandon();
    }
  }

  /** Joins what is left, once the session's signal has been aborted. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#abandon();
    await Promise.all(this.#tasks);
    await this.#input[Symbol.asyncDispose]();
  }

  #rules(): SpeechRules | undefined {
    const { turnDetection } = this.#options.config();
    if (!this.#options.detector || !turnDetection) return undefined;
    if (turnDetection.type === 'server-vad') return turnDetection;
    const hypothesis = this.#listener?.hypothesis ?? '';
    return { ...SEMANTIC_RULES, silenceDurationMs: semanticPauseMs(hypothesis, turnDetection.eagerness) };
  }

  #perform(effect: SpeechEffect): void {
    const { post, onSpeech } = this.#options;
    if (effect.type === 'start') {
      this.#turnStartMs = Math.max(effect.atMs, this.#input.buffer.startMs);
      const { itemId } = this.#listen(this.#turnStartMs);
      post({ type: 'speech-start', itemId, atMs: Math.round(this.#turnStartMs) });
      onSpeech();
    } else {
      const itemId = this.#listener?.itemId ?? this.#options.newId('item_');
      post({ type: 'speech-end', itemId, atMs: Math.round(effect.atMs) });
      this.#traceEnd(itemId, effect.quietSinceMs);
      this.#close(this.#turnStartMs, effect.atMs, { isTurn: true });
    }
  }

  /** Audio comes as it is spoken, so that its end and the speech's are as far apart as their moments. */
  #traceEnd(itemId: string, quietSinceMs: number): void {
    const { trace } = this.#options;
    trace?.mark('speech-end', { itemId }, { agoMs: this.#input.buffer.endMs - quietSinceMs });
    trace?.mark('endpoint', { itemId });
  }

  /** Hands the turn's audio on as it comes. Where the client ends turns, one is open whenever there is audio. */
  #heard(endMs: number): void {
    if (!this.#rules() && !this.#listener) this.#listen(this.#input.buffer.startMs);
    const listener = this.#listener;
    if (!listener) return;
    const heardMs = this.#input.heardUntilMs;
    if (heardMs >= listener.fedMs + FEED_MS) this.#feed(listener, heardMs);
    if (endMs - this.#turnStartMs > this.#options.limits.bufferedAudioMs && this.#input.isSpeaking) {
      this.#input.forgetSpeech();
      this.#perform({ type: 'stop', atMs: endMs, quietSinceMs: endMs });
    }
  }

  #feed(listener: TurnListener, untilMs: number): void {
    if (untilMs > listener.fedMs) listener.feed(this.#input.takeHeard(listener.fedMs, untilMs), untilMs);
  }

  #listen(fromMs: number): TurnListener {
    this.#abandon();
    const { config, clock, limits, signal } = this.#options;
    const { transcription } = config();
    const listener = new TurnListener(
      {
        itemId: this.#options.newId('item_'),
        recognizer: this.#options.recognizer,
        language: transcription?.language,
        prompt: transcription?.prompt,
        signal,
        clock,
        recognitionMs: limits.recognitionMs,
        onSettled: () => this.#caption(listener),
      },
      fromMs,
    );
    this.#listener = listener;
    return listener;
  }

  /** Tells what has settled to a client that wants to read it and knows whose words they are. */
  #caption(listener: TurnListener): void {
    const { config, hasCaptions, post } = this.#options;
    const hasItem = listener !== this.#listener;
    if (!config().transcription || !(hasItem || hasCaptions)) return;
    const delta = listener.takeSettled();
    if (delta !== '') post({ type: 'transcription-delta', itemId: listener.itemId, delta });
  }

  #abandon(): void {
    const listener = this.#listener;
    this.#listener = undefined;
    if (listener) this.#join(listener.abandon());
  }

  #join(work: Promise<void>): void {
    const task = work.finally(() => this.#tasks.delete(task));
    this.#tasks.add(task);
  }

  #close(startMs: number, endMs: number, { isTurn }: { readonly isTurn: boolean }): void {
    const { buffer } = this.#input;
    const until = Math.min(endMs, buffer.endMs);
    if (this.#options.isFull()) {
      this.#abandon();
      buffer.dropBefore(until);
      return;
    }
    const listener = this.#listener ?? this.#listen(startMs);
    this.#listener = undefined;
    this.#feed(listener, until);
    const clip = buffer.slice(startMs, until);
    buffer.dropBefore(until);
    this.#hasJustCommitted = isTurn;
    this.#add(listener.itemId, clip);
    this.#caption(listener);
    const heard = listener.finish();
    this.#options.memory.hear(listener.itemId, heard);
    if (isTurn) this.#unheardTurns += 1;
    this.#join(this.#settle(listener, { heard, clip, isTurn }));
  }

  #add(itemId: string, clip: AudioClip): void {
    const { memory, post } = this.#options;
    const item: MessageItem = {
      kind: 'message',
      id: itemId,
      role: 'user',
      status: 'completed',
      content: [{ kind: 'audio', clip, transcript: undefined }],
    };
    memory.insert(item);
    const previousItemId = memory.previousOf(itemId);
    post({ type: 'audio-committed', itemId, previousItemId });
    post({ type: 'item-added', item, previousItemId });
  }

  async #settle(
    listener: TurnListener,
    turn: { readonly heard: Promise<string>; readonly clip: AudioClip; readonly isTurn: boolean },
  ): Promise<void> {
    const outcome = await turn.heard.then(
      (transcript) => ({ transcript }),
      (error: unknown) => ({ error }),
    );
    if (turn.isTurn) this.#unheardTurns -= 1;
    if (this.#options.signal.aborted) return;
    const { transcription, turnDetection } = this.#options.config();
    this.#caption(listener);
    this.#options.trace?.mark('transcript', { itemId: listener.itemId });
    if (transcription) this.#tellTranscript(listener.itemId, outcome, clipDurationMs(turn.clip));
    // Noise gets no answer; what could not be heard gets one that says so.
    const isSilent = 'transcript' in outcome && outcome.transcript === '';
    if (turn.isTurn && !isSilent && (turnDetection?.createResponse ?? false)) this.#isAnswerDue = true;
    this.#answerIfDue();
  }

  /** Who speaks again, or has not yet been heard to the end, has not finished: the answer is to all of it. */
  #answerIfDue(): void {
    const { config, onTurn } = this.#options;
    const isInterrupted = this.isSpeaking && (config().turnDetection?.interruptResponse ?? false);
    if (!this.#isAnswerDue || isInterrupted || this.#unheardTurns > 0) return;
    this.#isAnswerDue = false;
    onTurn();
  }

  #tellTranscript(
    itemId: string,
    outcome: { readonly transcript: string } | { readonly error: unknown },
    audioMs: number,
  ): void {
    const { post } = this.#options;
    if ('transcript' in outcome) {
      post({ type: 'transcription-end', itemId, transcript: outcome.transcript, audioMs });
      return;
    }
    const message =
      outcome.error instanceof EngineError && outcome.error.reason !== 'failed'
        ? outcome.error.message
        : 'The speech recognizer failed.';
    post({ type: 'transcription-failed', itemId, message });
  }
}

const DEAF = 'The voice activity detector failed. Turns are not found until it works again.';
const NOISY =
  'Noise can not be taken out at the moment. Audio is heard as it is until the next `session.update`.';

function codeOf(error: unknown): ProblemCode {
  const isBusy = error instanceof EngineError && error.reason === 'busy';
  return isBusy ? 'rate_limit_exceeded' : 'server_error';
}
