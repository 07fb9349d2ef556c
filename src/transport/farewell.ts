import type { Clock } from '../util/clock.ts';
import { deferred } from '../util/deferred.ts';
import type { RealtimeTransport } from './transport.ts';

export interface Farewell {
  readonly code: number;
  readonly reason: string;
  readonly clock: Clock;
  /** Settles when nothing comes from the peer any more. */
  readonly heard: Promise<void>;
}

/** How long a client may take to read the last events before its connection is closed. */
const FAREWELL_MS = 400;

/**
 * Closes a connection whose last words have been sent, once the client has closed it or has had time to read
 * them: rt-client 0.5.2 drops what it has not read when the connection closes.
 */
export async function bidFarewell(
  transport: RealtimeTransport,
  { code, reason, clock, heard }: Farewell,
): Promise<void> {
  const waited = deferred();
  const cancel = clock.after(FAREWELL_MS, waited.resolve);
  await Promise.race([waited.promise, heard]);
  cancel();
  await transport.close(code, reason);
}
