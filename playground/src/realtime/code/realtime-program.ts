import { sessionPath } from '../session-address.ts';
import { toSession } from '../session-object.ts';
import { dialectOf, type RealtimeSettings } from '../settings.ts';

/** What both languages write: a session as it is set on the page, one question, and the answer to a file. */
export interface RealtimeProgram {
  readonly address: string;
  readonly session: Readonly<Record<string, unknown>>;
  /** Names of the events that carry words, and of those that carry speech. */
  readonly wordEvents: readonly string[];
  readonly audioEvent: string;
  /** `undefined` where the answer is text alone. */
  readonly file: string | undefined;
  readonly remarks: readonly string[];
}

export function toProgram(settings: RealtimeSettings, endpoint: string): RealtimeProgram {
  const output = dialectOf(settings.address) === 'preview' ? 'response.' : 'response.output_';
  const file = settings.modality === 'audio' ? `answer.${SUFFIXES[settings.outputFormat]}` : undefined;
  return {
    address: endpoint.replace(/^http/, 'ws') + sessionPath(settings),
    session: toSession(settings),
    wordEvents: [`${output}text.delta`, `${output}audio_transcript.delta`],
    audioEvent: `${output}audio.delta`,
    file,
    remarks: file === undefined ? [] : [`To listen: ffplay -f ${DEMUXERS[settings.outputFormat]} ${file}`],
  };
}

const SUFFIXES = { pcm16: 'pcm', g711_ulaw: 'ulaw', g711_alaw: 'alaw' } as const;

const DEMUXERS = {
  pcm16: 's16le -ar 24000 -ch_layout mono',
  g711_ulaw: 'mulaw -ar 8000 -ch_layout mono',
  g711_alaw: 'alaw -ar 8000 -ch_layout mono',
} as const;
