import type { ClientRequest, IncomingMessage } from 'node:http';
import type { Writable } from 'node:stream';
import { WebSocket } from 'ws';
import { z } from 'zod';
import type {
  RealtimeUpstream,
  UpstreamSession,
  UpstreamSessionRequest,
} from '../../engine/realtime-upstream.ts';
import { unlessAborted } from '../../util/abort.ts';
import { deferred } from '../../util/deferred.ts';
import type { AzureDeployment } from './azure-upstream.ts';
import { ConnectionError, codeOf } from './http-request.ts';
import { realtimeAddress } from './realtime-address.ts';
import { Upstream, type UpstreamOptions } from './upstream.ts';
import { Watchdog } from './watchdog.ts';

export interface OpenAiRealtimeOptions extends Omit<UpstreamOptions, 'timeouts' | 'headers'> {
  /** Names the engine in logs and errors. Default `openai-realtime`. */
  readonly name?: string | undefined;
  /** A deployment of an Azure resource, whose endpoint is the base URL. */
  readonly azure?: AzureDeployment | undefined;
  readonly timeouts?: { readonly connectMs?: number | undefined } | undefined;
}

/** 15 MiB of audio in base64, and the event around it. */
const MAX_MESSAGE_BYTES = 20 * 1024 * 1024 + 64 * 1024;
const CONNECT_MS = 10_000;

/**
 * Realtime sessions of a server with OpenAI's or Azure's API, each over a WebSocket of its own. A server that says
 * only after the handshake that it refuses is one that refuses.
 */
export function openAiRealtime(options: OpenAiRealtimeOptions): RealtimeUpstream {
  const { azure, apiKey, timeouts, name = 'openai-realtime' } = options;
  const connectMs = timeouts?.connectMs ?? CONNECT_MS;
  const key = azure ? { apiKey: undefined, headers: apiKey ? { 'api-key': apiKey } : {} } : { apiKey };
  const upstream = new Upstream(name, {
    ...options,
    ...key,
    baseUrl: options.baseUrl.replace(/^ws/, 'http'),
    timeouts: { connectMs },
  });
  return {
    name,
    open: async (asked, { signal }) => await open({ upstream, options, asked }, signal),
  };
}

interface Opening {
  readonly upstream: Upstream;
  readonly options: OpenAiRealtimeOptions;
  readonly asked: UpstreamSessionRequest;
}

async function open({ upstream, options, asked }: Opening, signal: AbortSignal): Promise<UpstreamSession> {
  signal.throwIfAborted();
  const { path, query, headers } = realtimeAddress(asked, options);
  const socket = new WebSocket(upstream.socketUrl(path, query), {
    headers: { ...upstream.headers, ...headers },
    perMessageDeflate: false,
    maxPayload: MAX_MESSAGE_BYTES,
  });
  using watchdog = new Watchdog(signal, upstream.clock);
  const { connectMs } = upstream.timeouts;
  watchdog.expect(connectMs, () => upstream.silent(connectMs));
  try {
    const { greeting, stream, takeEarly } = await unlessAborted(greet(socket, upstream), watchdog.signal);
    refuseProblem(greeting, upstream);
    return { socket, stream, takeEarly, redact: (text) => upstream.redact(text) };
  } catch (error) {
    socket.terminate();
    throw error;
  }
}

interface Greeting extends Pick<UpstreamSession, 'stream' | 'takeEarly'> {
  readonly greeting: string;
}

/** The first message of a socket that is being opened, which is paused then; others may have come with it. */
async function greet(socket: WebSocket, upstream: Upstream): Promise<Greeting> {
  const greeted = deferred<string>();
  const opened = deferred<Writable>();
  const early: string[] = [];
  const onMessage = (data: WebSocket.RawData): void => {
    socket.pause();
    // The type of `data` follows the socket's `binaryType`, which is `nodebuffer` unless it is set.
    const text = (data as Buffer).toString('utf8');
    early.push(text);
    greeted.resolve(text);
  };
  const takeEarly = (): readonly string[] => {
    socket.off('message', onMessage);
    return early;
  };
  const onClose = (): void => greeted.reject(upstream.failed('closed the connection before it began.'));
  socket.once('upgrade', (response) => opened.resolve(response.socket));
  socket.on('message', onMessage);
  socket.once('close', onClose);
  // What breaks off later is seen as the end of the connection.
  socket.on('error', (error) =>
    greeted.reject(upstream.unreachable(new ConnectionError(codeOf(error), error))),
  );
  socket.once('unexpected-response', (request: ClientRequest, response: IncomingMessage) => {
    upstream
      .refusal(response)
      .then(greeted.reject, greeted.reject)
      .finally(() => request.destroy());
  });
  const greeting = await greeted.promise;
  socket.off('close', onClose);
  return { greeting, stream: await opened.promise, takeEarly };
}

const problemSchema = z.object({
  type: z.literal('error'),
  error: z.object({ code: z.string().nullish(), type: z.string().nullish(), message: z.string() }),
});

/** What OpenAI accepts a socket for only to say it would answer over HTTP with these. */
const STATUSES: Readonly<Record<string, number>> = {
  invalid_api_key: 401,
  insufficient_permissions: 403,
  model_not_found: 404,
  rate_limit_exceeded: 429,
  insufficient_quota: 429,
  server_overloaded: 503,
  engine_unavailable: 503,
};

function refuseProblem(greeting: string, upstream: Upstream): void {
  if (!greeting.includes('"error"')) return;
  const problem = problemSchema.safeParse(parseJson(greeting)).data;
  if (!problem) return;
  const { code, type } = problem.error;
  const status = STATUSES[code ?? ''] ?? (type === 'server_error' ? 500 : 400);
  throw upstream.refusalOf({ status, body: greeting, retryAfterSeconds: undefined });
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
