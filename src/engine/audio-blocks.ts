import type { AudioChunk } from '../audio/chunk.ts';
import { EngineError } from '../util/errors.ts';

export interface AudioBlocksOptions {
  /** Named in the refusal of another rate. */
  readonly engine: string;
  /** In samples per second, of all audio. */
  readonly sampleRate: number;
  /** Samples of each block but the last. */
  readonly blockSamples: number;
}

/**
 * The audio in pieces of one size, so that what is heard does not depend on how it arrives.
 * @throws {EngineError} `unsupported` for audio of another rate; the error of `audio`.
 */
export async function* audioBlocks(
  audio: AsyncIterable<AudioChunk>,
  { engine, sampleRate, blockSamples }: AudioBlocksOptions,
): AsyncGenerator<Int16Array, void, void> {
  let block = new Int16Array(blockSamples);
  let filled = 0;
  for await (const chunk of audio) {
    if (chunk.sampleRate !== sampleRate) {
      throw new EngineError(
        engine,
        'unsupported',
        `${engine} hears ${sampleRate} Hz audio, not ${chunk.sampleRate} Hz.`,
      );
    }
    const { samples } = chunk;
    for (let at = 0; at < samples.length; ) {
      const part = samples.subarray(at, at + blockSamples - filled);
      block.set(part, filled);
      at += part.length;
      filled += part.length;
      if (filled < blockSamples) continue;
      yield block;
      block = new Int16Array(blockSamples);
      filled = 0;
    }
  }
  if (filled > 0) yield block.subarray(0, filled);
}
