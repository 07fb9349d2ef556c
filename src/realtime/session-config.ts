import type { ConversationItem } from '../conversation/item.ts';
import type { ToolChoice, ToolDefinition } from '../engine/language-model.ts';
import type { NoiseField } from '../engine/noise-reducer.ts';

/** Audio as it crosses the wire: 24 kHz 16-bit PCM, or G.711 at 8 kHz. Mono, little-endian. */
export type WireAudioFormat = 'pcm16' | 'g711-ulaw' | 'g711-alaw';

export interface ServerVad {
  readonly type: 'server-vad';
  /** 0 to 1: how sure the detector must be. */
  readonly threshold: number;
  /** Audio from before the detected onset that belongs to the turn. */
  readonly prefixPaddingMs: number;
  readonly silenceDurationMs: number;
  /** Silence after a reply, once it has been played, that makes a turn of its own. */
  readonly idleTimeoutMs: number | undefined;
  readonly createResponse: boolean;
  readonly interruptResponse: boolean;
}

export interface SemanticVad {
  readonly type: 'semantic-vad';
  readonly eagerness: 'low' | 'medium' | 'high' | 'auto';
  readonly createResponse: boolean;
  readonly interruptResponse: boolean;
}

export type TurnDetection = ServerVad | SemanticVad;

/** What a client asked to read of its own speech. */
export interface InputTranscription {
  readonly model: string | undefined;
  readonly language: string | undefined;
  readonly prompt: string | undefined;
}

/** Everything that a session does by, in the words of no dialect. */
export interface SessionConfig {
  /** A transcription session hears and never answers. */
  readonly purpose: 'conversation' | 'transcription';
  readonly instructions: string;
  readonly modality: 'text' | 'audio';
  readonly voice: string;
  readonly speed: number;
  readonly temperature: number | undefined;
  /** `undefined` for no bound. */
  readonly maxOutputTokens: number | undefined;
  readonly inputFormat: WireAudioFormat;
  readonly outputFormat: WireAudioFormat;
  readonly transcription: InputTranscription | undefined;
  /** What is taken out of the client's audio before anything hears it. */
  readonly noiseReduction: NoiseField | undefined;
  /** `undefined` where the client decides when a turn ends. */
  readonly turnDetection: TurnDetection | undefined;
  readonly tools: readonly ToolDefinition[];
  readonly toolChoice: ToolChoice;
  readonly parallelToolCalls: boolean | undefined;
  /** Whether the oldest part of a conversation is left out where it is too long for the model. */
  readonly truncation: 'auto' | 'disabled';
  /** Fields that change nothing here and that a dialect tells back as it was given them; merged key by key. */
  readonly echo: Readonly<Record<string, unknown>>;
}

/** What a response does differently from its session. */
export interface ResponseOptions {
  readonly modality?: SessionConfig['modality'] | undefined;
  readonly instructions?: string | undefined;
  readonly voice?: string | undefined;
  readonly outputFormat?: WireAudioFormat | undefined;
  readonly tools?: readonly ToolDefinition[] | undefined;
  readonly toolChoice?: ToolChoice | undefined;
  readonly parallelToolCalls?: boolean | undefined;
  readonly temperature?: number | undefined;
  /** `null` for no bound. */
  readonly maxOutputTokens?: number | null | undefined;
  /** An out-of-band response reads the conversation, or `input`, and leaves it as it is. */
  readonly isOutOfBand?: boolean | undefined;
  readonly metadata?: Readonly<Record<string, string>> | undefined;
  readonly input?: readonly ResponseInputItem[] | undefined;
}

export type ResponseInputItem =
  | { readonly type: 'item'; readonly item: ConversationItem }
  | { readonly type: 'reference'; readonly itemId: string };

/** Samples per second. */
export function sampleRateOf(format: WireAudioFormat): number {
  return format === 'pcm16' ? 24_000 : 8_000;
}
