import { durationMs } from '../src/audio/chunk.ts';
import type { LanguageModel } from '../src/engine/language-model.ts';
import type { SpeechRecognizer } from '../src/engine/speech-recognizer.ts';
import { pause, systemClock } from '../src/util/clock.ts';

/** A fake language model that repeats the last message word by word: at once, or as slowly as it is told. */
export function echo(perWordMs = 0): LanguageModel {
  return {
    name: 'echo',
    async *generate({ messages }, { signal }) {
      const last = messages.at(-1);
      const text = last && 'text' in last ? last.text : '';
      for (const delta of text.match(/\s*\S+/g) ?? []) {
        if (perWordMs > 0) await pause(perWordMs, { clock: systemClock, signal });
        yield { type: 'text-delta', delta };
      }
      yield { type: 'finish', reason: 'stop', usage: { inputTokens: 1, outputTokens: 1 } };
    },
  };
}

/** A fake recognizer that takes audio as fast as it is given and always hears the same. */
export const listener: SpeechRecognizer = {
  name: 'listener',
  sampleRate: 16_000,
  languages: [],
  async *recognize(audio) {
    let endMs = 0;
    for await (const chunk of audio) endMs += durationMs(chunk);
    yield { type: 'final', text: 'A long recording.', startMs: 0, endMs };
  },
};
