import { AudioFormatError } from '../../audio/audio-format-error.ts';
import { type AudioChunk, durationMs } from '../../audio/chunk.ts';
import type { Codecs } from '../../audio/codecs/codec-pool.ts';
import { resample } from '../../audio/resample.ts';
import type { SpeechRecognizer } from '../../engine/speech-recognizer.ts';
import { ApiError } from '../../util/errors.ts';
import type { Utterance } from '../../wire/audio/transcript.ts';

export interface HearOptions {
  readonly codecs: Codecs;
  readonly recognizer: SpeechRecognizer;
  /** A recording that lasts longer is refused. */
  readonly maxSeconds: number;
  readonly language: string | undefined;
  readonly prompt: string | undefined;
  readonly signal: AbortSignal;
}

export type HeardEvent =
  | { readonly type: 'utterance'; readonly utterance: Utterance; readonly language: string | undefined }
  | { readonly type: 'end'; readonly durationMs: number };

/**
 * What is said in a file, each utterance once it will not change any more and while the rest is still being
 * decoded; then one `end`.
 * @throws {ApiError} for a file that can not be read; `EngineError`.
 */
export async function* hear(
  file: Uint8Array,
  { codecs, recognizer, maxSeconds, language, prompt, signal }: HearOptions,
): AsyncGenerator<HeardEvent, void, void> {
  const recording = new Recording(codecs.decode(file, { maxSeconds, signal }));
  const audio = resample(recording.chunks(), recognizer.sampleRate);
  try {
    for await (const event of recognizer.recognize(audio, { signal, language, prompt })) {
      if (event.type === 'partial' || event.text === '') continue;
      const { text, startMs, endMs, words } = event;
      yield { type: 'utterance', utterance: { text, startMs, endMs, words }, language: event.language };
    }
  } catch (error) {
    // A recognizer may report a fault of the audio that it was given as one of its own.
    throw recording.fault ? toApiError(recording.fault) : error;
  }
  yield { type: 'end', durationMs: recording.durationMs };
}

/** Notes the length of the audio that goes by, and what was wrong with its file. */
class Recording {
  readonly #decoded: AsyncIterable<AudioChunk>;
  #durationMs = 0;
  #fault: AudioFormatError | undefined;

  constructor(decoded: AsyncIterable<AudioChunk>) {
    this.#decoded = decoded;
  }

  get durationMs(): number {
    return this.#durationMs;
  }

  get fault(): AudioFormatError | undefined {
    return this.#fault;
  }

  async *chunks(): AsyncGenerator<AudioChunk, void, void> {
    try {
      for await (const chunk of this.#decoded) {
        this.#durationMs += durationMs(chunk);
        yield chunk;
      }
    } catch (error) {
      if (error instanceof AudioFormatError) this.#fault = error;
      throw error;
    }
  }
}

const FORMATS = ['flac', 'm4a', 'mp3', 'mp4', 'mpeg', 'mpga', 'oga', 'ogg', 'wav', 'webm'];

function toApiError(error: AudioFormatError): ApiError {
  return new ApiError('invalid-value', wording(error), { param: 'file', cause: error });
}

function wording(error: AudioFormatError): string {
  if (error.kind !== 'invalid') return `The file can not be used: ${error.message}`;
  if (error.format === undefined)
    return `Invalid file format. Supported formats: [${FORMATS.map((format) => `'${format}'`).join(', ')}]`;
  return `Audio file might be corrupted or unsupported: ${error.message}`;
}
