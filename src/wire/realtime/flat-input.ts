import { z } from 'zod';
import type { WireAudioFormat } from '../../realtime/session-config.ts';
import {
  echoOf,
  include,
  noiseReduction,
  readOnlyFields,
  type SessionFields,
  toTurnDetection,
  tracing,
  transcription,
  turnDetectionFields,
} from './session-fields.ts';

/**
 * What a session hears, written flat: preview's own form, and in both dialects that of
 * `transcription_session.update`.
 */

/** rt-client and its Python sister spell G.711 with a hyphen, and read it only so (contract 2.2). */
const FORMATS = {
  pcm16: 'pcm16',
  g711_ulaw: 'g711-ulaw',
  g711_alaw: 'g711-alaw',
  'g711-ulaw': 'g711-ulaw',
  'g711-alaw': 'g711-alaw',
} as const satisfies Record<string, WireAudioFormat>;

const spelling = z.enum(['pcm16', 'g711_ulaw', 'g711_alaw', 'g711-ulaw', 'g711-alaw']);

/** Keeps the spelling, which is told back as it was sent. */
export const flatFormat = spelling.transform((spelled) => ({ format: FORMATS[spelled], spelled }));

export const flatInputShape = {
  input_audio_format: flatFormat.nullish(),
  input_audio_transcription: transcription.nullish(),
  turn_detection: z.strictObject(turnDetectionFields).transform(toTurnDetection).nullish(),
  input_audio_noise_reduction: noiseReduction.nullish(),
  include,
  tracing,
  client_secret: z.unknown().optional(),
};

export type FlatInput = z.infer<z.ZodObject<typeof flatInputShape>>;

export function toInputFields(wire: FlatInput): SessionFields {
  return {
    inputFormat: formatOf(wire.input_audio_format),
    transcription: wire.input_audio_transcription,
    turnDetection: wire.turn_detection,
    noiseReduction: wire.input_audio_noise_reduction,
    echo: echoOf({
      tracing: wire.tracing,
      input_audio_format: wire.input_audio_format?.spelled,
    }),
  };
}

export const transcriptionSessionSchema: z.ZodType<SessionFields> = z
  .strictObject({ ...readOnlyFields, ...flatInputShape, modalities: z.array(z.string()).nullish() })
  .transform(toInputFields);

type FlatFormat = z.infer<typeof flatFormat> | null | undefined;

export function formatOf(flat: FlatFormat): WireAudioFormat | null | undefined {
  return flat ? flat.format : flat;
}

/** As it was `spelled`, if that is still the format; else as it is published. */
export function spellFormat(format: WireAudioFormat, spelled: unknown): string {
  const { data } = spelling.safeParse(spelled);
  return data !== undefined && FORMATS[data] === format ? data : format.replace('-', '_');
}
