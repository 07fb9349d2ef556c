import { type IncomingMessage, request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';

export interface HttpRequest {
  readonly method: 'GET' | 'POST';
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
  /** How long it may take to reach the server; the answer may take longer. */
  readonly connectMs: number;
  readonly signal: AbortSignal;
}

/** A server that could not be reached, with the system's code for why. */
export class ConnectionError extends Error {
  override readonly name = 'ConnectionError';
  readonly code: string;

  constructor(code: string, cause?: unknown) {
    super(code, { cause });
    this.code = code;
  }
}

/**
 * Sends one request and resolves with the head of the answer, whose body is read at the reader's pace.
 * Aborting the signal, also later, closes the connection.
 * @throws {ConnectionError} and the signal's reason when aborted.
 */
export async function openRequest(url: URL, options: HttpRequest): Promise<IncomingMessage> {
  const { method, headers, body, signal } = options;
  signal.throwIfAborted();
  const isSecure = url.protocol === 'https:';
  const length = body === undefined ? {} : { 'content-length': String(Buffer.byteLength(body)) };
  const answer = Promise.withResolvers<IncomingMessage>();
  const request = (isSecure ? requestHttps : requestHttp)(url, {
    method,
    headers: { ...headers, ...length },
  });
  // Without an error, unlike Node's own `signal` option: between the end of a body and the return of its
  // socket to the agent nothing listens for one, and it would end the process.
  const onAbort = (): void => void request.destroy();
  signal.addEventListener('abort', onAbort, { once: true });
  request.once('close', () => signal.removeEventListener('abort', onAbort));
  const timer = setTimeout(
    () => request.destroy(new ConnectionError('no connection in time')),
    options.connectMs,
  );
  request.on('socket', (socket) => {
    if (socket.connecting) socket.once(isSecure ? 'secureConnect' : 'connect', () => clearTimeout(timer));
    else clearTimeout(timer);
  });
  request.on('response', (response) => {
    // A break between two reads is met by the next read.
    response.on('error', () => {});
    answer.resolve(response);
  });
  request.on('error', answer.reject);
  request.end(body);
  try {
    return await answer.promise;
  } catch (error) {
    signal.throwIfAborted();
    throw error instanceof ConnectionError ? error : new ConnectionError(codeOf(error), error);
  } finally {
    clearTimeout(timer);
  }
}

/** At most `limit` bytes of the body, as text; the connection is closed when there is more. */
export async function readText(response: IncomingMessage, limit: number): Promise<string> {
  const pieces: Buffer[] = [];
  let size = 0;
  for await (const piece of response) {
    pieces.push(piece);
    size += piece.length;
    if (size >= limit) break;
  }
  return Buffer.concat(pieces).subarray(0, limit).toString('utf8');
}

/** The system's code for what went wrong, or the message where there is none. */
export function codeOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return 'code' in error ? String(error.code) : error.message;
}
