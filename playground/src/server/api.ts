/** What the server said was wrong, in its own words, which name the remedy. */
export class ServerError extends Error {
  override readonly name = 'ServerError';
  /** HTTP status; 0 when no answer came. */
  readonly status: number;
  readonly code: string | undefined;
  /** To find the request in the server's log. */
  readonly requestId: string | undefined;

  constructor(
    message: string,
    {
      status,
      code,
      requestId,
      cause,
    }: { status: number; code?: string | undefined; requestId?: string | undefined; cause?: unknown },
  ) {
    super(message, { cause });
    this.status = status;
    this.code = code;
    this.requestId = requestId;
  }
}

/** The error itself where it is the server's; else what came could not be read. */
export function toServerError(fault: unknown): ServerError {
  if (fault instanceof ServerError) return fault;
  return new ServerError('The answer of the server can not be read.', { status: 0, cause: fault });
}

/** Who asks, and until when. */
export interface Asking {
  readonly secret: string | undefined;
  readonly signal?: AbortSignal | undefined;
}

export interface Call extends Asking {
  readonly method?: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/**
 * Asks the server that the page came from.
 * @throws {ServerError} when it refuses or can not be reached; `AbortError` when `signal` says so.
 */
export async function call(path: string, options: Call): Promise<Response> {
  const response = await send(path, options);
  if (response.ok) return response;
  const error = await readRefusal(response);
  // Azure's addresses answer a missing role with 401 as well, and that is no fault of the credential.
  if (error.status === 401 && error.code !== 'PermissionDenied' && options.secret !== undefined) {
    for (const tell of refusalListeners) tell(options.secret);
  }
  throw error;
}

const refusalListeners = new Set<(secret: string) => void>();

/** Tells `listener` of each credential that the server does not take, or no longer, until it is told to stop. */
export function onRefusal(listener: (secret: string) => void): () => void {
  refusalListeners.add(listener);
  return () => refusalListeners.delete(listener);
}

async function send(
  path: string,
  { method = 'GET', body, headers, secret, signal }: Call,
): Promise<Response> {
  try {
    return await fetch(path, {
      method,
      headers: {
        ...(secret !== undefined && { authorization: `Bearer ${secret}` }),
        ...(body !== undefined && { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
      signal: signal ?? null,
    });
  } catch (cause) {
    if (signal?.aborted) throw cause;
    throw new ServerError('The server can not be reached. Is it still running?', { status: 0, cause });
  }
}

async function readRefusal(response: Response): Promise<ServerError> {
  const text = await response.text();
  const { message, code } = readError(text);
  return new ServerError(message ?? `The server answered ${response.status} ${response.statusText}.`, {
    status: response.status,
    code,
    requestId: response.headers.get('x-request-id') ?? undefined,
  });
}

/** Both envelopes of the contract: `{error: {message, code}}`, and Azure's refusals that stand alone. */
function readError(text: string): { readonly message?: string; readonly code?: string } {
  try {
    const body = JSON.parse(text) as { error?: { message?: string; code?: string | null }; message?: string };
    const { message = body.message, code } = body.error ?? {};
    return { ...(message !== undefined && { message }), ...(code && { code }) };
  } catch {
    return {};
  }
}
