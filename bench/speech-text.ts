import type { AudioChunk } from '../src/audio/chunk.ts';
import { collectAudio } from '../src/audio/test-speech.ts';
import { sentences } from '../src/conversation/sentences.ts';
import type { SpeechSynthesizer } from '../src/engine/speech-synthesizer.ts';
import { flite } from '../src/engines/flite/flite.ts';

/** A reply of ordinary length: about 17 seconds of speech, in four sentences. */
export const REPLY =
  'The weather in the city is warm and sunny this afternoon. The wind comes from the west and will turn to the north during the night. Tomorrow there will be some rain in the morning, so take an umbrella with you when you leave the house. In the evening the sky is clear again.';

export const VOICE = 'alloy';

/** The pieces in which the server gives `text` to an engine. */
export async function piecesOf(text: string): Promise<string[]> {
  return await Array.fromAsync(sentences(streamOf([text])));
}

/** Yields `items` as a stream. */
export async function* streamOf<Item>(items: readonly Item[]): AsyncGenerator<Item, void, void> {
  yield* items;
}

/** All the audio of `pieces`, as the engine alone makes it. */
export async function speakBare(engine: SpeechSynthesizer, pieces: readonly string[]): Promise<AudioChunk> {
  return await collectAudio(audioOf(engine, streamOf(pieces)));
}

/** The engine's audio while `text` is written. */
export async function* audioOf(
  engine: SpeechSynthesizer,
  text: AsyncIterable<string>,
): AsyncGenerator<AudioChunk, void, void> {
  const { signal } = new AbortController();
  for await (const event of engine.synthesize(text, { signal, voice: VOICE, speed: 1 })) {
    if (event.type === 'audio') yield event.chunk;
  }
}

/** Speech of `text` as a synthesizer of this machine says it, for a recognizer to hear. */
export async function spoken(text: string): Promise<AudioChunk> {
  await using engine = flite();
  return await speakBare(engine, await piecesOf(text));
}
