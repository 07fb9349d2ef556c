/** What browsers and programs can ask for; of these only PCM can be streamed. */
export const AUDIO_FORMATS = ['pcm16', 'wav', 'mp3', 'flac', 'opus', 'aac'] as const;
export type AudioFormat = (typeof AUDIO_FORMATS)[number];

/** What is asked of every answer until it is changed. */
export interface ChatSettings {
  readonly deployment: string;
  /** Whether answers are spoken beside being written. */
  readonly isSpoken: boolean;
  readonly voice: string;
  readonly format: AudioFormat;
  readonly instructions: string;
  /** `undefined` leaves it to the deployment, here and below. */
  readonly temperature: number | undefined;
  readonly maxTokens: number | undefined;
  readonly stop: readonly string[];
  /** The definitions as JSON, as they were typed. */
  readonly tools: string;
}

export const FIRST_SETTINGS: ChatSettings = {
  deployment: 'gpt-4o-mini-audio-preview',
  isSpoken: true,
  voice: 'alloy',
  format: 'pcm16',
  instructions: '',
  temperature: undefined,
  maxTokens: undefined,
  stop: [],
  tools: '',
};

/** Text comes as a stream, and so does the one format that has no header to finish. */
export function isStreamed({ isSpoken, format }: Pick<ChatSettings, 'isSpoken' | 'format'>): boolean {
  return !isSpoken || format === 'pcm16';
}
