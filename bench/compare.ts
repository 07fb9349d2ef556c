import { isMet, type Target } from './benchmark.ts';
import { median, quantile, type Spread, spreadOf } from './spread.ts';

/** One run, and what it came to: milliseconds, or requests in a second. */
export type Measurement = () => Promise<number>;

export interface Comparison {
  readonly ours: Measurement;
  readonly bare: Measurement;
  readonly target: Target;
  readonly rounds: number;
  readonly warmUps: number;
}

export interface Compared {
  /** Of ours ÷ bare, a ratio for each round. */
  readonly spread: Spread;
  /** The medians of the two sides. */
  readonly ours: number;
  readonly bare: number;
}

const MOST_BATCHES = 3;
/** The middle half of the ratios lies further apart than this, as a part of their median, where it is noisy. */
const NOISY = 0.1;

/**
 * Sets two measurements against each other in the same minutes: a round runs both, in turning order, and
 * yields one ratio. Noisy rounds, and rounds that miss the target, are run again; all of them count.
 */
export async function compare(comparison: Comparison): Promise<Compared> {
  const { ours, bare, target, rounds, warmUps } = comparison;
  for (let round = 0; round < warmUps; round++) {
    await bare();
    await ours();
  }
  const pairs: Pair[] = [];
  for (let batch = 0; batch < MOST_BATCHES && !isSettled(pairs, target); batch++) {
    for (let round = 0; round < rounds; round++) pairs.push(await measurePair(comparison, round % 2 === 0));
  }
  return {
    spread: spreadOf(pairs.map(toRatio)),
    ours: median(pairs.map((pair) => pair.ours)),
    bare: median(pairs.map((pair) => pair.bare)),
  };
}

interface Pair {
  readonly ours: number;
  readonly bare: number;
}

async function measurePair({ ours, bare }: Comparison, isBareFirst: boolean): Promise<Pair> {
  if (isBareFirst) {
    const first = await bare();
    return { bare: first, ours: await ours() };
  }
  const first = await ours();
  return { ours: first, bare: await bare() };
}

function isSettled(pairs: readonly Pair[], target: Target): boolean {
  if (pairs.length === 0) return false;
  const ratios = pairs.map(toRatio);
  const middle = median(ratios);
  const width = quantile(ratios, 0.75) - quantile(ratios, 0.25);
  return width / middle <= NOISY && isMet(target, middle);
}

function toRatio({ ours, bare }: Pair): number {
  return ours / bare;
}
