import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { readDefaultKey } from '../../src/server/auth/api-keys.ts';
import { type Config, configSchema } from '../../src/server/config/schema.ts';
import { homeAt } from '../../src/server/home/paths.ts';
import { startServer } from '../../src/server/start.ts';

export interface TestServer extends AsyncDisposable {
  readonly url: string;
  readonly home: string;
  readonly key: string;
  /** Posts JSON with the default key, to an address such as `/v1/chat/completions`. */
  post(path: string, body: unknown, init?: RequestOptions): Promise<Response>;
  get(path: string, init?: RequestOptions): Promise<Response>;
}

/** Of `fetch`, with headers that can be added to. */
export type RequestOptions = Omit<RequestInit, 'headers'> & {
  readonly headers?: Readonly<Record<string, string>>;
};

export interface TestServerOptions {
  /** What stands in `samtal.config.json`. */
  readonly config?: Record<string, unknown>;
  /** Kept when it is given; else made and removed. */
  readonly home?: string;
}

/** The whole server with its real engines, in this process, at any free port, with a home of its own. */
export async function startTestServer(options: TestServerOptions = {}): Promise<TestServer> {
  const home = options.home ?? (await mkdtemp(join(tmpdir(), 'samtal-')));
  const config: Config = configSchema.parse({ discovery: { languageModel: false }, ...options.config });
  const server = await startServer({
    config,
    home: homeAt(home),
    host: '127.0.0.1',
    port: 0,
    logger: pino({ level: 'silent' }),
  });
  const key = await readDefaultKey(home);
  const send = async (path: string, init: RequestOptions): Promise<Response> =>
    await fetch(new URL(path, server.url), { ...init, headers: { 'api-key': key, ...init.headers } });
  return {
    url: server.url,
    home,
    key,
    get: async (path, init = {}) => await send(path, init),
    post: async (path, body, init = {}) =>
      await send(path, {
        method: 'POST',
        body: JSON.stringify(body),
        ...init,
        headers: { 'content-type': 'application/json', ...init.headers },
      }),
    [Symbol.asyncDispose]: async () => {
      await server.close(1_000);
      if (options.home === undefined) await rm(home, { recursive: true, force: true });
    },
  };
}
