import { speakPieces } from '../../engine/speak-pieces.ts';
import type { SpeechSynthesizer } from '../../engine/speech-synthesizer.ts';
import { type FakeOptions, perform } from './fake-behaviour.ts';
import { FAKE_SAMPLE_RATE, fakeSpeech } from './fake-speech.ts';

const NAME = 'fake-synthesizer';

/** Says text as `fakeRecognizer` hears it. Each word is an output, and so is each mark. For tests. */
export function fakeSynthesizer(options: FakeOptions = {}): SpeechSynthesizer {
  return {
    name: NAME,
    sampleRate: FAKE_SAMPLE_RATE,
    voices: ['fake'],
    languages: [],
    synthesize(text, { signal, speed }) {
      const speak = (piece: string): AsyncIterable<Int16Array> => sayWords(piece, speed);
      const events = speakPieces(text, { signal, sampleRate: FAKE_SAMPLE_RATE, speed, speak });
      return perform(events, { name: NAME, options, signal });
    },
  };
}

async function* sayWords(piece: string, speed: number): AsyncGenerator<Int16Array, void, void> {
  for (const word of piece.match(/\s*\S+|\s+$/gu) ?? []) yield fakeSpeech(word, speed).samples;
}
