/** What a deployment of the box is for; the rest it can do as well is left out of its list. */
interface StandardDeployment {
  readonly name: string;
  readonly hears: boolean;
  readonly thinks: boolean;
  readonly speaks: boolean;
}

const conversation = { hears: true, thinks: true, speaks: true };
const transcription = { hears: true, thinks: false, speaks: false };
const speech = { hears: false, thinks: false, speaks: true };

/**
 * The models that programs for the two APIs name in their source, there without configuration, so that
 * unchanged programs run. A deployment of the same name in the configuration takes the place of one.
 */
export const STANDARD_DEPLOYMENTS: readonly StandardDeployment[] = [
  { name: 'gpt-4o-audio-preview', ...conversation },
  { name: 'gpt-4o-mini-audio-preview', ...conversation },
  { name: 'gpt-audio', ...conversation },
  { name: 'gpt-audio-mini', ...conversation },
  { name: 'gpt-audio-1.5', ...conversation },
  { name: 'gpt-4o-realtime-preview', ...conversation },
  { name: 'gpt-4o-mini-realtime-preview', ...conversation },
  { name: 'gpt-realtime', ...conversation },
  { name: 'gpt-realtime-mini', ...conversation },
  { name: 'whisper-1', ...transcription },
  { name: 'gpt-4o-transcribe', ...transcription },
  { name: 'gpt-4o-mini-transcribe', ...transcription },
  { name: 'tts-1', ...speech },
  { name: 'tts-1-hd', ...speech },
  { name: 'gpt-4o-mini-tts', ...speech },
];
