/** What went wrong between us and a hub. */
export class HubFault extends Error {
  override readonly name = 'HubFault';
  /** Another try may do. */
  readonly isPassing: boolean;
  /** How long the hub asks to wait before that. */
  readonly retryAfterMs: number | undefined;
  /** What is there already can not be gone on from. */
  readonly isOfRange: boolean;

  constructor(message: string, { isPassing, retryAfterMs, isOfRange = false, cause }: HubFaultOptions) {
    super(message, { cause });
    this.isPassing = isPassing;
    this.retryAfterMs = retryAfterMs;
    this.isOfRange = isOfRange;
  }
}

interface HubFaultOptions {
  readonly isPassing: boolean;
  readonly retryAfterMs?: number | undefined;
  readonly isOfRange?: boolean;
  readonly cause?: unknown;
}
