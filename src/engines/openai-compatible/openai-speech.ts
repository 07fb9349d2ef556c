import { addAbortListener } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { AudioFormatError } from '../../audio/audio-format-error.ts';
import { resample } from '../../audio/resample.ts';
import { readWavStream } from '../../audio/wav-reader.ts';
import type {
  SpeechSynthesizer,
  SynthesisEvent,
  SynthesizeOptions,
} from '../../engine/speech-synthesizer.ts';
import { unlessAborted } from '../../util/abort.ts';
import { EngineError } from '../../util/errors.ts';
import { LinkedAbort } from '../../util/linked-abort.ts';
import { readPcmStream } from './pcm-stream.ts';
import { Upstream, type UpstreamOptions } from './upstream.ts';
import { Watchdog } from './watchdog.ts';

export interface OpenAiSpeechOptions extends UpstreamOptions {
  /** Names the engine in logs and errors. Default `openai-speech`. */
  readonly name?: string | undefined;
  /** The server's voice for each name that clients may ask for. */
  readonly voices: Readonly<Record<string, string>>;
  /** BCP 47 primary subtags. Default: any. */
  readonly languages?: readonly string[] | undefined;
  /** `pcm` is 16-bit mono at 24 kHz without a header; `wav` says what it is. Default `pcm`. */
  readonly format?: 'pcm' | 'wav' | undefined;
  /** Sent with every request, such as `{ instructions: 'Speak calmly.' }`. */
  readonly extraBody?: Readonly<Record<string, unknown>> | undefined;
}

/**
 * A speech synthesizer behind any server with OpenAI's `POST /audio/speech`. Each piece of text is a request,
 * and the next one is made while the speech of this one is read. Speech is passed on as it arrives.
 */
export function openAiSpeech(options: OpenAiSpeechOptions): SpeechSynthesizer {
  const name = options.name ?? 'openai-speech';
  const upstream = new Upstream(name, options);
  return {
    name,
    sampleRate: SAMPLE_RATE,
    voices: Object.keys(options.voices),
    languages: options.languages ?? [],
    synthesize: (text, spoken) => new Speech({ upstream, options, spoken }).read(text),
  };
}

const SAMPLE_RATE = 24_000;
/** OpenAI takes 4,096 characters at a time. A cut falls before a space if there is one. */
const INPUT = /[\s\S]{1,4000}(?=\s|$)|[\s\S]{1,4000}/gu;
const CHUNK_BYTES = SAMPLE_RATE;

interface Piece {
  readonly text: string;
  /** One for each request that the text takes; none when there is nothing to say in it. */
  readonly inputs: readonly string[];
  readonly answer: IncomingMessage | undefined;
}

class Speech {
  readonly #upstream: Upstream;
  readonly #options: OpenAiSpeechOptions;
  readonly #spoken: SynthesizeOptions;
  readonly #reading: LinkedAbort;
  #samples = 0;

  constructor(given: {
    readonly upstream: Upstream;
    readonly options: OpenAiSpeechOptions;
    readonly spoken: SynthesizeOptions;
  }) {
    this.#upstream = given.upstream;
    this.#options = given.options;
    this.#spoken = given.spoken;
    this.#reading = new LinkedAbort(given.spoken.signal);
  }

  async *read(text: AsyncIterable<string>): AsyncGenerator<SynthesisEvent, void, void> {
    this.#reading.signal.throwIfAborted();
    const pieces = text[Symbol.asyncIterator]();
    let next = this.#ask(pieces);
    try {
      for (let piece = await next; piece; piece = await next) {
        next = this.#ask(pieces);
        yield* this.#speak(piece);
        yield { type: 'spoken', text: piece.text, endMs: (this.#samples / SAMPLE_RATE) * 1_000 };
      }
    } finally {
      this.#reading.abort();
      await next.catch(() => {});
      // A writer that is still thinking ends with its own signal, and is not waited for.
      pieces.return?.().catch(() => {});
    }
  }

  /** Takes the next piece of text and makes its request, whose failure waits until its turn comes. */
  #ask(pieces: AsyncIterator<string>): Promise<Piece | undefined> {
    const asking = this.#request(pieces);
    asking.catch(() => {});
    return asking;
  }

  async #request(pieces: AsyncIterator<string>): Promise<Piece | undefined> {
    const step = await unlessAborted(pieces.next(), this.#reading.signal);
    if (step.done) return undefined;
    const inputs = toInputs(step.value);
    const answer = inputs[0] === undefined ? undefined : await this.#post(inputs[0]);
    return { text: step.value, inputs, answer };
  }

  async *#speak({ inputs, answer }: Piece): AsyncGenerator<SynthesisEvent, void, void> {
    for (const [index, input] of inputs.entries()) {
      const response = index === 0 && answer ? answer : await this.#post(input);
      yield* this.#hear(response);
    }
  }

