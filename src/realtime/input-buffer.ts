import { type AudioChunk, durationMs } from '../audio/chunk.ts';
import type { AudioClip } from '../audio/clip.ts';

/** Short chunks share memory: fifty arrays a second cost more to make and to free than to fill. */
const BLOCK_MS = 500;

/**
 * The client's audio that is not yet an item. Its length is the session's clock: times are milliseconds from
 * the first sample of the session, and go on through commits.
 */
export class InputBuffer {
  readonly #blocks: Block[] = [];
  #startMs: number;
  #endMs: number;

  constructor(startMs = 0) {
    this.#startMs = startMs;
    this.#endMs = startMs;
  }

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

  /** Keeps a copy of the samples, and returns it. */
  append(chunk: AudioChunk): Int16Array {
    let block = this.#blocks.at(-1);
    if (!block?.hasRoomFor(chunk)) {
      block = new Block(chunk, this.#endMs);
      this.#blocks.push(block);
    }
    this.#endMs += durationMs(chunk);
    return block.append(chunk.samples);
  }

  /** What is held between two times, as far as it is held. */
  slice(fromMs: number, toMs: number): AudioClip {
    const heldFromMs = Math.max(fromMs, this.#startMs);
    return { chunks: this.#blocks.flatMap((block) => block.slice(heldFromMs, toMs) ?? []) };
  }

  /** Forgets what lies before `ms`. */
  dropBefore(ms: number): void {
    this.#startMs = Math.min(Math.max(ms, this.#startMs), this.#endMs);
    // The last one stays in any case: it may have room for what comes next.
    const last = this.#blocks.length - 1;
    const past = this.#blocks.findIndex(({ endMs }, index) => index === last || endMs > this.#startMs);
    if (past > 0) this.#blocks.splice(0, past);
  }

  clear(): void {
    this.dropBefore(this.#endMs);
  }
}

/** A stretch of audio at one rate, which grows until it is full. What has been written once stays as it is. */
class Block {
  readonly startMs: number;
  readonly #samples: Int16Array;
  readonly #sampleRate: number;
  #length = 0;

  /** With room for `first`. */
  constructor(first: AudioChunk, startMs: number) {
    this.startMs = startMs;
    this.#sampleRate = first.sampleRate;
    this.#samples = new Int16Array(
      Math.max(first.samples.length, Math.ceil((first.sampleRate * BLOCK_MS) / 1000)),
    );
  }

  get endMs(): number {
    return this.startMs + (this.#length / this.#sampleRate) * 1000;
  }

  hasRoomFor({ samples, sampleRate }: AudioChunk): boolean {
    return sampleRate === this.#sampleRate && this.#length + samples.length <= this.#samples.length;
  }

  append(samples: Int16Array): Int16Array {
    const start = this.#length;
    this.#samples.set(samples, start);
    this.#length += samples.length;
    return this.#samples.subarray(start, this.#length);
  }

  slice(fromMs: number, toMs: number): AudioChunk | undefined {
    const from = Math.max(0, this.#indexAt(fromMs));
    const to = Math.min(this.#length, this.#indexAt(toMs));
    if (to <= from) return undefined;
    return { samples: this.#samples.subarray(from, to), sampleRate: this.#sampleRate };
  }

  #indexAt(ms: number): number {
    return Math.round(((ms - this.startMs) * this.#sampleRate) / 1000);
  }
}
