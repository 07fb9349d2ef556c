import type { ModelEntry } from './catalog.ts';

/** What a model takes, as far as the catalogue knows. */
export interface ModelSize {
  /** `undefined` where the hub has to be asked. */
  readonly downloadBytes: number | undefined;
  /** When it is there; at most, where that depends on what an archive unpacks to. */
  readonly diskBytes: number | undefined;
}

export function sizeOf({ files }: ModelEntry): ModelSize {
  return {
    downloadBytes: sumOf(files.map(({ bytes }) => bytes ?? undefined)),
    diskBytes: sumOf(files.map(({ bytes, archive }) => archive?.unpackedBytes ?? bytes ?? undefined)),
  };
}

/** `undefined` when one of them is. */
export function sumOf(sizes: readonly (number | undefined)[]): number | undefined {
  let total = 0;
  for (const size of sizes) {
    if (size === undefined) return undefined;
    total += size;
  }
  return total;
}
