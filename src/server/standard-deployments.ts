/** What a deployment is for; the rest that its engines could do as well is left out of it. */
export interface Purpose {
  readonly hears: boolean;
  readonly thinks: boolean;
  readonly speaks: boolean;
}

export const CONVERSATION: Purpose = { hears: true, thinks: true, speaks: true };
const TRANSCRIPTION: Purpose = { hears: true, thinks: false, speaks: false };
const SPEECH: Purpose = { hears: false, thinks: false, speaks: true };

/** What the services' model of that name is for; a name that they do not have is for conversation. */
export function purposeOf(model: string): Purpose {
  if (/^whisper|transcribe/.test(model)) return TRANSCRIPTION;
  return /^tts\b|-tts\b/.test(model) ? SPEECH : CONVERSATION;
}

/**
 * The models that programs for the two APIs name in their source, there without configuration, so that
 * unchanged programs run. A deployment of the same name in the configuration takes the place of one.
 */
export const STANDARD_DEPLOYMENTS: readonly string[] = [
  'gpt-4o-audio-preview',
  'gpt-4o-mini-audio-preview',
  'gpt-audio',
  'gpt-audio-mini',
  'gpt-audio-1.5',
  'gpt-4o-realtime-preview',
  'gpt-4o-mini-realtime-preview',
  'gpt-realtime',
  'gpt-realtime-mini',
  'whisper-1',
  'gpt-4o-transcribe',
  'gpt-4o-mini-transcribe',
  'tts-1',
  'tts-1-hd',
  'gpt-4o-mini-tts',
];
