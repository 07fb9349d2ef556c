import type { LanguageModel } from '../../engine/language-model.ts';
import type { RealtimeUpstream } from '../../engine/realtime-upstream.ts';
import type { SpeechModel } from '../../engine/speech-model.ts';
import type { SpeechRecognizer } from '../../engine/speech-recognizer.ts';
import type { SpeechSynthesizer } from '../../engine/speech-synthesizer.ts';
import type { VoiceActivityDetector } from '../../engine/voice-activity-detector.ts';

/** One engine, in the roles that it can take. */
export interface OpenedEngine {
  readonly recognizer?: SpeechRecognizer;
  readonly languageModel?: LanguageModel;
  readonly synthesizer?: SpeechSynthesizer;
  /** How many people the synthesizer speaks as, where that is known. */
  readonly speakers?: number;
  readonly speechModel?: SpeechModel;
  readonly realtime?: RealtimeUpstream;
  readonly voiceActivity?: VoiceActivityDetector;
  readonly warm?: () => Promise<void>;
  /** What is wrong with it at the moment, for an operator. */
  readonly trouble?: () => string | undefined;
}
