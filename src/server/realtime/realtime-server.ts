import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import type { FastifyBaseLogger } from 'fastify';
import type { WebSocket } from 'ws';
import type { UpstreamSession } from '../../engine/realtime-upstream.ts';
import type { RealtimeConnection } from '../../transport/connection.ts';
import type { RealtimeRelay } from '../../transport/relay.ts';
import { webSocketTransport } from '../../transport/websocket.ts';
import type { Clock } from '../../util/clock.ts';
import { ApiError } from '../../util/errors.ts';
import { excerpt } from '../../util/excerpt.ts';
import { newId } from '../../util/ids.ts';
import { LinkedAbort } from '../../util/linked-abort.ts';
import { type Address, parseAddress } from '../../wire/address/address.ts';
import { renderError, toApiError } from '../../wire/errors.ts';
import { type AdmittedSession, admitSession, type Doorkeepers } from './admit-session.ts';
import { clientAddress } from './client-address.ts';
import { ClientSecrets } from './client-secrets.ts';
import { isAllowedOrigin, type OriginRules } from './origins.ts';
import type { RealtimeLimits } from './realtime-limits.ts';
import { parseRealtimeRequest, type RealtimeRequest } from './realtime-request.ts';
import { refuseOpenly, refusePlainly } from './refusal.ts';
import { defaultSessions, SessionPlaces } from './session-places.ts';
import { startRelay } from './start-relay.ts';
import { startSession } from './start-session.ts';
import { WebSocketDoor } from './web-socket-door.ts';

export interface RealtimeServerOptions extends Omit<Doorkeepers, 'secrets'> {
  readonly limits: RealtimeLimits;
  readonly origins: OriginRules;
  readonly trustProxy: boolean | readonly string[];
  readonly clock: Clock;
  readonly logger: FastifyBaseLogger;
}

/** An upgrade that may become a session. */
interface Visit {
  readonly id: string;
  readonly request: IncomingMessage;
  readonly socket: Duplex;
  readonly head: Buffer;
}

interface SeatedSession extends AdmittedSession {
  /** Gives the place back. */
  readonly leave: () => void;
}

/** Refusals that are told over an open socket at a time; what comes on top is told plainly. */
const MAX_OPEN_REFUSALS = 64;

/** Takes the upgrades of an HTTP server, and holds every realtime session from its first event to its last. */
export class RealtimeServer {
  /** Opens sessions here, and nothing elsewhere. */
  readonly secrets: ClientSecrets;
  readonly #options: RealtimeServerOptions;
  readonly #places: SessionPlaces;
  readonly #door = new WebSocketDoor();
  readonly #connections = new Set<RealtimeConnection | RealtimeRelay>();
  readonly #closing = new AbortController();
  readonly #tasks = new Set<Promise<void>>();
  #openRefusals = 0;
  #isClosing = false;

  constructor(options: RealtimeServerOptions) {
    const { sessions = defaultSessions(), sessionsPerKey = sessions } = options.limits;
    this.#options = options;
    this.secrets = new ClientSecrets({ clock: options.clock });
    this.#places = new SessionPlaces({ inAll: sessions, perCaller: sessionsPerKey });
  }

  /** Takes what the `upgrade` event of an HTTP server has. Never throws. */
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    // A connection that breaks is no fault of the server; whoever waits for it sees its end.
    socket.on('error', () => socket.destroy());
    const task = this.#answer({ id: newId('req_', 24), request, socket, head })
      .catch((error: unknown) => {
        this.#options.logger.error({ err: error }, 'upgrade failed');
        socket.destroy();
      })
      .finally(() => this.#tasks.delete(task));
    this.#tasks.add(task);
  }

  /** Refuses what is new, lets what is being said be finished within `deadlineMs`, and ends every session. */
  async close(deadlineMs: number): Promise<void> {
    this.#isClosing = true;
    this.#closing.abort(shuttingDown());
    for (const connection of this.#connections) connection.drain();
    const cancel = this.#options.clock.after(deadlineMs, () => {
      for (const connection of this.#connections) connection.stop();
    });
    await Promise.all(this.#tasks);
    cancel();
  }

  async #answer(visit: Visit): Promise<void> {
    const asked = parseRealtimeRequest(visit.request);
    if (!asked) {
      this.#refusePlainly(visit, noSocketHere(), parseAddress(visit.request.url ?? '/'));
      return;
    }
    if (!this.#isOriginAllowed(visit)) {
      // The services know no such refusal, so that it is in nobody's words but ours.
      this.#refusePlainly(visit, wrongOrigin(visit.request.headers.origin), parseAddress('/'));
      return;
    }
    const admitted = await this.#admit(visit, asked);
    if (admitted instanceof ApiError) {
      await this.#refuse(visit, asked.address, admitted);
      return;
    }
    try {
      const session = await this.#openUpstream(visit, asked, admitted);
      if (session instanceof ApiError) await this.#refuse(visit, asked.address, session);
      else await this.#serve(visit, asked, { admitted, upstream: session });
    } finally {
      admitted.leave();
    }
  }

