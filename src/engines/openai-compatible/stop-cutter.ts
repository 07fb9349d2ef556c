import { firstMarker, heldBack } from '../../engine/held-back.ts';

/** Ends a text before the first stop sequence, also for servers that know none. */
export class StopCutter {
  readonly #stop: readonly string[];
  #waiting = '';
  #isCut = false;

  constructor(stop: readonly string[]) {
    this.#stop = stop.filter((sequence) => sequence !== '');
  }

  get isCut(): boolean {
    return this.#isCut;
  }

  /** The text that is certain to stand before any stop sequence. */
  push(text: string): string {
    if (this.#isCut) return '';
    this.#waiting += text;
    const found = firstMarker(this.#waiting, this.#stop);
    this.#isCut = found !== undefined;
    return this.#take(found?.index ?? this.#waiting.length - heldBack(this.#waiting, this.#stop));
  }

  end(): string {
    return this.#isCut ? '' : this.#take(this.#waiting.length);
  }

  #take(length: number): string {
    const taken = this.#waiting.slice(0, length);
    this.#waiting = this.#waiting.slice(length);
    return taken;
  }
}
