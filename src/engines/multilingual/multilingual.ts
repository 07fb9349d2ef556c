import { createResampler } from '../../audio/resampler.ts';
import { primarySubtag } from '../../engine/language-tag.ts';
import type {
  SpeechSynthesizer,
  SynthesisEvent,
  SynthesizeOptions,
} from '../../engine/speech-synthesizer.ts';
import { EngineError } from '../../util/errors.ts';
import { Pieces, type TaggedPiece } from './pieces.ts';

export interface MultilingualOptions {
  /** Speaks all that no language is known for, and every language that it has. */
  readonly byDefault: SpeechSynthesizer;
  /** Asked in this order for the languages that `byDefault` does not speak. */
  readonly others: readonly SpeechSynthesizer[];
}

const SAMPLE_RATE = 24_000;

/**
 * One synthesizer of several: each piece is spoken by an engine that speaks its language. That is the language in the
 * options, or else the one that the text is in. Whatever their rates, all is heard at 24 kHz. A text in a language
 * that no engine speaks is refused as `unsupported`, with the remedy, rather than mispronounced.
 */
export function multilingual({ byDefault, others }: MultilingualOptions): SpeechSynthesizer {
  const engines = [byDefault, ...others];
  const speaksAny = engines.some((engine) => engine.languages.length === 0);

  function engineFor(piece: Pick<TaggedPiece, 'language' | 'isSure'>): SpeechSynthesizer {
    const found = engines.find((engine) => speaks(engine, piece.language));
    if (found) return found;
    if (piece.isSure) throw notSpoken(piece.language, engines);
    return byDefault;
  }

  async function* synthesize(
    text: AsyncIterable<string>,
    options: SynthesizeOptions,
  ): AsyncGenerator<SynthesisEvent, void, void> {
    const { signal, language: told } = options;
    const pieces = new Pieces(text, byDefault.languages[0] ?? 'en');
    let startMs = 0;
    try {
      for (let first = await pieces.peek(signal); first; first = await pieces.peek(signal)) {
        const language = told ?? first.language;
        const engine = engineFor(told === undefined ? first : { language: told, isSure: true });
        const run = pieces.run((piece) => told !== undefined || piece.language === language, signal);
        const voice = engine.voices.includes(options.voice)
          ? options.voice
          : (engine.voices[0] ?? options.voice);
        const spokenIn = speaks(engine, language) ? language : undefined;
        startMs = yield* at24kHz(
          engine,
          engine.synthesize(run, { ...options, voice, language: spokenIn }),
          startMs,
        );
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

function notSpoken(language: string, engines: readonly SpeechSynthesizer[]): EngineError {
  const names = engines.map((engine) => engine.name).join(' and ');
  const english = new Intl.DisplayNames('en', { type: 'language', fallback: 'code' });
  const remedy = engines.some((engine) => engine.name === 'espeak')
    ? 'Ask for another language.'
    : 'espeak-ng speaks about a hundred languages; install it, such as: apt-get install espeak-ng.';
  return new EngineError(
    'multilingual',
    'unsupported',
    `The text is in ${nameOf(language, english)} (${language}), which ${names} can not speak. ${remedy}`,
  );
}

/** A client may send any text for a language, and some of it is no tag at all. */
function nameOf(language: string, names: Intl.DisplayNames): string {
  try {
    return names.of(language) ?? language;
  } catch {
    return 'an unknown language';
  }
}
