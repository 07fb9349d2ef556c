import { constants } from 'node:os';
import { deferred } from '../util/deferred.ts';

const SIGNALS = ['SIGINT', 'SIGTERM'] as const;

export interface StopSignals {
  /** Resolves at the first; a second ends the process at once. */
  readonly first: Promise<void>;
  /** Gives the signals their usual meaning back. */
  release(): void;
}

export function stopSignals(): StopSignals {
  const first = deferred();
  let isStopping = false;
  const onSignal = (signal: (typeof SIGNALS)[number]): void => {
    // The exit code by which shells tell that a signal ended a program.
    if (isStopping) process.exit(128 + constants.signals[signal]);
    isStopping = true;
    first.resolve();
  };
  for (const signal of SIGNALS) process.on(signal, onSignal);
  return {
    first: first.promise,
    release: () => {
      for (const signal of SIGNALS) process.off(signal, onSignal);
    },
  };
}
