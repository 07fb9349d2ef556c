/** A package could not be pulled; the message says why and what to do. */
export class PackageError extends Error {
  override readonly name = 'PackageError';
  readonly reason: PackageErrorReason;

  constructor(reason: PackageErrorReason, message: string, cause?: unknown) {
    super(message, { cause });
    this.reason = reason;
  }
}

/**
 * - `foreign`: there is none for this system and processor.
 * - `no-npm`: the program npm is not there.
 * - `no-room`: the disk is too full.
 * - `offline`: the registry can not be reached.
 * - `refused`: the registry does not give the package.
 * - `wrong-bytes`: what came is not what the catalogue pins.
 * - `failed`: anything else.
 */
export type PackageErrorReason =
  | 'foreign'
  | 'no-npm'
  | 'no-room'
  | 'offline'
  | 'refused'
  | 'wrong-bytes'
  | 'failed';
