import { expect, test } from 'vitest';
import type { AudioChunk } from '../../audio/chunk.ts';
import type { SpeechRecognizer } from '../../engine/speech-recognizer.ts';
import { recognizerByLanguage } from './recognizer-by-language.ts';

/** A fake that hears its own name and how long the audio was. */
function named(name: string, languages: readonly string[], sampleRate = 16_000): SpeechRecognizer {
  return {
    name,
    sampleRate,
    languages,
    async *recognize(audio) {
      let samples = 0;
      for await (const chunk of audio) {
        expect(chunk.sampleRate).toBe(sampleRate);
        samples += chunk.samples.length;
      }
      yield { type: 'final', text: name, startMs: 0, endMs: (samples / sampleRate) * 1000 };
    },
  };
}

const second: AudioChunk = { samples: new Int16Array(16_000), sampleRate: 16_000 };

async function hear(recognizer: SpeechRecognizer, language?: string): Promise<readonly unknown[]> {
  const { signal } = new AbortController();
  return await Array.fromAsync(recognizer.recognize(once(), { signal, language }));
}

async function* once(): AsyncGenerator<AudioChunk, void, void> {
  yield second;
}

const english = named('english', ['en']);
const european = named('european', ['en', 'sv', 'fr']);
const telephone = named('telephone', ['ja'], 8000);
const several = recognizerByLanguage([english, european, telephone]);

test.each([
  ['en', 'english'],
  ['en-GB', 'english'],
  ['sv-FI', 'european'],
  [undefined, 'european'],
] as const)('speech in %s is heard by the first that hears it: %s', async (language, text) => {
  expect(await hear(several, language)).toEqual([{ type: 'final', text, startMs: 0, endMs: 1000 }]);
});

test('a recognizer of another rate gets what it takes', async () => {
  expect(await hear(several, 'ja')).toEqual([{ type: 'final', text: 'telephone', startMs: 0, endMs: 1000 }]);
});

test('speech of an unknown language is heard by one that hears any, where there is one', async () => {
  const [heard] = await hear(recognizerByLanguage([european, named('any', [])]));
  expect(heard).toMatchObject({ text: 'any' });
});

test('nothing is heard for a signal that is aborted already', async () => {
  const signal = AbortSignal.abort(new Error('Gone.'));
  await expect(Array.fromAsync(several.recognize(once(), { signal }))).rejects.toThrow('Gone.');
});

test('a language that none hears is refused with the names of all', async () => {
  const heard = hear(several, 'th');
  await expect(heard).rejects.toMatchObject({ reason: 'unsupported' });
  await expect(heard).rejects.toThrow('english and european and telephone can not hear "th"');
});

test('it hears what they hear together, and any language where one of them does', () => {
  expect(several.languages).toEqual(['en', 'sv', 'fr', 'ja']);
  expect(recognizerByLanguage([english, named('any', [])]).languages).toEqual([]);
});
