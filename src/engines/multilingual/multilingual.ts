import { createResampler } from '../../audio/resampler.ts';
import { primarySubtag } from '../../engine/language-tag.ts';
import type {
  SpeechSynthesizer,
  SynthesisEvent,
  SynthesizeOptions,
} from '../../engine/speech-synthesizer.ts';
import { EngineError } from '../../util/errors.ts';
import { Pieces, type TaggedPiece } from './pieces.ts';
import { languagesOfScript } from './script-language.ts';

export interface MultilingualOptions {
  /** Speaks all that no language is known for, and every language that it has. */
  readonly byDefault: SpeechSynthesizer;
  /** Asked in this order for the languages that `byDefault` does not speak. */
  readonly others: readonly SpeechSynthesizer[];
  /** Chooses who speaks with `voice`, of those that speak the language: the first of them unless given. */
  readonly cast?: (
    voice: string,
    able: readonly [SpeechSynthesizer, ...SpeechSynthesizer[]],
  ) => SpeechSynthesizer;
}

const SAMPLE_RATE = 24_000;

/**
 * One synthesizer of several: each piece is spoken by an engine that speaks its language. That is the language in the
 * options, or else the one that the text is in. Whatever their rates, all is heard at 24 kHz.
 *
 * A text that begins in a language that no engine speaks is refused as `unsupported`, with the remedy, rather than
 * mispronounced. Once a reply is being spoken, a foreign sentence does not end it, if the caller takes notices: it is
 * read in the language of what came before where its letters are Latin, else it is left out, and a notice tells so.
 */
export function multilingual({
  byDefault,
  others,
  cast = (_voice, [first]) => first,
}: MultilingualOptions): SpeechSynthesizer {
  const engines = [byDefault, ...others];
  const speaksAny = engines.some((engine) => engine.languages.length === 0);

  function choose(piece: TaggedPiece, { language: told, voice }: SynthesizeOptions): Choice | undefined {
    const language = told ?? piece.language;
    const [first, ...rest] = engines.filter((each) => speaks(each, language));
    if (first) return { engine: cast(voice, [first, ...rest]), language };
    return piece.isSure || told !== undefined ? undefined : { engine: byDefault, language: undefined };
  }

  async function* synthesize(
    text: AsyncIterable<string>,
    options: SynthesizeOptions,
  ): AsyncGenerator<SynthesisEvent, void, void> {
    const { signal, language: told } = options;
    const pieces = new Pieces(text, byDefault.languages[0] ?? 'en');
    const foreign = new ForeignPieces(engines, options);
    let before: Choice | undefined;
    let startMs = 0;
    try {
      for (let first = await pieces.peek(signal); first; first = await pieces.peek(signal)) {
        const { language } = first;
        const choice = choose(first, options) ?? foreign.choose(first, before);
        const run = pieces.run((piece) => told !== undefined || piece.language === language, signal);
        if (choice === 'left out') {
          for await (const piece of run) yield { type: 'spoken', text: piece, endMs: startMs };
          continue;
        }
        before = choice;
        startMs = yield* at24kHz(choice.engine, speakRun(choice, run, options), startMs);
      }
    } finally {
      pieces.leave();
    }
  }

  return {
    name: engines.map((engine) => engine.name).join('+'),
    sampleRate: SAMPLE_RATE,
    voices: byDefault.voices,
    languages: speaksAny ? [] : [...new Set(engines.flatMap((engine) => engine.languages))],
    synthesize,
  };
}

/** Who speaks a piece, and in which language where that engine has to be told. */
interface Choice {
  readonly engine: SpeechSynthesizer;
  readonly language: string | undefined;
}

function speakRun(
  { engine, language }: Choice,
  run: AsyncIterable<string>,
  options: SynthesizeOptions,
): AsyncIterable<SynthesisEvent> {
  const voice = engine.voices.includes(options.voice) ? options.voice : (engine.voices[0] ?? options.voice);
  return engine.synthesize(run, { ...options, voice, language });
}

/** What becomes of the pieces of one reply that no engine speaks the language of. */
class ForeignPieces {
  readonly #engines: readonly SpeechSynthesizer[];
  readonly #options: SynthesizeOptions;
  readonly #noticed = new Set<string>();

  constructor(engines: readonly SpeechSynthesizer[], options: SynthesizeOptions) {
    this.#engines = engines;
    this.#options = options;
  }

  /** @throws {EngineError} `unsupported` when nothing has been spoken before, or nobody would be told. */
  choose({ text, language }: TaggedPiece, before: Choice | undefined): Choice | 'left out' {
    const { language: told, onNotice } = this.#options;
    const { fact, remedy } = describeLack(told ?? language, this.#engines);
    if (!before || !onNotice)
      throw new EngineError('multilingual', 'unsupported', `The text is ${fact}. ${remedy}`);
    const isReadable = languagesOfScript(text).length === 0;
    const outcome = isReadable ? 'read by the voice of the text before it' : 'left out of the speech';
    if (!this.#noticed.has(language)) onNotice(`A part of the text is ${fact}: it is ${outcome}. ${remedy}`);
    this.#noticed.add(language);
    return isReadable ? before : 'left out';
  }
}

/** The events of one engine, which begins to speak at `startMs`. Returns when it has ended. */
async function* at24kHz(
  engine: SpeechSynthesizer,
  events: AsyncIterable<SynthesisEvent>,
  startMs: number,
): AsyncGenerator<SynthesisEvent, number, void> {
  using resampler = await createResampler(engine.sampleRate, SAMPLE_RATE);
  let samplesTold = 0;
  const toAudio = (samples: Int16Array): SynthesisEvent[] => {
    samplesTold += samples.length;
    return samples.length > 0 ? [{ type: 'audio', chunk: { samples, sampleRate: SAMPLE_RATE } }] : [];
  };
  for await (const event of events) {
    if (event.type === 'audio') yield* toAudio(resampler.process(event.chunk.samples));
    else yield { ...event, endMs: startMs + event.endMs };
  }
  yield* toAudio(resampler.flush());
  return startMs + (samplesTold / SAMPLE_RATE) * 1000;
}

function speaks(engine: SpeechSynthesizer, language: string): boolean {
  const primary = primarySubtag(language);
  return engine.languages.length === 0 || engine.languages.includes(primary);
}

function describeLack(
  language: string,
  engines: readonly SpeechSynthesizer[],
): { readonly fact: string; readonly remedy: string } {
  const names = engines.map((engine) => engine.name).join(' and ');
  const english = new Intl.DisplayNames('en', { type: 'language', fallback: 'code' });
  const remedy = engines.some((engine) => engine.name === 'espeak')
    ? 'Ask for another language.'
    : 'espeak-ng speaks about a hundred languages; install it, such as: apt-get install espeak-ng.';
  return { fact: `in ${nameOf(language, english)} (${language}), which ${names} can not speak`, remedy };
}

/** A client may send any text for a language, and some of it is no tag at all. */
function nameOf(language: string, names: Intl.DisplayNames): string {
  try {
    return names.of(language) ?? language;
  } catch {
    return 'an unknown language';
  }
}
