import { z } from 'zod';
import { ApiError } from '../../util/errors.ts';
import type { Decoded } from '../decoded.ts';
import { decodeWith } from '../validation.ts';
import { type FormField, type FormShape, toFormObject } from './form-object.ts';

/** What `POST …/audio/transcriptions` asks for beside the file, in our own words. */
export interface TranscriptionRequest {
  readonly model: string | undefined;
  /** The languages that the client says it may be, BCP 47, likeliest first; empty when it does not say. */
  readonly languages: readonly string[];
  readonly prompt: string | undefined;
  readonly format: TranscriptFormat;
  readonly temperature: number;
  /** What `verbose_json` tells the times of. */
  readonly times: { readonly segments: boolean; readonly words: boolean };
  readonly stream: boolean;
}

export type TranscriptFormat = 'json' | 'text' | 'srt' | 'vtt' | 'verbose_json';

const FORM: FormShape = {
  numbers: ['temperature'],
  booleans: ['stream'],
  lists: [
    'timestamp_granularities',
    'include',
    'languages',
    'keywords',
    'known_speaker_names',
    'known_speaker_references',
  ],
  objects: ['chunking_strategy'],
};

const language = z
  .string()
  .regex(
    /^[a-zA-Z]{2,3}(-[a-zA-Z0-9]{1,8})*$/,
    "Invalid language: expected a code of ISO 639-1 such as 'en' or 'sv'.",
  );
const format = z.enum(['json', 'text', 'srt', 'verbose_json', 'vtt']);
/** How recordings are cut is the recognizer's own affair; the field is judged and then left. */
const chunkingStrategy = z.union([z.literal('auto'), z.looseObject({ type: z.literal('server_vad') })]);

const transcriptionSchema = z.strictObject({
  model: z.string().min(1).nullish(),
  language: z.union([z.literal(''), language]).nullish(),
  languages: z.array(language).max(16).nullish(),
  keywords: z.array(z.string().max(200)).max(200).nullish(),
  prompt: z.string().nullish(),
  response_format: z.enum([...format.options, 'diarized_json']).nullish(),
  temperature: z.number().min(0).max(1).nullish(),
  timestamp_granularities: z.array(z.enum(['word', 'segment'])).nullish(),
  include: z.array(z.enum(['logprobs'])).nullish(),
  stream: z.boolean().nullish(),
  chunking_strategy: chunkingStrategy.nullish(),
  known_speaker_names: z.array(z.string()).nullish(),
  known_speaker_references: z.array(z.string()).nullish(),
});

type WireTranscription = z.infer<typeof transcriptionSchema>;

/** Reads the fields of `POST …/audio/transcriptions`, the file left out. */
export function decodeTranscriptionRequest(fields: Iterable<FormField>): Decoded<TranscriptionRequest> {
  const decoded = decodeWith(transcriptionSchema, toFormObject(fields, FORM));
  if (!decoded.ok) return decoded;
  const wire = decoded.value;
  const { response_format: asked } = wire;
  if (asked === 'diarized_json') return { ok: false, error: noSpeakers() };
  const error = refusal(wire);
  if (error) return { ok: false, error };
  const granularities = wire.timestamp_granularities ?? [];
  return {
    ok: true,
    value: {
      model: wire.model ?? undefined,
      languages: wire.language ? [wire.language] : (wire.languages ?? []),
      prompt: toPrompt(wire),
      format: asked ?? 'json',
      temperature: wire.temperature ?? 0,
      times: {
        segments: granularities.length === 0 || granularities.includes('segment'),
        words: granularities.includes('word'),
      },
      stream: wire.stream ?? false,
    },
  };
}

const translationSchema = z.strictObject({
  model: z.string().min(1).nullish(),
  prompt: z.string().nullish(),
  response_format: format.nullish(),
  temperature: z.number().min(0).max(1).nullish(),
});

/** Reads the fields of `POST …/audio/translations`: which model is to translate. */
export function decodeTranslationRequest(
  fields: Iterable<FormField>,
): Decoded<{ readonly model: string | undefined }> {
  const decoded = decodeWith(translationSchema, toFormObject(fields, FORM));
  return decoded.ok ? { ok: true, value: { model: decoded.value.model ?? undefined } } : decoded;
}

function toPrompt({ prompt, keywords }: WireTranscription): string | undefined {
  const hints = [prompt ?? '', ...(keywords ?? [])].filter(Boolean);
  return hints.length > 0 ? hints.join(', ') : undefined;
}

/** The rules that span fields, and what no recognizer here can do. */
function refusal(wire: WireTranscription): ApiError | undefined {
  const { response_format: asked, stream } = wire;
  if (wire.known_speaker_names?.length) return noSpeakersGiven('known_speaker_names');
  if (wire.known_speaker_references?.length) return noSpeakersGiven('known_speaker_references');
  if (wire.include?.includes('logprobs')) {
    return new ApiError(
      'unsupported-parameter',
      "Unsupported parameter: 'include[]' can not be 'logprobs' with this model, which does not tell its probabilities. Leave it out.",
      { param: 'include' },
    );
  }
  if (wire.timestamp_granularities?.length && asked !== 'verbose_json') {
    return new ApiError(
      'invalid-value',
      "'timestamp_granularities' is only allowed when 'response_format' is 'verbose_json'.",
      { param: 'timestamp_granularities' },
    );
  }
  if (stream && asked && asked !== 'json' && asked !== 'text') {
    return new ApiError(
      'unsupported-value',
      `Unsupported value: 'response_format' does not support '${asked}' when stream=true. Supported values are: 'json' and 'text'.`,
      { param: 'response_format' },
    );
  }
  return undefined;
}

function noSpeakers(): ApiError {
  return new ApiError(
    'unsupported-value',
    "Unsupported value: 'response_format' does not support 'diarized_json' with this model, which does not tell speakers apart. Supported values are: 'json', 'text', 'srt', 'verbose_json', and 'vtt'.",
    { param: 'response_format' },
  );
}

function noSpeakersGiven(param: string): ApiError {
  return new ApiError(
    'unsupported-parameter',
    `Unsupported parameter: '${param}' is not supported with this model, which does not tell speakers apart.`,
    { param },
  );
}
