/** A model could not be pulled, or not be taken as it is; the message says why and what to do. */
export class ModelError extends Error {
  override readonly name = 'ModelError';
  readonly reason: ModelErrorReason;

  constructor(reason: ModelErrorReason, message: string, cause?: unknown) {
    super(message, { cause });
    this.reason = reason;
  }
}

/**
 * - `busy`: another process, or another call, pulls the same model.
 * - `no-room`: the disk is too full.
 * - `offline`: the hub can not be reached, or goes on failing; what came stays, and the next pull goes on from there.
 * - `refused`: the hub does not give the file, or not as it was asked for.
 * - `unsafe`: the archive has in it what Samtal does not unpack.
 * - `wrong-bytes`: what came is not what the catalogue, or the first pull, pins.
 */
export type ModelErrorReason = 'busy' | 'no-room' | 'offline' | 'refused' | 'unsafe' | 'wrong-bytes';
