import { type AudioChunk, durationMs } from '../audio/chunk.ts';
import type { AudioClip } from '../audio/clip.ts';

/**
 * The client's audio that is not yet an item. Its length is the session's clock: times are milliseconds from
 * the first sample of the session, and go on through commits.
 */
export class InputBuffer {
  #chunks: { readonly chunk: AudioChunk; readonly startMs: number }[] = [];
  #startMs = 0;
  #endMs = 0;

  /** Where the audio begins that is held. */
  get startMs(): number {
    return this.#startMs;
  }

  get endMs(): number {
    return this.#endMs;
  }

  get lengthMs(): number {
    return this.#endMs - this.#startMs;
  }

  append(chunk: AudioChunk): void {
    if (chunk.samples.length === 0) return;
    this.#chunks.push({ chunk, startMs: this.#endMs });
    this.#endMs += durationMs(chunk);
  }

  /** What is held between two times, as far as it is held. */
  slice(fromMs: number, toMs: number): AudioClip {
    const chunks: AudioChunk[] = [];
    const first = this.#chunks.findLastIndex(({ startMs }) => startMs <= fromMs);
    for (const { chunk, startMs } of this.#chunks.slice(Math.max(0, first))) {
      const { samples, sampleRate } = chunk;
      const from = Math.max(0, Math.round(((fromMs - startMs) * sampleRate) / 1000));
      const to = Math.min(samples.length, Math.round(((toMs - startMs) * sampleRate) / 1000));
      if (to > from) chunks.push({ samples: samples.subarray(from, to), sampleRate });
    }
    return { chunks };
  }

  /** Forgets what lies before `ms`. */
  dropBefore(ms: number): void {
    const until = Math.min(Math.max(ms, this.#startMs), this.#endMs);
    const first = this.#chunks.findIndex(({ chunk, startMs }) => startMs + durationMs(chunk) > until);
    this.#chunks = first < 0 ? [] : this.#chunks.slice(first);
    this.#startMs = until;
  }

  clear(): void {
    this.dropBefore(this.#endMs);
  }
}
