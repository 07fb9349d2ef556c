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

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
