import type { AudioChunk } from '../audio/chunk.ts';
import type { AudioClip } from '../audio/clip.ts';
import { resample } from '../audio/resample.ts';
import { noRecognizer } from '../conversation/no-recognizer.ts';
import type { SpeechRecognizer } from '../engine/speech-recognizer.ts';
import { Channel } from '../util/channel.ts';
import type { Clock } from '../util/clock.ts';
import { EngineError } from '../util/errors.ts';
import { LinkedAbort } from '../util/linked-abort.ts';
import { SettledTranscript } from './settled-transcript.ts';

export interface TurnListenerOptions {
  readonly itemId: string;
  /** Without one, nothing is heard while it is spoken. */
  readonly recognizer: SpeechRecognizer | undefined;
  readonly language: string | undefined;
  readonly prompt: string | undefined;
  readonly signal: AbortSignal;
  readonly clock: Clock;
  /** How long after the end of the turn its words may come. */
  readonly recognitionMs: number;
  /** More words have settled. */
  readonly onSettled: () => void;
}

/** Chunks that may wait for the recognizer; a turn is bounded by its session, so this never drops any. */
const CHUNKS_AHEAD = 65_536;

/** Hears one turn while it is being spoken. */
export class TurnListener {
  readonly itemId: string;
  readonly #options: TurnListenerOptions;
  readonly #audio = new Channel<AudioChunk>(CHUNKS_AHEAD);
  readonly #abort: LinkedAbort;
  readonly #transcript = new SettledTranscript();
  #hypothesis = '';
  #takenLength = 0;
  #hearing: Promise<string> | undefined;
  /** Up to where of the session's audio the turn has been fed. */
  fedMs: number;

  constructor(options: TurnListenerOptions, fromMs: number) {
    this.itemId = options.itemId;
    this.#options = options;
    this.#abort = new LinkedAbort(options.signal);
    this.fedMs = fromMs;
  }

  /** What has settled since this was last asked; together these are what was said. */
  takeSettled(): string {
    const { text } = this.#transcript;
    const fresh = text.slice(this.#takenLength);
    this.#takenLength = text.length;
    return fresh;
  }

  /** What the end of the turn sounds like so far, which may change yet. */
  get hypothesis(): string {
    return this.#hypothesis;
  }

  feed(clip: AudioClip, untilMs: number): void {
    this.#hearing ??= this.#hear();
    // What goes wrong meanwhile is told when the turn ends.
    this.#hearing.catch(() => {});
    for (const chunk of clip.chunks) this.#audio.post(chunk);
    this.fedMs = untilMs;
  }

  /** The turn has ended: what was said in it, empty when nobody spoke. */
  async finish(): Promise<string> {
    const { clock, recognitionMs } = this.#options;
    this.#hearing ??= this.#hear();
    this.#audio.close();
    const unwatch = clock.after(recognitionMs, () => this.#abort.abort(tooSlow(recognitionMs)));
    try {
      return await this.#hearing;
    } finally {
      unwatch();
    }
  }

  /** Nobody wants to know any more. Resolves when the recognizer has stopped. */
  async abandon(): Promise<void> {
    this.#audio.close();
    this.#abort.abort();
    await this.#hearing?.catch(() => {});
  }

  async #hear(): Promise<string> {
    const { recognizer, language, prompt, onSettled } = this.#options;
    using abort = this.#abort;
    const { signal } = abort;
    if (!recognizer) throw noRecognizer();
    const audio = resample(this.#audio, recognizer.sampleRate);
    for await (const event of recognizer.recognize(audio, { signal, language, prompt })) {
      this.#hypothesis = event.text;
      if (event.type === 'final') this.#transcript.end(event.text);
      else this.#transcript.settle(event.settled ?? '');
      if (!signal.aborted) onSettled();
    }
    return this.#transcript.text;
  }
}

function tooSlow(ms: number): EngineError {
  return new EngineError('recognizer', 'failed', `The words of a turn did not come within ${ms / 1000} s.`);
}
