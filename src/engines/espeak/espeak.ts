import { availableParallelism } from 'node:os';
import { speakPieces } from '../../engine/speak-pieces.ts';
import type { SpeechSynthesizer } from '../../engine/speech-synthesizer.ts';
import { EngineError } from '../../util/errors.ts';
import { onceMore } from '../../util/once-more.ts';
import { ESPEAK_SAMPLE_RATE, type EspeakJob, runEspeak } from './espeak-process.ts';
import { type EspeakProgram, findEspeak } from './find-espeak.ts';
import { primarySubtags, toEspeakLanguage } from './languages.ts';
import { Places } from './places.ts';

export interface EspeakOptions {
  /** What `findEspeak` has found; looked for on the PATH when absent. */
  readonly program?: EspeakProgram | undefined;
  /** Processes at once; by default one for each core, and four at most. */
  readonly processes?: number;
  /** Pieces of speech that may wait for a process before another is refused as `busy`. */
  readonly waiting?: number;
  /** How long a process may say nothing before it is killed: 10 s unless given. */
  readonly silenceMs?: number;
}

export interface Espeak extends SpeechSynthesizer {
  readonly version: string;
  readonly status: { readonly running: number; readonly waiting: number; readonly capacity: number };
}

const NAME = 'espeak';
/** What espeak-ng holds for the pace of its voices. */
const WORDS_PER_MINUTE = 175;
/** The slowest that espeak-ng speaks, which is a speed of 0.46. */
const SLOWEST_WORDS_PER_MINUTE = 80;

/** The voices of the API as variants of the voice that each language has: five women, eight men. */
const VARIANTS: ReadonlyMap<string, string> = new Map([
  ['alloy', 'm3'],
  ['ash', 'm1'],
  ['ballad', 'm7'],
  ['coral', 'f2'],
  ['echo', 'm2'],
  ['fable', 'm5'],
  ['nova', 'f4'],
  ['onyx', 'm8'],
  ['sage', 'f3'],
  ['shimmer', 'f1'],
  ['verse', 'm4'],
  ['marin', 'f5'],
  ['cedar', 'm6'],
]);

/**
 * espeak-ng, a program of its own under the GPL, which speaks a hundred languages: each piece in one process.
 * Speaks English unless told the language; it does not look into the text. A process that hangs or is killed before
 * its first sound is run once more.
 * @throws {EngineError} `unavailable` when the program is not installed.
 */
export async function espeak(options: EspeakOptions = {}): Promise<Espeak> {
  const program = options.program ?? (await findEspeak()) ?? notInstalled();
  const capacity = options.processes ?? Math.min(4, availableParallelism());
  const { silenceMs = 10_000 } = options;
  const places = new Places({ name: NAME, places: capacity, waiting: options.waiting ?? 64 });

  async function* speak(job: EspeakJob): AsyncGenerator<Int16Array, void, void> {
    using _place = await places.take(job.signal);
    yield* runEspeak(job);
  }

  return {
    name: NAME,
    version: program.version,
    sampleRate: ESPEAK_SAMPLE_RATE,
    voices: [...VARIANTS.keys()],
    languages: primarySubtags(program.languages),
    get status() {
      return { running: places.taken, waiting: places.waiting, capacity };
    },
    synthesize(text, { signal, voice, speed, language = 'en' }) {
      const spokenWith = `${languageOf(program, language)}+${variantOf(voice)}`;
      const wordsPerMinute = Math.max(SLOWEST_WORDS_PER_MINUTE, Math.round(WORDS_PER_MINUTE * speed));
      return speakPieces(text, {
        signal,
        sampleRate: ESPEAK_SAMPLE_RATE,
        speed,
        speak: (part, signal) =>
          onceMore(() =>
            speak({ path: program.path, text: part, voice: spokenWith, wordsPerMinute, silenceMs, signal }),
          ),
      });
    },
  };
}

function languageOf(program: EspeakProgram, language: string): string {
  const name = toEspeakLanguage(language, program.languages);
  if (name !== undefined) return name;
  throw new EngineError(NAME, 'unsupported', `espeak-ng ${program.version} does not speak ${language}.`);
}

function variantOf(voice: string): string {
  const variant = VARIANTS.get(voice);
  if (variant !== undefined) return variant;
  const known = [...VARIANTS.keys()].join(', ');
  throw new EngineError(NAME, 'unsupported', `espeak has no voice ${voice}. It has ${known}.`);
}

function notInstalled(): never {
  throw new EngineError(
    NAME,
    'unavailable',
    'The program espeak-ng is not installed. Install it with your system, such as: apt-get install espeak-ng.',
  );
}
