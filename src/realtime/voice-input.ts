import { type AudioChunk, durationMs } from '../audio/chunk.ts';
import { expandG711 } from '../audio/g711.ts';
import { fromPcmBytes } from '../audio/pcm-bytes.ts';
import { createResampler, type Resampler } from '../audio/resampler.ts';
import type { VoiceActivityDetector, VoiceActivityStream } from '../engine/voice-activity-detector.ts';
import { unlessAborted } from '../util/abort.ts';
import { InputBuffer } from './input-buffer.ts';
import { sampleRateOf, type WireAudioFormat } from './session-config.ts';
import {
  nextSpeech,
  SILENCE,
  type SpeechEffect,
  type SpeechRules,
  type SpeechState,
} from './speech-machine.ts';

export interface VoiceInputOptions {
  readonly detector: VoiceActivityDetector | undefined;
  /** The rules as they are now; `undefined` where the client decides when a turn ends. */
  readonly rules: () => SpeechRules | undefined;
  readonly onEffect: (effect: SpeechEffect) => void;
  /** Audio has come; `endMs` is where it ends now. */
  readonly onAudio: (endMs: number) => void;
  /** The detector has failed; told once until it works again. */
  readonly onDeaf: (error: unknown) => void;
  readonly signal: AbortSignal;
}

/** Silence that is kept while nobody speaks, beyond the padding of a turn that may begin. */
const KEPT_SILENCE_MS = 5_000;
/** Audio that is looked at before others get their turn on the event loop. */
const STEP_MS = 500;

/** The client's audio: kept, counted, and listened to for speech. */
export class VoiceInput implements AsyncDisposable {
  readonly buffer = new InputBuffer();
  readonly #options: VoiceInputOptions;
  #speech: SpeechState = SILENCE;
  #ear: Ear | undefined;
  /** An odd byte at the end of one append belongs to the sample that the next one completes. */
  #oddByte: number | undefined;
  #isDeaf = false;

  constructor(options: VoiceInputOptions) {
    this.#options = options;
  }

  get isSpeaking(): boolean {
    return this.#speech.phase === 'speech';
  }

  /** Takes bytes in `format`. Effects are told as they are found, in the order of the audio. */
  async append(bytes: Uint8Array, format: WireAudioFormat): Promise<void> {
    const chunk = this.#toChunk(bytes, format);
    const step = Math.ceil((chunk.sampleRate * STEP_MS) / 1000);
    for (let start = 0; start < chunk.samples.length; start += step) {
      if (start > 0) await new Promise((resolve) => setImmediate(resolve));
      if (this.#options.signal.aborted) return;
      // A copy: what is kept of a long append must not keep all of it.
      const samples =
        start + step > chunk.samples.length
          ? chunk.samples.subarray(start)
          : chunk.samples.slice(start, start + step);
      await this.#take({ samples, sampleRate: chunk.sampleRate });
    }
  }

  /** What was speech is over, whatever comes next: the client has committed or cleared it. */
  forgetSpeech(): void {
    this.#speech = SILENCE;
  }

  /** What comes next begins with a whole sample. */
  forgetHalfSample(): void {
    this.#oddByte = undefined;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const ear = this.#ear;
    this.#ear = undefined;
    await ear?.[Symbol.asyncDispose]();
  }

  #toChunk(bytes: Uint8Array, format: WireAudioFormat): AudioChunk {
    if (format !== 'pcm16') {
      this.forgetHalfSample();
      const law = format === 'g711-ulaw' ? 'mulaw' : 'alaw';
      return { samples: expandG711(bytes, law), sampleRate: sampleRateOf(format) };
    }
    const whole = this.#oddByte === undefined ? bytes : Buffer.concat([Buffer.of(this.#oddByte), bytes]);
    this.#oddByte = whole.length % 2 === 1 ? whole.at(-1) : undefined;
    return { samples: fromPcmBytes(whole.subarray(0, whole.length & ~1)), sampleRate: sampleRateOf(format) };
  }