  async #post(input: string): Promise<IncomingMessage> {
    using watchdog = new Watchdog(this.#reading.signal, this.#upstream.clock);
    this.#expect(watchdog, this.#upstream.timeouts.firstTokenMs);
    const { voice, speed } = this.#spoken;
    const body = {
      model: this.#options.model,
      input,
      voice: this.#options.voices[voice] ?? this.#refuseVoice(voice),
      response_format: this.#options.format ?? 'pcm',
      ...(speed !== 1 && { speed }),
      ...this.#options.extraBody,
    };
    const response = await this.#upstream.post({
      path: '/audio/speech',
      contentType: 'application/json',
      body: JSON.stringify(body),
      signal: watchdog.signal,
    });
    // It may wait long for its turn, and nobody else watches over it meanwhile.
    addAbortListener(this.#reading.signal, () => response.destroy());
    return response;
  }

  async *#hear(response: IncomingMessage): AsyncGenerator<SynthesisEvent, void, void> {
    const type = response.headers['content-type'] ?? '';
    if (/json|html|text/.test(type)) throw this.#upstream.failed(`answered with ${type} instead of speech.`);
    const bytes = this.#paced(response);
    const audio = this.#options.format === 'wav' ? readWavStream(bytes) : readPcmStream(bytes, SAMPLE_RATE);
    try {
      for await (const chunk of resample(audio, SAMPLE_RATE)) {
        this.#samples += chunk.samples.length;
        yield { type: 'audio', chunk };
      }
    } catch (error) {
      if (!(error instanceof AudioFormatError)) throw error;
      throw this.#upstream.failed('sent something that is not a wav file.', error);
    }
  }

  async *#paced(response: IncomingMessage): AsyncGenerator<Uint8Array, void, void> {
    const onAbort = (): void => void response.destroy();
    using watchdog = new Watchdog(this.#reading.signal, this.#upstream.clock);
    watchdog.signal.addEventListener('abort', onAbort, { once: true });
    try {
      this.#expect(watchdog, this.#upstream.timeouts.betweenTokensMs);
      for await (const bytes of response) {
        watchdog.rest();
        for (let start = 0; start < bytes.length; start += CHUNK_BYTES) {
          this.#reading.signal.throwIfAborted();
          yield bytes.subarray(start, start + CHUNK_BYTES);
        }
        this.#expect(watchdog, this.#upstream.timeouts.betweenTokensMs);
      }
    } catch (cause) {
      watchdog.signal.throwIfAborted();
      throw this.#upstream.failed('broke off in the middle of a speech.', cause);
    } finally {
      watchdog.signal.removeEventListener('abort', onAbort);
      response.destroy();
    }
  }

  #expect(watchdog: Watchdog, ms: number): void {
    watchdog.expect(ms, () => this.#upstream.failed(`sent no speech for ${ms / 1_000} s.`));
  }

  #refuseVoice(voice: string): never {
    const known = Object.keys(this.#options.voices).join(', ');
    throw new EngineError(
      this.#upstream.engine,
      'unsupported',
      `There is no voice ${voice}. There is: ${known}.`,
    );
  }
}

/** Cut at spaces into what one request may hold. Text without a letter or a digit makes servers fail. */
function toInputs(text: string): string[] {
  const inputs = text.match(INPUT) ?? [];
  return inputs.filter((input) => /[\p{L}\p{N}]/u.test(input));
}
