/** What an engine is made of: import from `samtal/engine` to write one of your own. */
export type { AudioChunk } from '../audio/chunk.ts';
export type { AudioClip } from '../audio/clip.ts';
export { EngineError, type EngineErrorReason } from '../util/errors.ts';
export type * from './language-model.ts';
export type * from './noise-reducer.ts';
export type * from './speech-model.ts';
export type * from './speech-recognizer.ts';
export type * from './speech-synthesizer.ts';
export type * from './turn-detector.ts';
export type * from './voice-activity-detector.ts';