  async #take(chunk: AudioChunk): Promise<void> {
    const startMs = this.buffer.endMs;
    this.buffer.append(chunk);
    const { detector, rules, onAudio } = this.#options;
    if (detector && rules()) await this.#listen(detector, chunk, startMs);
    else this.#speech = SILENCE;
    onAudio(this.buffer.endMs);
    this.#trim();
  }

  async #listen(detector: VoiceActivityDetector, chunk: AudioChunk, startMs: number): Promise<void> {
    try {
      const ear = await this.#earFor(detector, chunk.sampleRate, startMs);
      await this.#follow(ear, chunk);
      this.#isDeaf = false;
    } catch (error) {
      if (this.#options.signal.aborted) return;
      await this[Symbol.asyncDispose]();
      if (!this.#isDeaf) this.#options.onDeaf(error);
      this.#isDeaf = true;
    }
  }

  async #follow(ear: Ear, chunk: AudioChunk): Promise<void> {
    for (const window of ear.windows(chunk)) {
      const scored = ear.score(window.samples);
      const score = typeof scored === 'number' ? scored : await unlessAborted(scored, this.#options.signal);
      const rules = this.#options.rules();
      if (!rules) return;
      const step = nextSpeech(this.#speech, { score, startMs: window.startMs, endMs: window.endMs }, rules);
      this.#speech = step.state;
      for (const effect of step.effects) this.#options.onEffect(effect);
    }
  }

  /** A change of rate, or a gap in which nobody listened, begins the detector anew. */
  async #earFor(detector: VoiceActivityDetector, sampleRate: number, startMs: number): Promise<Ear> {
    if (this.#ear?.continues(sampleRate, startMs)) return this.#ear;
    await this[Symbol.asyncDispose]();
    this.#ear = await Ear.open(detector, sampleRate, startMs);
    return this.#ear;
  }

  #trim(): void {
    const rules = this.#options.rules();
    if (!rules || this.isSpeaking) return;
    this.buffer.dropBefore(this.buffer.endMs - rules.prefixPaddingMs - KEPT_SILENCE_MS);
  }
}

interface EarWindow {
  readonly samples: Float32Array;
  readonly startMs: number;
  readonly endMs: number;
}

/** A detector's stream, and the cutting of audio into the windows it wants. */
class Ear implements AsyncDisposable {
  readonly #detector: VoiceActivityDetector;
  readonly #stream: VoiceActivityStream;
  /** None where the audio has the detector's rate. */
  readonly #resampler: Resampler | undefined;
  readonly #sampleRate: number;
  #pending = new Int16Array();
  #windowStartMs: number;
  #heardUntilMs: number;

  private constructor(
    detector: VoiceActivityDetector,
    resampler: Resampler | undefined,
    sampleRate: number,
    startMs: number,
  ) {
    this.#detector = detector;
    this.#stream = detector.open();
    this.#resampler = resampler;
    this.#sampleRate = sampleRate;
    this.#windowStartMs = startMs;
    this.#heardUntilMs = startMs;
  }

  static async open(detector: VoiceActivityDetector, sampleRate: number, startMs: number): Promise<Ear> {
    const isSameRate = sampleRate === detector.sampleRate;
    const resampler = isSameRate ? undefined : await createResampler(sampleRate, detector.sampleRate);
    try {
      return new Ear(detector, resampler, sampleRate, startMs);
    } catch (error) {
      resampler?.[Symbol.dispose]();
      throw error;
    }
  }

  continues(sampleRate: number, startMs: number): boolean {
    return sampleRate === this.#sampleRate && Math.abs(startMs - this.#heardUntilMs) < 1;
  }

  *windows(chunk: AudioChunk): Generator<EarWindow, void, void> {
    this.#heardUntilMs += durationMs(chunk);
    const fresh = this.#resampler?.process(chunk.samples) ?? chunk.samples;
    const all = new Int16Array(this.#pending.length + fresh.length);
    all.set(this.#pending);
    all.set(fresh, this.#pending.length);
    const { windowSamples, sampleRate } = this.#detector;
    const windowMs = (windowSamples / sampleRate) * 1000;
    let start = 0;
    for (; start + windowSamples <= all.length; start += windowSamples) {
      const startMs = this.#windowStartMs;
      this.#windowStartMs += windowMs;
      const samples = toFloats(all.subarray(start, start + windowSamples));
      yield { samples, startMs, endMs: startMs + windowMs };
    }
    this.#pending = all.slice(start);
  }

  score(window: Float32Array): number | Promise<number> {
    return this.#stream.score(window);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#resampler?.[Symbol.dispose]();
    await this.#stream[Symbol.asyncDispose]();
  }
}

function toFloats(samples: Int16Array): Float32Array {
  // Not `from` with a function, which takes ten times as long.
  const floats = new Float32Array(samples);
  for (let index = 0; index < floats.length; index += 1) floats[index] = (floats[index] ?? 0) / 32_768;
  return floats;
}
