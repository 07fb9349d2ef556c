import type { Spread } from './spread.ts';

/** One line of the table: a median that is held against its target. */
export interface Figure {
  readonly name: string;
  readonly unit: 'ratio' | 'ms' | 'count';
  readonly spread: Spread;
  readonly target: Target;
  /** What was set against what, for a reader who has not seen the source. */
  readonly how: string;
  /** The medians in milliseconds, megabytes or requests per second that the figure comes from. */
  readonly detail: string;
}

export type Target = { readonly atMost: number } | { readonly atLeast: number };

export interface Benchmark {
  /** What it is called on the command line. */
  readonly name: string;
  /** Measures; tells on the way what it leaves out for want of a program. */
  run(log: Log): Promise<readonly Figure[]>;
}

export type Log = (line: string) => void;

export function isMet(target: Target, value: number): boolean {
  return 'atMost' in target ? value <= target.atMost : value >= target.atLeast;
}
