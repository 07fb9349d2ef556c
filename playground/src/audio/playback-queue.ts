/** What was played of an item so far, in samples. */
export interface HeardItem {
  readonly itemId: string;
  readonly heardSamples: number;
  /** Whether everything that came of it was played. */
  readonly isWhole: boolean;
}

/** A stretch of an item that was played, in the order of the loudspeaker. */
export interface PlayedStretch {
  readonly itemId: string;
  readonly samples: Float32Array<ArrayBuffer>;
}

interface WaitingPiece {
  readonly itemId: string;
  readonly samples: Float32Array;
}

interface ItemCount {
  heard: number;
  received: number;
}

/** 20 minutes; what comes on top is not played. */
const CAPACITY = 20 * 60 * 24_000;

/** Speech on its way to the loudspeaker: without gaps while there is any, and counted by item as it is played. */
export class PlaybackQueue {
  readonly #waiting: WaitingPiece[] = [];
  readonly #items = new Map<string, ItemCount>();
  #offset = 0;
  #size = 0;

  append(itemId: string, samples: Float32Array): void {
    if (this.#size + samples.length > CAPACITY) return;
    this.#size += samples.length;
    this.#waiting.push({ itemId, samples });
    this.#count(itemId).received += samples.length;
  }

  get isEmpty(): boolean {
    return this.#size === 0;
  }

  /** Fills the next frame of the loudspeaker, silence where nothing waits. */
  render(output: Float32Array): readonly PlayedStretch[] {
    const played: PlayedStretch[] = [];
    let filled = 0;
    while (filled < output.length) {
      const piece = this.#waiting[0];
      if (!piece) break;
      const samples = piece.samples.slice(this.#offset, this.#offset + output.length - filled);
      output.set(samples, filled);
      filled += samples.length;
      this.#advance(piece, samples.length);
      played.push({ itemId: piece.itemId, samples });
    }
    output.fill(0, filled);
    return played;
  }

  /** Like `render`, but sinks to silence within this frame and forgets what would have followed. */
  renderLast(output: Float32Array): {
    readonly played: readonly PlayedStretch[];
    readonly heard: HeardItem[];
  } {
    const unfaded = this.render(output);
    for (const [index, sample] of output.entries()) output[index] = sample * (1 - index / output.length);
    let at = 0;
    const played = unfaded.map(({ itemId, samples: { length } }) => {
      const samples = output.slice(at, at + length);
      at += length;
      return { itemId, samples };
    });
    return { played, heard: this.#clear() };
  }

  #clear(): HeardItem[] {
    const heard = [...this.#items].map(([itemId, count]) => ({
      itemId,
      heardSamples: count.heard,
      isWhole: count.heard === count.received,
    }));
    this.#waiting.length = 0;
    this.#items.clear();
    this.#offset = 0;
    this.#size = 0;
    return heard;
  }

  #advance({ itemId, samples }: WaitingPiece, length: number): void {
    this.#count(itemId).heard += length;
    this.#size -= length;
    this.#offset += length;
    if (this.#offset < samples.length) return;
    this.#waiting.shift();
    this.#offset = 0;
  }

  #count(itemId: string): ItemCount {
    const known = this.#items.get(itemId);
    if (known) return known;
    const count = { heard: 0, received: 0 };
    this.#items.set(itemId, count);
    return count;
  }
}