  /** A session elsewhere, or why there is none; `undefined` where it is to be held here. */
  async #openUpstream(
    { id, socket }: Visit,
    { dialect, isTraced }: RealtimeRequest,
    { deployment: { realtime }, purpose }: AdmittedSession,
  ): Promise<UpstreamSession | ApiError | undefined> {
    if (!realtime) return undefined;
    using opening = new LinkedAbort(this.#closing.signal);
    const onGone = (): void => opening.abort(new Error('The client left.'));
    socket.once('close', onGone);
    try {
      const { signal } = opening;
      return await realtime.open({ dialect, purpose, isTraced }, { signal });
    } catch (error) {
      if (!socket.destroyed) this.#options.logger.warn({ reqId: id, err: error }, 'no upstream session');
      return toApiError(error);
    } finally {
      socket.off('close', onGone);
    }
  }

  #isOriginAllowed({ request }: Visit): boolean {
    const { origin, host } = request.headers;
    return isAllowedOrigin({ origin, host }, this.#options.origins);
  }

  #credentialsOf({ request: { rawHeaders, url, socket, headers } }: Visit) {
    const forwardedFor = headers['x-forwarded-for'];
    const address = clientAddress(socket.remoteAddress, forwardedFor, this.#options.trustProxy);
    return { rawHeaders, url, address };
  }

  /** A session with a place, or why there is none. */
  async #admit(visit: Visit, asked: RealtimeRequest): Promise<SeatedSession | ApiError> {
    const { authenticator, deployments } = this.#options;
    const doorkeepers = { authenticator, deployments, secrets: this.secrets };
    try {
      const admitted = await admitSession(asked, this.#credentialsOf(visit), doorkeepers);
      if (this.#isClosing) return shuttingDown();
      return { ...admitted, leave: this.#places.enter(admitted.grant.principal.id) };
    } catch (error) {
      return toApiError(error);
    }
  }

  async #serve(
    visit: Visit,
    asked: RealtimeRequest,
    {
      admitted,
      upstream,
    }: { readonly admitted: AdmittedSession; readonly upstream?: UpstreamSession | undefined },
  ): Promise<void> {
    const socket = await this.#open(visit);
    if (!socket) {
      upstream?.socket.terminate();
      return;
    }
    const { limits, clock, logger } = this.#options;
    const log = logger.child({ reqId: visit.id });
    const caller = admitted.grant.principal.id;
    const transport = webSocketTransport(socket, { clock, stream: visit.socket });
    const connection = upstream
      ? startRelay(upstream, asked, { transport, limits, clock })
      : startSession(admitted, asked, {
          transport,
          limits,
          clock,
          places: () => ({ limit: this.#places.perCaller, remaining: this.#places.remaining(caller) }),
          onFault: (error) => log.error({ err: error }, 'session failed'),
          onNotice: (notice) => log.warn({ notice }, 'notice'),
        });
    const startedMs = clock.now();
    this.#connections.add(connection);
    // It may have been opened while the server began to close.
    if (this.#isClosing) connection.drain();
    await connection.serve();
    this.#connections.delete(connection);
    const { form } = asked.address;
    log.info({ form, dialect: asked.dialect, caller, ms: Math.round(clock.now() - startedMs) }, 'session');
  }

  async #open({ request, socket, head }: Visit): Promise<WebSocket | undefined> {
    return await this.#door.open(request, socket, head);
  }

  async #refuse(visit: Visit, address: Address, error: ApiError): Promise<void> {
    const { logger, clock } = this.#options;
    logger.info({ reqId: visit.id, form: address.form, kind: error.kind }, 'session refused');
    const isPlain = address.family === 'azure' || this.#isClosing || this.#openRefusals >= MAX_OPEN_REFUSALS;
    if (isPlain) {
      this.#refusePlainly(visit, error, address);
      return;
    }
    this.#openRefusals += 1;
    try {
      const socket = await this.#open(visit);
      if (!socket) return;
      const transport = webSocketTransport(socket, { clock, stream: visit.socket });
      await refuseOpenly(transport, error, { clock });
    } finally {
      this.#openRefusals -= 1;
    }
  }

  #refusePlainly({ id, socket }: Visit, error: ApiError, address: Address): void {
    const ids = { 'x-request-id': id, ...(address.family === 'azure' && { 'apim-request-id': id }) };
    refusePlainly(socket, renderError(error, address), ids);
  }
}

function shuttingDown(): ApiError {
  return new ApiError('overloaded', 'The server is shutting down. Please try again in 10s.', {
    retryAfterSeconds: 10,
  });
}

function wrongOrigin(origin = 'null'): ApiError {
  return new ApiError(
    'forbidden',
    `Pages of ${excerpt(origin)} may not open sessions here. The operator of the server can add their origin to server.allowedOrigins.`,
  );
}

function noSocketHere(): ApiError {
  return new ApiError('resource-not-found', 'There is no WebSocket at this address.');
}
