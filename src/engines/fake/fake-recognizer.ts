import type { AudioChunk } from '../../audio/chunk.ts';
import type { RecognitionEvent, SpeechRecognizer } from '../../engine/speech-recognizer.ts';
import { type FakeOptions, perform } from './fake-behaviour.ts';
import { FAKE_SAMPLE_RATE, FakeSpeechReader } from './fake-speech.ts';

const NAME = 'fake-recognizer';

/** Hears what `fakeSynthesizer` says, letter by letter, and nothing else. For tests. */
export function fakeRecognizer(options: FakeOptions = {}): SpeechRecognizer {
  return {
    name: NAME,
    sampleRate: FAKE_SAMPLE_RATE,
    languages: [],
    recognize: (audio, { signal }) => perform(hear(audio), { name: NAME, options, signal }),
  };
}

async function* hear(audio: AsyncIterable<AudioChunk>): AsyncGenerator<RecognitionEvent, void, void> {
  const reader = new FakeSpeechReader();
  let told = '';
  for await (const { samples } of audio) {
    for (const utterance of reader.push(samples)) yield { type: 'final', ...utterance };
    const { text } = reader;
    if (text !== told && text !== '') yield { type: 'partial', text, settled: text };
    told = text;
  }
  for (const utterance of reader.end()) yield { type: 'final', ...utterance };
}
