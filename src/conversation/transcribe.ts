import { setImmediate } from 'node:timers/promises';
import type { AudioChunk } from '../audio/chunk.ts';
import type { AudioClip } from '../audio/clip.ts';
import { resample } from '../audio/resample.ts';
import type { SpeechRecognizer } from '../engine/speech-recognizer.ts';
import { onceMore } from '../util/once-more.ts';

/**
 * What `recognizer` hears in a whole clip, its utterances joined by spaces; empty when nobody speaks. When the
 * recognizer is interrupted it hears the clip once more.
 */
export async function transcribe(
  recognizer: SpeechRecognizer,
  clip: AudioClip,
  options: { readonly signal: AbortSignal },
): Promise<string> {
  const [text = ''] = await Array.fromAsync(onceMore(() => hearAll(recognizer, clip, options)));
  return text;
}

/** Yields once: the whole of what is heard. */
async function* hearAll(
  recognizer: SpeechRecognizer,
  clip: AudioClip,
  options: { readonly signal: AbortSignal },
): AsyncGenerator<string, void, void> {
  const audio = resample(paced(clip.chunks), recognizer.sampleRate);
  const utterances: string[] = [];
  for await (const event of recognizer.recognize(audio, options)) {
    if (event.type === 'final' && event.text !== '') utterances.push(event.text);
  }
  yield utterances.join(' ');
}

/** Cuts a clip into steps of at most 100 ms and lets others have the event loop between any two. */
async function* paced(chunks: readonly AudioChunk[]): AsyncGenerator<AudioChunk> {
  for (const { samples, sampleRate } of chunks) {
    const step = Math.ceil(sampleRate / 10);
    for (let start = 0; start < samples.length; start += step) {
      yield { samples: samples.subarray(start, start + step), sampleRate };
      await setImmediate();
    }
  }
}
