import type { AudioChunk } from '../audio/chunk.ts';
import type { AudioClip } from '../audio/clip.ts';
import { expandG711 } from '../audio/g711.ts';
import { viewPcmBytes } from '../audio/pcm-bytes.ts';
import type { NoiseField, NoiseReducer } from '../engine/noise-reducer.ts';
import type { VoiceActivityDetector } from '../engine/voice-activity-detector.ts';
import { unlessAborted } from '../util/abort.ts';
import { Ear } from './ear.ts';
import { Hearing } from './hearing.ts';
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
  /** Samples per second that the recognizer takes, where there is one. */
  readonly recognizerRate: number | undefined;
  readonly noiseReducer: NoiseReducer | undefined;
  /** Whether noise is to be taken out now, and which. */
  readonly noiseField: () => NoiseField | undefined;
  /** The rules as they are now; `undefined` where the client decides when a turn ends. */
  readonly rules: () => SpeechRules | undefined;
  readonly onEffect: (effect: SpeechEffect) => void;
  /** A window has been scored, and its effects have not been told. */
  readonly onScore?: ((score: WindowScore) => void) | undefined;
  /** Audio has come; `endMs` is where it ends now. */
  readonly onAudio: (endMs: number) => void;
  /** The detector has failed; told once until it works again. */
  readonly onDeaf: (error: unknown) => void;
  /** Noise can not be taken out; told once until `retryNoiseReduction`. */
  readonly onNoisy: (error: unknown) => void;
  readonly signal: AbortSignal;
}

/** What the detector made of the audio that ends at `audioMs`, and the rules of it. */
export interface WindowScore {
  readonly audioMs: number;
  readonly score: number;
  readonly threshold: number;
  readonly isSpeech: boolean;
}

/** Silence that is kept while nobody speaks, beyond the padding of a turn that may begin. */
const KEPT_SILENCE_MS = 5_000;
/** Audio that is looked at before others get their turn on the event loop. */
const STEP_MS = 500;

/** The client's audio: kept, counted, listened to for speech, and handed on as the engines hear it. */
export class VoiceInput implements AsyncDisposable {
  readonly buffer = new InputBuffer();
  readonly #options: VoiceInputOptions;
  #speech: SpeechState = SILENCE;
  #hearing: Hearing | undefined;
  #ear: Ear | undefined;
  /** An odd byte at the end of one append belongs to the sample that the next one completes. */
  #oddByte: number | undefined;
  #isDeaf = false;
  #isNoisy = false;

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
      const samples = chunk.samples.subarray(start, start + step);
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

  /** What could not take noise out is asked again. */
  retryNoiseReduction(): void {
    this.#isNoisy = false;
  }

  /** Up to where `takeHeard` has all there is: what is heard comes a little later than what was sent. */
  get heardUntilMs(): number {
    return this.#hearing?.audio.endMs ?? this.buffer.endMs;
  }

  /**
   * What the recognizer gets to hear of the time between, once: as the detector hears it, resampled and without
   * noise, and as the client sent it where that has not been made or is not there yet.
   */
  takeHeard(fromMs: number, toMs: number): AudioClip {
    const heard = this.#hearing?.audio;
    if (!heard) return this.buffer.slice(fromMs, toMs);
    const heardFromMs = Math.min(Math.max(heard.startMs, fromMs), toMs);
    const heardToMs = Math.min(Math.max(heard.endMs, heardFromMs), toMs);
    const parts = [
      this.buffer.slice(fromMs, heardFromMs),
      heard.slice(heardFromMs, heardToMs),
      this.buffer.slice(heardToMs, toMs),
    ];
    heard.dropBefore(heardToMs);
    return { chunks: parts.flatMap(({ chunks }) => chunks) };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#closeEar();
    await this.#closeHearing();
  }

