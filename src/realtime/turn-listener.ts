import type { AudioChunk } from '../audio/chunk.ts';
import type { AudioClip } from '../audio/clip.ts';
import { resample } from '../audio/resample.ts';
import type { SpeechRecognizer } from '../engine/speech-recognizer.ts';
import { Channel } from '../util/channel.ts';
import type { Clock } from '../util/clock.ts';
import { EngineError } from '../util/errors.ts';
import { StableTranscript } from './stable-transcript.ts';

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
  /** Words that have become certain while the turn goes on. */
  readonly onDelta: (delta: string) => void;
}

/** Chunks that may wait for the recognizer; a turn is bounded by its session, so this never drops any. */
const CHUNKS_AHEAD = 65_536;

/** Hears one turn while it is being spoken. */
export class TurnListener {
  readonly itemId: string;
  readonly #options: TurnListenerOptions;
  readonly #audio = new Channel<AudioChunk>(CHUNKS_AHEAD);
  readonly #stop = new AbortController();
  #hearing: Promise<string> | undefined;
  /** Up to where of the session's audio the turn has been fed. */
  fedMs: number;

  constructor(options: TurnListenerOptions, fromMs: number) {
    this.itemId = options.itemId;
    this.#options = options;
    this.fedMs = fromMs;
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
    const unwatch = clock.after(recognitionMs, () => this.#stop.abort(tooSlow(recognitionMs)));
    try {
      return await this.#hearing;
    } finally {
      unwatch();
    }
  }

  /** Nobody wants to know any more. Resolves when the recognizer has stopped. */
  async abandon(): Promise<void> {
    this.#audio.close();
    this.#stop.abort();
    await this.#hearing?.catch(() => {});
  }

  async #hear(): Promise<string> {
    const { recognizer, language, prompt, onDelta } = this.#options;
    if (!recognizer) throw noRecognizer();
    const signal = AbortSignal.any([this.#options.signal, this.#stop.signal]);
    const stable = new StableTranscript();
    const utterances: string[] = [];
    const audio = resample(this.#audio, recognizer.sampleRate);
    for await (const event of recognizer.recognize(audio, { signal, language, prompt })) {
      if (event.type === 'final' && event.text !== '') utterances.push(event.text);
      const delta = event.type === 'final' ? stable.final(event.text) : stable.partial(event.text);
      if (delta !== '' && !signal.aborted) onDelta(delta);
    }
    return utterances.join(' ');
  }
}

function tooSlow(ms: number): EngineError {
  return new EngineError('recognizer', 'failed', `The words of a turn did not come within ${ms / 1000} s.`);
}

function noRecognizer(): EngineError {
  return new EngineError(
    'recognizer',
    'unavailable',
    'No speech recognizer is available. Run `samtal doctor` to see how to install one.',
  );
}
