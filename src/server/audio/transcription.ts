import type { Codecs } from '../../audio/codecs/codec-pool.ts';
import type { ResponseUsage } from '../../conversation/responder.ts';
import { toResponseUsage } from '../../conversation/usage.ts';
import { primarySubtag } from '../../engine/language-tag.ts';
import type { SpeechRecognizer } from '../../engine/speech-recognizer.ts';
import { countTokens } from '../../engine/token-count.ts';
import { ApiError } from '../../util/errors.ts';
import type { Transcript, Utterance } from '../../wire/audio/transcript.ts';
import { toTranscriptDelta, toTranscriptDone } from '../../wire/audio/transcript-events.ts';
import type { TranscriptionRequest } from '../../wire/audio/transcription-request.ts';
import type { WireObject } from '../../wire/chat/completion.ts';
import { type HeardEvent, hear } from './hear.ts';

export interface TranscriptionCall {
  readonly request: TranscriptionRequest;
  readonly file: Uint8Array;
  readonly recognizer: SpeechRecognizer;
  readonly codecs: Codecs;
  readonly maxSeconds: number;
}

/** What is said in a file. */
export async function transcribeFile(
  call: TranscriptionCall,
  signal: AbortSignal,
): Promise<{ readonly transcript: Transcript; readonly usage: ResponseUsage }> {
  const hearing = new Hearing(call);
  for await (const event of hearing.events(signal)) {
    if (event.type === 'utterance' && call.request.times.words && !event.utterance.words) throw noWordTimes();
  }
  const transcript = hearing.transcript();
  return { transcript, usage: await toUsage(call, transcript) };
}

/** The objects of a stream: each utterance as soon as it will not change any more, then the whole. */
export async function* transcriptionEvents(
  call: TranscriptionCall,
  signal: AbortSignal,
): AsyncGenerator<WireObject, void, void> {
  const hearing = new Hearing(call);
  let isFirst = true;
  for await (const event of hearing.events(signal)) {
    if (event.type !== 'utterance') continue;
    yield toTranscriptDelta(isFirst ? event.utterance.text : SEPARATOR + event.utterance.text);
    isFirst = false;
  }
  const transcript = hearing.transcript();
  yield toTranscriptDone(transcript.text, await toUsage(call, transcript));
}

const SEPARATOR = ' ';

/** Collects what is heard while it goes by. */
class Hearing {
  readonly #call: TranscriptionCall;
  readonly #utterances: Utterance[] = [];
  #language: string | undefined;
  #durationMs = 0;

  constructor(call: TranscriptionCall) {
    this.#call = call;
    this.#language = chooseLanguage(call);
  }

  async *events(signal: AbortSignal): AsyncGenerator<HeardEvent, void, void> {
    const { file, request, ...rest } = this.#call;
    const options = { ...rest, prompt: request.prompt, language: this.#language, signal };
    for await (const event of hear(file, options)) {
      if (event.type === 'end') this.#durationMs = event.durationMs;
      else {
        this.#utterances.push(event.utterance);
        this.#language ??= event.language;
      }
      yield event;
    }
  }

  transcript(): Transcript {
    const { languages } = this.#call.recognizer;
    return {
      text: this.#utterances.map(({ text }) => text).join(SEPARATOR),
      utterances: this.#utterances,
      durationMs: this.#durationMs,
      language: this.#language ?? (languages.length === 1 ? languages[0] : undefined),
    };
  }
}

/** The first of the client's languages that the recognizer hears. */
function chooseLanguage({ request, recognizer }: TranscriptionCall): string | undefined {
  const [likeliest] = request.languages;
  if (likeliest === undefined || recognizer.languages.length === 0) return likeliest;
  const known = request.languages.find((language) => recognizer.languages.includes(primarySubtag(language)));
  if (known !== undefined) return known;
  const supported = recognizer.languages.map((language) => `'${language}'`).join(', ');
  throw new ApiError(
    'unsupported-value',
    `Unsupported value: 'language' does not support '${likeliest}' with this model. Supported values are: ${supported}.`,
    { param: 'language' },
  );
}

async function toUsage(
  { request }: TranscriptionCall,
  { text, durationMs }: Transcript,
): Promise<ResponseUsage> {
  const inputTokens = await countTokens(request.prompt ?? '');
  const outputTokens = await countTokens(text);
  return toResponseUsage({ inputTokens, outputTokens }, { heardMs: durationMs, spokenMs: 0 });
}

function noWordTimes(): ApiError {
  return new ApiError(
    'unsupported-value',
    "Unsupported value: 'timestamp_granularities' does not support 'word' with this model, which does not tell the times of words. Supported values are: 'segment'.",
    { param: 'timestamp_granularities' },
  );
}
