import { STAGES, type Stage, type StageTime, type Turn } from './timeline.ts';

/** A bar of a waterfall: from one step to the next. */
export interface WaterfallBar {
  readonly stage: Stage;
  /** Since the first step of the turn. */
  readonly startMs: number;
  readonly endMs: number;
  readonly source: StageTime['source'];
}

/**
 * How long each step of a turn took, in the order in which they happened: a transcript may come after the first
 * word of the answer. Empty where fewer than two steps are known.
 */
export function waterfall({ stages }: Turn): readonly WaterfallBar[] {
  const known = STAGES.flatMap((stage) => {
    const time = stages[stage];
    return time ? [{ stage, ...time }] : [];
  }).toSorted((one, other) => one.atMs - other.atMs);
  const startMs = known[0]?.atMs ?? 0;
  return known.slice(1).map(({ stage, atMs, source }, index) => ({
    stage,
    startMs: (known[index]?.atMs ?? startMs) - startMs,
    endMs: atMs - startMs,
    source,
  }));
}
