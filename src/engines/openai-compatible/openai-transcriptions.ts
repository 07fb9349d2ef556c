import type { IncomingMessage } from 'node:http';
import { z } from 'zod';
import type { AudioChunk } from '../../audio/chunk.ts';
import { toPcmBytes } from '../../audio/pcm-bytes.ts';
import { WAV_HEADER_BYTES, wavHeader } from '../../audio/wav-writer.ts';
import { primarySubtag } from '../../engine/language-tag.ts';
import type {
  RecognitionEvent,
  RecognizedWord,
  RecognizeOptions,
  SpeechRecognizer,
} from '../../engine/speech-recognizer.ts';
import { untilAborted } from '../../util/abort.ts';
import { EngineError } from '../../util/errors.ts';
import { readText } from './http-request.ts';
import { Refusal } from './refusal.ts';
import { readEvents } from './server-sent-events.ts';
import { Upstream, type UpstreamOptions } from './upstream.ts';
import { Watchdog } from './watchdog.ts';

export interface OpenAiTranscriptionsOptions extends UpstreamOptions {
  /** Names the engine in logs and errors. Default `openai-transcriptions`. */
  readonly name?: string | undefined;
  /** BCP 47 primary subtags. Default: any. */
  readonly languages?: readonly string[] | undefined;
  /** The rate of the audio that is sent, in samples per second. Default 16,000. */
  readonly sampleRate?: number | undefined;
  /** Longer audio is refused. Default 600 s, which is 19 MB; OpenAI takes 25 MB. */
  readonly longestSeconds?: number | undefined;
  /** The server streams the text while it listens; its results then have no times. */
  readonly stream?: boolean | undefined;
  readonly extraFields?: Readonly<Record<string, string>> | undefined;
}

/**
 * A speech recognizer behind any server with OpenAI's `POST /audio/transcriptions`. The audio is sent when it
 * has ended. Asks for times of segments and words, and does without when the server has none.
 */
export function openAiTranscriptions(options: OpenAiTranscriptionsOptions): SpeechRecognizer {
  const recognizer = new TranscriptionClient(options);
  return {
    name: recognizer.name,
    sampleRate: recognizer.sampleRate,
    languages: options.languages ?? [],
    recognize: (audio, given) => recognizer.recognize(audio, given),
  };
}

const LONGEST_ANSWER = 16 * 1024 * 1024;

const timed = { start: z.number(), end: z.number() };
const transcriptSchema = z.object({
  text: z.string(),
  language: z.string().nullish(),
  segments: z.array(z.object({ ...timed, text: z.string() })).nullish(),
  words: z.array(z.object({ ...timed, word: z.string() })).nullish(),
});
const streamedSchema = z.object({
  type: z.string().optional(),
  delta: z.string().optional(),
  text: z.string().optional(),
  error: z.unknown().optional(),
});

type Transcript = z.output<typeof transcriptSchema>;

class TranscriptionClient {
  readonly name: string;
  readonly sampleRate: number;
  readonly #options: OpenAiTranscriptionsOptions;
  readonly #upstream: Upstream;
  /** Whether the server has refused to give times. */
  #isPlain: boolean;

  constructor(options: OpenAiTranscriptionsOptions) {
    this.name = options.name ?? 'openai-transcriptions';
    this.sampleRate = options.sampleRate ?? 16_000;
    this.#options = options;
    this.#upstream = new Upstream(this.name, options);
    this.#isPlain = options.stream === true;
  }

  async *recognize(
    audio: AsyncIterable<AudioChunk>,
    options: RecognizeOptions,
  ): AsyncGenerator<RecognitionEvent, void, void> {
    options.signal.throwIfAborted();
    this.#checkLanguage(options.language);
    const wav = await this.#collect(audio, options.signal);
    const endMs = ((wav.size - WAV_HEADER_BYTES) / 2 / this.sampleRate) * 1_000;
    if (endMs === 0) return;
    using watchdog = new Watchdog(options.signal, this.#upstream.clock);
    this.#expect(watchdog);
    try {
      const response = await this.#post(wav, { ...options, signal: watchdog.signal });
      const isStream = response.headers['content-type']?.includes('event-stream');
      if (isStream) yield* this.#readStream(response, { endMs, watchdog });
      else yield* toFinals(this.#parse(transcriptSchema, await readText(response, LONGEST_ANSWER)), endMs);
    } catch (error) {
      watchdog.signal.throwIfAborted();
      throw error instanceof EngineError ? error : this.#upstream.failed('broke off its answer.', error);
    }
  }

  #expect(watchdog: Watchdog): void {
    const { firstTokenMs } = this.#upstream.timeouts;
    watchdog.expect(firstTokenMs, () => this.#upstream.failed(`sent no text for ${firstTokenMs / 1_000} s.`));
  }

  #checkLanguage(language: string | undefined): void {
    const known = this.#options.languages ?? [];
    const wanted = language === undefined ? undefined : primarySubtag(language);
    if (wanted === undefined || known.length === 0 || known.includes(wanted)) return;
    const message = `${this.name} does not hear the language ${language}. It hears: ${known.join(', ')}.`;
    throw new EngineError(this.name, 'unsupported', message);
  }

  async #collect(audio: AsyncIterable<AudioChunk>, signal: AbortSignal): Promise<Blob> {
    const longest = this.#options.longestSeconds ?? 600;
    const pieces: Uint8Array<ArrayBuffer>[] = [];
    let samples = 0;
    for await (const chunk of untilAborted(audio, signal)) {
      samples += chunk.samples.length;
      if (samples > longest * this.sampleRate) {
        const message = `${this.name} takes at most ${longest} s of audio at a time.`;
        throw new EngineError(this.name, 'unsupported', message);
      }
      pieces.push(toPcmBytes(chunk.samples));
    }
    return new Blob([new Uint8Array(wavHeader(this.sampleRate, samples)), ...pieces]);
  }

