import { readDefaultKey } from '../server/auth/api-keys.ts';
import { findHome, type Home } from '../server/home/paths.ts';
import { findRunningServer, type RunningServer } from '../server/home/running.ts';
import { CliError } from './cli-error.ts';

export interface Target {
  readonly home: Home;
  readonly server: RunningServer;
}

/**
 * The server that this user runs on this machine.
 * @throws {CliError} saying how to start one.
 */
export async function requireRunningServer(): Promise<Target> {
  const home = findHome(process.env);
  const server = await findRunningServer(home);
  if (server) return { home, server };
  throw new CliError(
    `no server is running with the home ${home.directory}. Start one in another terminal: samtal serve`,
  );
}

interface ServerRequest {
  /** Default: POST. */
  readonly method?: string;
  readonly body?: FormData | string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Statuses that are an answer like any other. */
  readonly expected?: readonly number[];
}

/**
 * Sends a request to the running server with the key of its home.
 * @throws {CliError} with the server's own message when it refuses.
 */
export async function callServer(
  { home, server }: Target,
  path: string,
  { expected = [], ...request }: ServerRequest,
): Promise<Response> {
  const key = await readDefaultKey(home.directory);
  const response = await fetch(new URL(path, server.url), {
    method: 'POST',
    ...request,
    headers: { ...request.headers, authorization: `Bearer ${key}` },
  });
  if (response.ok || expected.includes(response.status)) return response;
  const text = await response.text();
  throw new CliError(`the server answered ${response.status}: ${errorMessage(text)}`);
}

/** Both APIs put it at `error.message`. */
function errorMessage(text: string): string {
  try {
    const body: unknown = JSON.parse(text);
    const error = typeof body === 'object' && body && 'error' in body ? body.error : undefined;
    return typeof error === 'object' && error && 'message' in error ? String(error.message) : text;
  } catch {
    return text;
  }
}
