import type { UpstreamSession } from '../../engine/realtime-upstream.ts';
import { RealtimeRelay } from '../../transport/relay.ts';
import type { RealtimeTransport } from '../../transport/transport.ts';
import { webSocketTransport } from '../../transport/websocket.ts';
import type { Clock } from '../../util/clock.ts';
import { newId } from '../../util/ids.ts';
import { createDialect, defaultSessionConfig } from '../../wire/realtime/index.ts';
import type { RealtimeLimits } from './realtime-limits.ts';
import type { RealtimeRequest } from './realtime-request.ts';

export interface StartRelayOptions {
  readonly transport: RealtimeTransport;
  readonly limits: RealtimeLimits;
  readonly clock: Clock;
}

/** A session that another server holds, between it and the client, not served yet. */
export function startRelay(
  { socket, stream, takeEarly, redact }: UpstreamSession,
  { dialect: name }: RealtimeRequest,
  { transport, limits, clock }: StartRelayOptions,
): RealtimeRelay {
  const dialect = createDialect(name, { defaults: defaultSessionConfig(name), newId });
  return new RealtimeRelay({
    client: transport,
    // In one step, so that no message comes between the two.
    early: takeEarly(),
    upstream: webSocketTransport(socket, { clock, stream }),
    redact,
    encodeProblem: (problem) => dialect.encode({ type: 'problem', problem }),
    clock,
    limits: { sessionSeconds: limits.sessionSeconds, idleSeconds: limits.sessionIdleSeconds },
  });
}