  async #post(wav: Blob, options: RecognizeOptions): Promise<IncomingMessage> {
    const form = new Response(this.#toForm(wav, options));
    const request = {
      path: '/audio/transcriptions',
      contentType: form.headers.get('content-type') ?? 'multipart/form-data',
      body: new Uint8Array(await form.arrayBuffer()),
      signal: options.signal,
    };
    try {
      return await this.#upstream.post(request);
    } catch (error) {
      const isAboutTimes =
        error instanceof Refusal &&
        ['response_format', 'verbose_json', 'timestamp_granularities'].some((field) =>
          error.objectsTo(field),
        );
      if (this.#isPlain || !isAboutTimes) throw error;
      this.#isPlain = true;
      return await this.#post(wav, options);
    }
  }

  #toForm(wav: Blob, { language, prompt }: RecognizeOptions): FormData {
    const form = new FormData();
    form.set('file', wav, 'speech.wav');
    form.set('model', this.#options.model);
    form.set('response_format', this.#isPlain ? 'json' : 'verbose_json');
    if (!this.#isPlain) {
      for (const granularity of ['segment', 'word']) form.append('timestamp_granularities[]', granularity);
    }
    if (this.#options.stream) form.set('stream', 'true');
    if (language) form.set('language', primarySubtag(language));
    if (prompt) form.set('prompt', prompt);
    for (const [field, value] of Object.entries(this.#options.extraFields ?? {})) form.set(field, value);
    return form;
  }

  async *#readStream(
    response: IncomingMessage,
    { endMs, watchdog }: { readonly endMs: number; readonly watchdog: Watchdog },
  ): AsyncGenerator<RecognitionEvent, void, void> {
    let text = '';
    let isDone = false;
    for await (const data of readEvents(response)) {
      if (data === '[DONE]') break;
      watchdog.rest();
      const event = this.#parse(streamedSchema, data);
      if (event.error) throw this.#upstream.failed(`reported: ${JSON.stringify(event.error).slice(0, 300)}`);
      if (event.type === 'transcript.text.delta' && event.delta) {
        text += event.delta;
        yield { type: 'partial', text: text.trim(), settled: text.trim() };
      } else if (event.type === 'transcript.text.done') {
        isDone = true;
        // What has been told stays, whatever the end would make of it.
        if (event.text?.trim().startsWith(text.trim())) text = event.text;
      }
      this.#expect(watchdog);
    }
    if (!isDone) throw this.#upstream.failed('ended in the middle of a transcript.');
    yield* toFinals({ text }, endMs);
  }

  #parse<T>(schema: z.ZodType<T>, text: string): T {
    try {
      return schema.parse(JSON.parse(text));
    } catch (cause) {
      throw this.#upstream.failed('sent something that is not a transcript.', cause);
    }
  }
}

function* toFinals(transcript: Transcript, endMs: number): Generator<RecognitionEvent> {
  const words = (transcript.words ?? []).map(toWord);
  const whole = { start: 0, end: endMs / 1_000, text: transcript.text };
  const segments = transcript.segments?.length ? transcript.segments : [whole];
  for (const segment of segments) {
    const text = segment.text.trim();
    if (text === '') continue;
    const [startMs, segmentEndMs] = [segment.start * 1_000, segment.end * 1_000];
    const spoken = words.filter(({ startMs: from, endMs: to }) => {
      const middle = (from + to) / 2;
      return middle >= startMs && middle < segmentEndMs;
    });
    yield {
      type: 'final',
      text,
      startMs,
      endMs: segmentEndMs,
      ...(spoken.length > 0 && { words: spoken }),
      ...(isLanguageTag(transcript.language) && { language: transcript.language }),
    };
  }
}

function toWord(word: {
  readonly word: string;
  readonly start: number;
  readonly end: number;
}): RecognizedWord {
  return { text: word.word.trim(), startMs: word.start * 1_000, endMs: word.end * 1_000 };
}

/** Whisper servers write `english`, which is no BCP 47. */
function isLanguageTag(language: string | null | undefined): language is string {
  return /^[a-z]{2,3}(-|$)/i.test(language ?? '');
}
