import type { EngineErrorReason } from '../errors.ts';

/** What the two ends of a job say to each other, over a worker thread's port or a child process's channel. */
export type ToWorker =
  | { readonly type: 'start'; readonly job: number; readonly method: string; readonly input: unknown }
  | { readonly type: 'feed'; readonly job: number; readonly value: unknown }
  | { readonly type: 'feed-end'; readonly job: number }
  | { readonly type: 'pull'; readonly job: number }
  | { readonly type: 'cancel'; readonly job: number }
  /** Answered by `pong` as soon as the worker reads its messages. */
  | { readonly type: 'ping' };

export type FromWorker = { readonly type: 'ready' } | { readonly type: 'pong' } | FromJob;

export type FromJob =
  | { readonly type: 'want'; readonly job: number }
  | { readonly type: 'output'; readonly job: number; readonly value: unknown }
  /** The worker has read the cancel, so its event loop runs; the job itself may take longer to stop. */
  | { readonly type: 'cancelling'; readonly job: number }
  | { readonly type: 'end'; readonly job: number; readonly failure?: JobFailure };

/** An error as data. `reason` survives the crossing when the worker threw an `EngineError`. */
export interface JobFailure {
  readonly message: string;
  readonly reason: EngineErrorReason;
  readonly stack?: string | undefined;
}

/** Outputs that a worker may send ahead of its reader, and inputs ahead of its job. */
export const OUTPUTS_AHEAD = 4;
export const INPUTS_AHEAD = 8;
