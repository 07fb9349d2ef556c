import type { ToolSetting } from './tool-setting.ts';

/** How the page addresses a server, each with the dialect that is spoken there. */
export const ADDRESSES = ['preview', 'ga', 'openai'] as const;
export type AddressForm = (typeof ADDRESSES)[number];

export type Dialect = 'preview' | 'ga';

export const AUDIO_FORMATS = ['pcm16', 'g711_ulaw', 'g711_alaw'] as const;
export type AudioFormat = (typeof AUDIO_FORMATS)[number];

export const EAGERNESS = ['auto', 'low', 'medium', 'high'] as const;

export const TURN_DETECTIONS = ['server_vad', 'semantic_vad', 'none'] as const;

/** Every field of every kind, so that a change of the kind and back loses nothing. */
export interface TurnDetectionSettings {
  readonly type: (typeof TURN_DETECTIONS)[number];
  readonly threshold: number;
  readonly prefixPaddingMs: number;
  readonly silenceDurationMs: number;
  /** `null` for none. */
  readonly idleTimeoutMs: number | null;
  readonly eagerness: (typeof EAGERNESS)[number];
  readonly createResponse: boolean;
  readonly interruptResponse: boolean;
}

export const NOISE_REDUCTIONS = ['none', 'near_field', 'far_field'] as const;

export const MODALITIES = ['audio', 'text'] as const;

export const TOOL_CHOICES = ['auto', 'none', 'required'] as const;

/** Everything that can be set on the page; nothing in it is secret. */
export interface RealtimeSettings {
  readonly address: AddressForm;
  readonly deployment: string;
  /** Empty for the deployment's own. */
  readonly voice: string;
  /** Empty for the deployment's own. */
  readonly instructions: string;
  /** `null` for the deployment's own; preview alone has it. */
  readonly temperature: number | null;
  /** GA alone is told. */
  readonly speed: number;
  readonly modality: (typeof MODALITIES)[number];
  /** `null` for no bound. */
  readonly maxOutputTokens: number | null;
  readonly turnDetection: TurnDetectionSettings;
  readonly isTranscribed: boolean;
  readonly transcriptionModel: string;
  /** Empty to let the server find out. */
  readonly transcriptionLanguage: string;
  readonly noiseReduction: (typeof NOISE_REDUCTIONS)[number];
  readonly inputFormat: AudioFormat;
  readonly outputFormat: AudioFormat;
  readonly tools: readonly ToolSetting[];
  readonly toolChoice: (typeof TOOL_CHOICES)[number];
  readonly microphone: {
    readonly deviceId: string;
    readonly echoCancellation: boolean;
    readonly noiseSuppression: boolean;
    readonly autoGainControl: boolean;
  };
  readonly loudspeakerId: string;
}

export const DEFAULT_SETTINGS: RealtimeSettings = {
  address: 'ga',
  deployment: '',
  voice: '',
  instructions: '',
  temperature: null,
  speed: 1,
  modality: 'audio',
  maxOutputTokens: null,
  turnDetection: {
    type: 'server_vad',
    threshold: 0.5,
    prefixPaddingMs: 300,
    silenceDurationMs: 500,
    idleTimeoutMs: null,
    eagerness: 'auto',
    createResponse: true,
    interruptResponse: true,
  },
  isTranscribed: true,
  transcriptionModel: 'whisper-1',
  transcriptionLanguage: '',
  noiseReduction: 'none',
  inputFormat: 'pcm16',
  outputFormat: 'pcm16',
  tools: [],
  toolChoice: 'auto',
  microphone: { deviceId: '', echoCancellation: true, noiseSuppression: true, autoGainControl: true },
  loudspeakerId: '',
};

export function dialectOf(address: AddressForm): Dialect {
  return address === 'preview' ? 'preview' : 'ga';
}
