import { EngineError } from '../util/errors.ts';

export function noRecognizer(): EngineError {
  const message =
    'No speech recognizer is available to hear what is said. Run `samtal doctor` to see how to install one.';
  return new EngineError('recognizer', 'unavailable', message);
}
