import { unlessAborted } from '../../util/abort.ts';
import { type Clock, pause, systemClock } from '../../util/clock.ts';
import { EngineError, type EngineErrorReason } from '../../util/errors.ts';

/** How one job of a fake goes. Without anything set, it answers at once and never fails. */
export interface FakeBehaviour {
  /** Before each output, by the clock. */
  readonly delayMs?: number | undefined;
  readonly fault?: FakeFault | undefined;
}

/** What goes wrong instead of the output that follows `after` others. A job that hangs answers to its signal alone. */
export interface FakeFault {
  readonly after: number;
  readonly kind: EngineErrorReason | 'hang';
}

export interface FakeOptions {
  readonly clock?: Clock | undefined;
  /** Asked once for each job. */
  readonly behaviour?: (() => FakeBehaviour) | undefined;
  readonly jobs?: FakeJobs | undefined;
}

/** Counts the jobs that fakes have not ended. */
export class FakeJobs {
  running = 0;
  begun = 0;
}

export interface FakeJob {
  /** Of the engine, for its errors. */
  readonly name: string;
  readonly options: FakeOptions;
  readonly signal: AbortSignal;
}

/** Gives `outputs` in the way that the behaviour of the job asks for. Rejects with the signal's reason. */
export async function* perform<T>(
  outputs: AsyncIterable<T>,
  { name, options, signal }: FakeJob,
): AsyncGenerator<T, void, void> {
  const { delayMs = 0, fault } = options.behaviour?.() ?? {};
  const clock = options.clock ?? systemClock;
  const iterator = outputs[Symbol.asyncIterator]();
  const { jobs } = options;
  if (jobs) {
    jobs.running += 1;
    jobs.begun += 1;
  }
  try {
    for (let told = 0; ; told += 1) {
      signal.throwIfAborted();
      if (fault && told >= fault.after) await fail(name, fault, signal);
      const step = await unlessAborted(iterator.next(), signal);
      if (step.done) return;
      await pause(delayMs, { clock, signal });
      yield step.value;
    }
  } finally {
    if (jobs) jobs.running -= 1;
    // What the outputs are made of may be stalled for ever, so nobody waits for its end.
    void iterator.return?.(undefined).catch(() => {});
  }
}

/** Rejects, at once or when the signal says so. */
export async function fail(name: string, fault: FakeFault, signal: AbortSignal): Promise<never> {
  if (fault.kind === 'hang') return await unlessAborted(new Promise<never>(() => {}), signal);
  throw new EngineError(name, fault.kind, `The fake engine is ${fault.kind}, as it was told to be.`);
}
