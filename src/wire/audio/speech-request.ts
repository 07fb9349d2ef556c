import { z } from 'zod';
import { ApiError } from '../../util/errors.ts';
import type { Decoded } from '../decoded.ts';
import { decodeWith } from '../validation.ts';
import { VOICES } from '../voices.ts';

/** What `POST …/audio/speech` asks for, in our own words. */
export interface SpeechRequest {
  readonly model: string | undefined;
  readonly input: string;
  /** As the client named it: `decodeVoice` says whether there is such a voice. */
  readonly voice: string;
  readonly format: SpeechFileFormat;
  readonly speed: number;
  /** The file itself, or its bytes in server-sent events. */
  readonly streamFormat: 'audio' | 'sse';
}

export type SpeechFileFormat = 'mp3' | 'opus' | 'aac' | 'flac' | 'wav' | 'pcm';

/** The content types that the services answer with (contract 5). */
export const SPEECH_CONTENT_TYPES: Readonly<Record<SpeechFileFormat, string>> = {
  mp3: 'audio/mpeg',
  opus: 'audio/opus',
  aac: 'audio/aac',
  flac: 'audio/flac',
  wav: 'audio/wav',
  pcm: 'audio/pcm',
};

const LONGEST_INPUT = 4096;

/** JSON Schema counts characters, where a string's own length counts an emoji twice. */
const spokenText = z
  .string()
  .min(1)
  .check(({ value, issues }) => {
    const isShort = value.length <= LONGEST_INPUT;
    if (isShort || (value.length <= 2 * LONGEST_INPUT && Array.from(value).length <= LONGEST_INPUT)) return;
    issues.push({ code: 'too_big', origin: 'string', maximum: LONGEST_INPUT, input: value });
  });

const speechRequestSchema = z.strictObject({
  model: z.string().min(1).nullish(),
  input: spokenText,
  voice: z.union([z.string(), z.looseObject({ id: z.string() }).transform((voice) => voice.id)]),
  response_format: z.enum(['mp3', 'opus', 'aac', 'flac', 'wav', 'pcm']).nullish(),
  speed: z.number().min(0.25).max(4).nullish(),
  stream_format: z.enum(['audio', 'sse']).nullish(),
  /** How to speak is for voices that can act; those here read what is written. */
  instructions: z.string().max(4096).nullish(),
});

/** Reads the body of `POST …/audio/speech`. */
export function decodeSpeechRequest(body: unknown): Decoded<SpeechRequest> {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) {
    return { ok: false, error: new ApiError('invalid-type', 'The request body must be a JSON object.') };
  }
  const decoded = decodeWith(speechRequestSchema, body);
  if (!decoded.ok) return decoded;
  const { value } = decoded;
  return {
    ok: true,
    value: {
      model: value.model ?? undefined,
      input: value.input,
      voice: value.voice,
      format: value.response_format ?? 'mp3',
      speed: value.speed ?? 1,
      streamFormat: value.stream_format ?? 'audio',
    },
  };
}

/** Judges a voice by the names of the API and by `more`, those that an engine has beside them. */
export function decodeVoice(voice: string, more: readonly string[]): Decoded<string> {
  const names = [...new Set([...VOICES, ...more])];
  const decoded = decodeWith(z.object({ voice: z.enum(names) }), { voice });
  return decoded.ok ? { ok: true, value: decoded.value.voice } : decoded;
}
