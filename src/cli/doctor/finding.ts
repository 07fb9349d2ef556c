import { EngineInterruption } from '../../util/errors.ts';

/** What one check of `samtal doctor` found. */
export interface Finding {
  readonly check: string;
  /** `note` is worth knowing and no fault; `broken` keeps the server from starting or from working. */
  readonly status: 'good' | 'note' | 'broken';
  readonly detail: string;
  /** What to do about it. */
  readonly remedy?: string;
}

export function good(check: string, detail: string): Finding {
  return { check, status: 'good', detail };
}

export function note(check: string, detail: string, remedy?: string): Finding {
  return { check, status: 'note', detail, ...(remedy !== undefined && { remedy }) };
}

export function broken(check: string, detail: string, remedy: string): Finding {
  return { check, status: 'broken', detail, remedy };
}

/** What went wrong, for an operator, who cannot be told to retry in a moment. */
export function messageOf(error: unknown): string {
  if (error instanceof EngineInterruption) return messageOf(error.cause);
  return error instanceof Error ? error.message : String(error);
}
