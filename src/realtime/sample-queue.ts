/** Samples that wait, put in and taken out in stretches of any length. */
export class SampleQueue {
  #parts: Int16Array[] = [];
  #length = 0;

  get length(): number {
    return this.#length;
  }

  push(samples: Int16Array): void {
    if (samples.length > 0) this.#parts.push(samples);
    this.#length += samples.length;
  }

  /** The first `count` samples, or as many as there are. */
  take(count: number): Int16Array {
    const taken = new Int16Array(Math.min(count, this.#length));
    let offset = 0;
    while (offset < taken.length) {
      const part = this.#parts.shift() ?? new Int16Array();
      const used = part.subarray(0, taken.length - offset);
      taken.set(used, offset);
      offset += used.length;
      if (used.length < part.length) this.#parts.unshift(part.subarray(used.length));
    }
    this.#length -= taken.length;
    return taken;
  }
}