  #toChunk(bytes: Uint8Array, format: WireAudioFormat): AudioChunk {
    if (format !== 'pcm16') {
      this.forgetHalfSample();
      const law = format === 'g711-ulaw' ? 'mulaw' : 'alaw';
      return { samples: expandG711(bytes, law), sampleRate: sampleRateOf(format) };
    }
    const whole = this.#oddByte === undefined ? bytes : Buffer.concat([Buffer.of(this.#oddByte), bytes]);
    this.#oddByte = whole.length % 2 === 1 ? whole.at(-1) : undefined;
    return { samples: viewPcmBytes(whole), sampleRate: sampleRateOf(format) };
  }

  async #take(chunk: AudioChunk): Promise<void> {
    const startMs = this.buffer.endMs;
    this.buffer.append(chunk);
    const { detector, rules, onAudio } = this.#options;
    const watchful = rules() ? detector : undefined;
    if (!watchful) this.#speech = SILENCE;
    if (watchful || this.#field) await this.#listen(watchful, chunk, startMs);
    else if (this.#hearing) await this[Symbol.asyncDispose]();
    onAudio(this.buffer.endMs);
    this.#trim();
  }

  async #listen(
    detector: VoiceActivityDetector | undefined,
    chunk: AudioChunk,
    startMs: number,
  ): Promise<void> {
    try {
      const heard = this.#hear(chunk, startMs);
      const samples = heard instanceof Int16Array ? heard : await heard;
      if (!detector) await this.#closeEar();
      else await this.#follow(this.#ear ?? (await this.#openEar(detector, samples)), samples);
      this.#isDeaf = false;
    } catch (error) {
      if (this.#options.signal.aborted) return;
      await this[Symbol.asyncDispose]();
      if (!this.#isDeaf) this.#options.onDeaf(error);
      this.#isDeaf = true;
    }
  }

  #hear(chunk: AudioChunk, startMs: number): Int16Array | Promise<Int16Array> {
    const hearing = this.#hearing;
    const isSame = hearing?.inputRate === chunk.sampleRate && hearing.field === this.#field;
    if (isSame && hearing.field === undefined) return hearing.take(chunk);
    return this.#hearWithCare(isSame ? hearing : undefined, chunk, startMs);
  }

  /** Begins to hear, and goes on with the noise where it can not be taken out. */
  async #hearWithCare(hearing: Hearing | undefined, chunk: AudioChunk, startMs: number): Promise<Int16Array> {
    const current = hearing ?? (await this.#openHearing(chunk.sampleRate, startMs));
    try {
      return await current.take(chunk);
    } catch (error) {
      if (current.field === undefined || this.#options.signal.aborted) throw error;
      this.#options.onNoisy(error);
      this.#isNoisy = true;
      const noisy = await this.#openHearing(chunk.sampleRate, startMs);
      return await noisy.take(chunk);
    }
  }

  get #field(): NoiseField | undefined {
    return this.#isNoisy || !this.#options.noiseReducer ? undefined : this.#options.noiseField();
  }

  get #heardRate(): number {
    const { detector, recognizerRate } = this.#options;
    return Math.max(detector?.sampleRate ?? 0, recognizerRate ?? 0);
  }

  async #openHearing(inputRate: number, startMs: number): Promise<Hearing> {
    await this.#closeHearing();
    const { noiseReducer: reducer, signal } = this.#options;
    const field = this.#field;
    this.#hearing = await Hearing.open({
      inputRate,
      sampleRate: this.#heardRate || inputRate,
      startMs,
      reduction: reducer && field && { reducer, field },
      signal,
    });
    this.#ear?.jump(startMs);
    return this.#hearing;
  }

  /** Beginning with `heard`, which is the last that was. */
  async #openEar(detector: VoiceActivityDetector, heard: Int16Array): Promise<Ear> {
    const sampleRate = this.#heardRate;
    const startMs = this.heardUntilMs - (heard.length / sampleRate) * 1000;
    this.#ear = await Ear.open({ detector, sampleRate, startMs });
    return this.#ear;
  }

  async #closeHearing(): Promise<void> {
    const hearing = this.#hearing;
    this.#hearing = undefined;
    await hearing?.[Symbol.asyncDispose]();
  }

  async #closeEar(): Promise<void> {
    const ear = this.#ear;
    this.#ear = undefined;
    await ear?.[Symbol.asyncDispose]();
  }

  async #follow(ear: Ear, heard: Int16Array): Promise<void> {
    const samples = ear.prepare(heard);
    for (let offset = ear.fill(samples, 0); ear.isFull; offset = ear.fill(samples, offset)) {
      const scored = ear.score();
      const score = typeof scored === 'number' ? scored : await unlessAborted(scored, this.#options.signal);
      const { startMs, endMs } = ear;
      ear.next();
      const rules = this.#options.rules();
      if (!rules) return;
      const step = nextSpeech(this.#speech, { score, startMs, endMs }, rules);
      this.#speech = step.state;
      const isSpeech = this.isSpeaking;
      this.#options.onScore?.({ audioMs: endMs, score, threshold: rules.threshold, isSpeech });
      for (const effect of step.effects) this.#options.onEffect(effect);
    }
  }

  #trim(): void {
    const rules = this.#options.rules();
    if (!rules || this.isSpeaking) return;
    const keptFromMs = this.buffer.endMs - rules.prefixPaddingMs - KEPT_SILENCE_MS;
    this.buffer.dropBefore(keptFromMs);
    this.#hearing?.audio.dropBefore(keptFromMs);
  }
}
