import { readFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import type { FastifyBaseLogger, FastifyInstance } from 'fastify';
import { systemClock } from '../util/clock.ts';
import type { Config } from './config/index.ts';
import type { Home } from './home/paths.ts';
import { ensureDevelopmentCertificate } from './listener/development-certificate.ts';
import { servePlainAndTls } from './listener/plain-and-tls.ts';

export interface ListenOptions {
  readonly config: Config;
  readonly home: Home;
  readonly host: string;
  /** 0 for any. */
  readonly port: number;
  readonly logger: FastifyBaseLogger;
}

export interface Listener {
  /** Such as `http://127.0.0.1:8080`. */
  readonly url: string;
  readonly port: number;
  /** Takes no more requests; those that run have `deadlineMs` before their connections are cut. */
  close(deadlineMs: number): Promise<void>;
}

/** Opens the port for HTTP and TLS. Rejects with `EADDRINUSE` and the like. */
export async function listen(app: FastifyInstance, options: ListenOptions): Promise<Listener> {
  const { host, port, logger } = options;
  const certificate = await readCertificate(options);
  const connections = servePlainAndTls(app.server, {
    ...certificate,
    onTlsError: (error) => logger.debug({ err: error }, 'TLS handshake failed'),
  });
  await app.listen({ host, port });
  const address = app.server.address();
  const opened = typeof address === 'object' && address ? address.port : port;
  return {
    url: `http://${urlHost(host)}:${opened}`,
    port: opened,
    close: async (deadlineMs) => {
      const closing = app.close();
      connections.closeUnadmitted();
      const cancel = systemClock.after(deadlineMs, () => connections.destroyAll());
      await closing;
      cancel();
    },
  };
}

async function readCertificate({
  config,
  home,
}: ListenOptions): Promise<{ readonly cert: string; readonly key: string }> {
  const { tls } = config.server;
  if (!tls) {
    return await ensureDevelopmentCertificate(home, {
      hostName: hostname(),
      now: new Date(systemClock.now()),
    });
  }
  return { cert: await readFile(tls.cert, 'utf8'), key: await readFile(tls.key, 'utf8') };
}

/** An address to listen at is not always one to connect to. */
function urlHost(host: string): string {
  if (host === '0.0.0.0' || host === '::') return '127.0.0.1';
  return host.includes(':') ? `[${host}]` : host;
}
