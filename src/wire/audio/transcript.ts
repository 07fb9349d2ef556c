import type { ResponseUsage } from '../../conversation/responder.ts';
import { primarySubtag } from '../../engine/language-tag.ts';
import type { RecognizedWord } from '../../engine/speech-recognizer.ts';
import type { WireObject } from '../chat/completion.ts';

/** What was heard in a file. Times count from its start. */
export interface Transcript {
  /** The utterances joined. */
  readonly text: string;
  readonly utterances: readonly Utterance[];
  readonly durationMs: number;
  /** BCP 47; undefined when nobody knows. */
  readonly language: string | undefined;
}

export interface Utterance {
  readonly text: string;
  readonly startMs: number;
  readonly endMs: number;
  /** Undefined when the recognizer does not tell them. */
  readonly words: readonly RecognizedWord[] | undefined;
}

/** The answer in `json`. */
export function toTranscriptJson(transcript: Transcript, usage: ResponseUsage): WireObject {
  return { text: transcript.text, usage: toTokenUsage(usage) };
}

export interface VerboseOptions {
  readonly times: { readonly segments: boolean; readonly words: boolean };
  readonly temperature: number;
}

/** The answer in `verbose_json`, with an utterance as a segment. */
export function toVerboseJson(transcript: Transcript, options: VerboseOptions): WireObject {
  const { text, utterances, durationMs, language } = transcript;
  return {
    task: 'transcribe',
    language: toLanguageName(language),
    duration: toSeconds(durationMs),
    text,
    ...(options.times.segments && {
      segments: utterances.map((utterance, id) => toSegment(utterance, id, options.temperature)),
    }),
    ...(options.times.words && { words: utterances.flatMap(({ words }) => (words ?? []).map(toWord)) }),
    usage: { type: 'duration', seconds: Math.ceil(durationMs / 1000) },
  };
}

/** The audio counts as heard, the prompt as text that was read, and the transcript as text that was written. */
export function toTokenUsage(usage: ResponseUsage): WireObject {
  const { inputTextTokens, inputAudioTokens, outputTextTokens } = usage;
  return {
    type: 'tokens',
    input_tokens: inputTextTokens + inputAudioTokens,
    input_token_details: { text_tokens: inputTextTokens, audio_tokens: inputAudioTokens },
    output_tokens: outputTextTokens,
    total_tokens: inputTextTokens + inputAudioTokens + outputTextTokens,
  };
}

/** The languages of Whisper go by their English names in lower case; `unknown` is ours. */
export function toLanguageName(language: string | undefined): string {
  if (language === undefined) return 'unknown';
  const primary = primarySubtag(language);
  // Some engines answer with a name already, which is no code to look up.
  const name = /^[a-z]{2,3}$/i.test(primary) ? languageNames.of(primary) : primary;
  return (name ?? primary).toLowerCase();
}

const languageNames = new Intl.DisplayNames(['en'], { type: 'language' });

/**
 * What only Whisper computes stands at the value that makes no client drop the segment: clients take an
 * average log-probability below -1, a compression above 2.4 and a chance of silence above 0.6 as bad signs.
 */
const NEUTRAL = { seek: 0, tokens: [], avg_logprob: 0, compression_ratio: 1, no_speech_prob: 0 };

function toSegment(utterance: Utterance, id: number, temperature: number): WireObject {
  return {
    ...NEUTRAL,
    id,
    start: toSeconds(utterance.startMs),
    end: toSeconds(utterance.endMs),
    // Whisper's tokens carry the space before a word, and clients join segments without one.
    text: ` ${utterance.text}`,
    temperature,
  };
}

function toWord({ text, startMs, endMs }: RecognizedWord): WireObject {
  return { word: text, start: toSeconds(startMs), end: toSeconds(endMs) };
}

function toSeconds(ms: number): number {
  return Math.round(ms) / 1000;
}
