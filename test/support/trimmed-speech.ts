import { collectAudio } from '../../src/audio/test-speech.ts';
import { flite } from '../../src/engines/flite/flite.ts';

/** Spoken by flite at 16 kHz, without the silence around it. */
export async function trimmedSpeech(words: string): Promise<Int16Array> {
  await using synthesizer = flite({ workers: 1 });
  async function* written(): AsyncGenerator<string> {
    yield words;
  }
  const { signal } = new AbortController();
  const chunks = [];
  for await (const event of synthesizer.synthesize(written(), { signal, voice: 'nova', speed: 1 })) {
    if (event.type === 'audio') chunks.push(event.chunk);
  }
  const { samples } = await collectAudio(chunks);
  const isVoice = (sample: number): boolean => Math.abs(sample) > 600;
  return samples.slice(samples.findIndex(isVoice), samples.findLastIndex(isVoice));
}
