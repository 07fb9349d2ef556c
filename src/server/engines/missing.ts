import { EngineError } from '../../util/errors.ts';

/** Why nothing, or less than there could be, does a part of the work. */
export interface Missing {
  readonly reason: string;
  /** What the operator of this machine can do. */
  readonly remedy: string;
}

/** An engine that is not installed, or that there is none of. */
export class MissingEngine extends EngineError {
  readonly missing: Missing;

  constructor(engine: string, missing: Missing) {
    super(engine, 'unavailable', toNotice(missing));
    this.missing = missing;
  }
}

export function toNotice({ reason, remedy }: Missing): string {
  return `${reason} ${remedy}`;
}
