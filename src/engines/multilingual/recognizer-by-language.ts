import { resample } from '../../audio/resample.ts';
import { primarySubtag } from '../../engine/language-tag.ts';
import type { SpeechRecognizer } from '../../engine/speech-recognizer.ts';
import { EngineError } from '../../util/errors.ts';

const NAME = 'multilingual';
const SAMPLE_RATE = 16_000;

/**
 * One recognizer of several: speech of a known language is heard by the first of them that hears it, and speech of
 * an unknown one by the one that hears the most languages. Takes 16 kHz, whatever their rates.
 *
 * A language that none of them hears is refused as `unsupported`.
 */
export function recognizerByLanguage(
  recognizers: readonly [SpeechRecognizer, ...SpeechRecognizer[]],
): SpeechRecognizer {
  const [first] = recognizers;
  const widest = recognizers.reduce((best, each) => (breadthOf(each) > breadthOf(best) ? each : best), first);

  function choose(language: string | undefined): SpeechRecognizer {
    if (language === undefined) return widest;
    return recognizers.find((each) => hears(each, language)) ?? refuse(language, recognizers);
  }

  return {
    name: recognizers.map(({ name }) => name).join('+'),
    sampleRate: SAMPLE_RATE,
    languages: recognizers.some((each) => each.languages.length === 0)
      ? []
      : [...new Set(recognizers.flatMap(({ languages }) => languages))],
    async *recognize(audio, options) {
      options.signal.throwIfAborted();
      const recognizer = choose(options.language);
      yield* recognizer.recognize(resample(audio, recognizer.sampleRate), options);
    },
  };
}

function breadthOf({ languages }: SpeechRecognizer): number {
  return languages.length === 0 ? Number.POSITIVE_INFINITY : languages.length;
}

function hears({ languages }: SpeechRecognizer, language: string): boolean {
  return languages.length === 0 || languages.includes(primarySubtag(language));
}

function refuse(language: string, recognizers: readonly SpeechRecognizer[]): never {
  const names = recognizers.map(({ name }) => name).join(' and ');
  throw new EngineError(
    NAME,
    'unsupported',
    `${names} can not hear "${language}". Leave the language out, or get a recognizer that hears it: samtal pull.`,
  );
}
