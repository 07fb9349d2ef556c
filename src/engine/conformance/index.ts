/** What an engine has to keep, as cases for any test runner. */
export type { ConformanceCase } from './conformance-case.ts';
export { type LanguageModelSubject, languageModelConformance } from './language-model.ts';
export { type NoiseReducerSubject, noiseReducerConformance } from './noise-reducer.ts';
export { type SpeechModelSubject, speechModelConformance } from './speech-model.ts';
export {
  type SpeechRecognizerSubject,
  type SpokenSample,
  speechRecognizerConformance,
} from './speech-recognizer.ts';
export { type SynthesizerSubject, speechSynthesizerConformance } from './speech-synthesizer.ts';
export {
  type VoiceActivityDetectorSubject,
  voiceActivityDetectorConformance,
} from './voice-activity-detector.ts';
export { wordErrorRate } from './word-error-rate.ts';
