import { joinSamples, SAMPLE_RATE, toMs } from '../audio/pcm.ts';
import type { HeardStretch } from '../audio/player.ts';

interface Piece {
  /** In samples, on the recording's clock. */
  readonly at: number;
  readonly samples: Int16Array;
  /** What it is a part of; empty for what the microphone heard. */
  readonly itemId: string;
}

/** 30 minutes of each side; beyond them the oldest goes. */
const CAPACITY = 30 * 60 * SAMPLE_RATE;
/** A piece that follows so closely is heard without a gap: clocks that are not one differ a little. */
const JOINED_MS = 20;

/** Both sides of a session, 24 kHz: what the server was sent, and what the loudspeaker gave out. */
export class Recording {
  readonly #input = new Side();
  readonly #output = new Side();

  /** Something that was sent; `startMs` on the session's clock is when its first sample was heard. */
  addInput(samples: Int16Array, startMs: number): void {
    this.#input.add(samples, startMs);
  }

  /** Something that was played of an item; `startMs` is when its first sample was. */
  addOutput({ itemId, samples, startMs }: HeardStretch): void {
    this.#output.add(samples, startMs, itemId);
  }

  /** What was sent from `startMs` to `endMs` of the input, as the server counts it. */
  inputBetween(startMs: number, endMs: number): Int16Array<ArrayBuffer> {
    return this.#input.between(startMs, endMs);
  }

  /** What was heard of an item, as far as it is kept. */
  outputOf(itemId: string): Int16Array<ArrayBuffer> {
    return this.#output.of(itemId);
  }

  get inputMs(): number {
    return toMs(this.#input.length);
  }

  get isEmpty(): boolean {
    return this.#input.length === 0 && this.#output.length === 0;
  }

  /** Both sides as they were heard, side by side: the user's and the assistant's. */
  mixdown(): readonly [Int16Array<ArrayBuffer>, Int16Array<ArrayBuffer>] {
    const start = Math.min(this.#input.startsAt, this.#output.startsAt);
    return [this.#input.laidOut(start), this.#output.laidOut(start)];
  }
}

class Side {
  #pieces: Piece[] = [];
  #length = 0;
  #kept = 0;

  /** In samples, those included that are no longer kept. */
  get length(): number {
    return this.#length;
  }

  get startsAt(): number {
    return this.#pieces[0]?.at ?? Infinity;
  }

  add(samples: Int16Array, startMs: number, itemId = ''): void {
    const last = this.#pieces.at(-1);
    const end = last ? last.at + last.samples.length : -Infinity;
    const told = Math.max(0, Math.round((startMs / 1000) * SAMPLE_RATE));
    const isNext = Math.abs(toMs(told - end)) < JOINED_MS;
    this.#pieces.push({ at: isNext ? end : Math.max(told, end), samples, itemId });
    this.#length += samples.length;
    this.#kept += samples.length;
    while (this.#kept > CAPACITY) this.#kept -= this.#pieces.shift()?.samples.length ?? 0;
  }

  between(startMs: number, endMs: number): Int16Array<ArrayBuffer> {
    const dropped = this.#length - this.#kept;
    const all = joinSamples(this.#pieces.map(({ samples }) => samples));
    const [from, to] = [startMs, endMs].map((ms) => Math.round((ms / 1000) * SAMPLE_RATE) - dropped);
    return all.slice(Math.max(0, from ?? 0), Math.max(0, to ?? 0));
  }

  of(itemId: string): Int16Array<ArrayBuffer> {
    return joinSamples(this.#pieces.filter((piece) => piece.itemId === itemId).map(({ samples }) => samples));
  }

  laidOut(start: number): Int16Array<ArrayBuffer> {
    const last = this.#pieces.at(-1);
    const out = new Int16Array(last ? last.at + last.samples.length - start : 0);
    for (const { at, samples } of this.#pieces) out.set(samples, at - start);
    return out;
  }
}
