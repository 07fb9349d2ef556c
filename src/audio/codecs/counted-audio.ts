import type { AudioChunk } from '../chunk.ts';

/** Audio, and how many samples of it have gone by. */
export class CountedAudio implements AsyncIterable<AudioChunk> {
  readonly #audio: AsyncIterable<AudioChunk>;
  samples = 0;

  constructor(audio: AsyncIterable<AudioChunk>) {
    this.#audio = audio;
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<AudioChunk, void, void> {
    for await (const chunk of this.#audio) {
      this.samples += chunk.samples.length;
      yield chunk;
    }
  }
}
