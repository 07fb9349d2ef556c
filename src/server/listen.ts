import type { Server } from 'node:net';
import { hostname } from 'node:os';
import type { FastifyBaseLogger, FastifyInstance } from 'fastify';
import { systemClock } from '../util/clock.ts';
import type { Config } from './config/index.ts';
import type { Home } from './home/paths.ts';
import { alsoListen } from './listener/also-listen.ts';
import { ensureDevelopmentCertificate } from './listener/development-certificate.ts';
import { servePlainAndTls } from './listener/plain-and-tls.ts';
import { readServerCertificate, type ServerCertificate } from './listener/server-certificate.ts';

export interface ListenOptions {
  readonly config: Config;
  readonly home: Home;
  readonly host: string;
  /** 0 for any. */
  readonly port: number;
  readonly logger: FastifyBaseLogger;
}

/** How long a connection may stay open behind the last answer of a server that closes. */
const SWEEP_MS = 50;

export interface Listener {
  /** Such as `http://127.0.0.1:8080`. */
  readonly url: string;
  readonly port: number;
  /** Takes no more requests; those that run have `deadlineMs` before their connections are cut. */
  close(deadlineMs: number): Promise<void>;
}

/**
 * Opens the port for HTTP and TLS, at both loopback addresses when the host is `localhost`.
 * @throws {ConfigError} for a certificate that can not be used; `EADDRINUSE` and the like.
 */
export async function listen(app: FastifyInstance, options: ListenOptions): Promise<Listener> {
  const { host, logger } = options;
  const certificate = await readCertificate(options);
  const connections = servePlainAndTls(app.server, {
    ...certificate,
    onTlsError: (error) => logger.debug({ err: error }, 'TLS handshake failed'),
  });
  const { port, second } = await open(app, options);
  return {
    url: `http://${urlHost(host)}:${port}`,
    port,
    close: async (deadlineMs) => {
      const closing = Promise.all([app.close(), second && closed(second)]);
      connections.closeUnadmitted();
      // A server that closes lets go of the connections that are idle then, but not of those that become so.
      const sweeping = setInterval(() => app.server.closeIdleConnections(), SWEEP_MS);
      const cancel = systemClock.after(deadlineMs, () => connections.destroyAll());
      try {
        await closing;
      } finally {
        cancel();
        clearInterval(sweeping);
      }
    },
  };
}

/** Fastify given `localhost` would open a second HTTP server for `::1`, which would not speak TLS. */
async function open(app: FastifyInstance, { host, port }: ListenOptions) {
  const isLocalhost = host.toLowerCase() === 'localhost';
  await app.listen({ host: isLocalhost ? '127.0.0.1' : host, port });
  const address = app.server.address();
  const opened = typeof address === 'object' && address ? address.port : port;
  if (!isLocalhost) return { port: opened, second: undefined };
  try {
    return { port: opened, second: await alsoListen(app.server, { host: '::1', port: opened }) };
  } catch (error) {
    await app.close();
    throw error;
  }
}

async function closed(server: Server): Promise<void> {
  await new Promise((resolve) => server.close(resolve));
}

async function readCertificate({
  config,
  home,
}: ListenOptions): Promise<Pick<ServerCertificate, 'cert' | 'key'>> {
  if (config.server.tls) return await readServerCertificate(config.server.tls);
  return await ensureDevelopmentCertificate(home, { hostName: hostname(), now: new Date(systemClock.now()) });
}

/** An address to listen at is not always one to connect to. */
function urlHost(host: string): string {
  if (host === '0.0.0.0' || host === '::') return '127.0.0.1';
  return host.includes(':') ? `[${host}]` : host;
}
