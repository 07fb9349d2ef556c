import { durationMs } from '../../src/audio/chunk.ts';
import type { RecognizedWord, SpeechRecognizer } from '../../src/engine/speech-recognizer.ts';

const WORDS = ['one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine', 'ten'];

export interface SecondCounter extends SpeechRecognizer {
  /** Whole seconds heard so far, by all calls. */
  readonly secondsHeard: number;
  /** What the latest call was asked for. */
  readonly asked: { readonly language: string | undefined; readonly prompt: string | undefined };
}

/**
 * A recognizer for tests that must know what will be heard: for each whole second of audio it says its number,
 * as soon as the second is over. It guesses wrong before that, as recognizers do.
 */
export function secondCounter(options: { readonly tellsWords?: boolean } = {}): SecondCounter {
  let secondsHeard = 0;
  let asked: SecondCounter['asked'] = { language: undefined, prompt: undefined };
  return {
    name: 'second-counter',
    sampleRate: 16_000,
    languages: ['en'],
    get secondsHeard() {
      return secondsHeard;
    },
    get asked() {
      return asked;
    },
    async *recognize(audio, { signal, language, prompt }) {
      asked = { language, prompt };
      let heardMs = 0;
      let told = 0;
      for await (const chunk of audio) {
        signal.throwIfAborted();
        heardMs += durationMs(chunk);
        yield { type: 'partial', text: 'hum' };
        for (; heardMs >= (told + 1) * 1000; told += 1) {
          secondsHeard += 1;
          const text = WORDS[told % WORDS.length] ?? '';
          const [startMs, endMs] = [told * 1000, (told + 1) * 1000];
          const words: readonly RecognizedWord[] = [{ text, startMs, endMs }];
          yield { type: 'final', text, startMs, endMs, ...(options.tellsWords && { words }) };
        }
      }
      yield { type: 'final', text: '', startMs: heardMs, endMs: heardMs };
    },
  };
}
