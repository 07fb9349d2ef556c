/** Why nothing, or less than there could be, does a part of the work. */
export interface Missing {
  readonly reason: string;
  /** What the operator of this machine can do. */
  readonly remedy: string;
}

export function toNotice({ reason, remedy }: Missing): string {
  return `${reason} ${remedy}`;
}
