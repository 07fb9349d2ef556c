export { describeModelFolder } from './describe-model-folder.ts';
export { type SherpaRecognizer, sherpaRecognizer } from './recognizer.ts';
export { type SherpaSynthesizer, sherpaSynthesizer } from './synthesizer.ts';
