import { styleText } from 'node:util';
import { isLoopbackHost } from '../../server/auth/loopback.ts';
import { findConfigFile, loadConfig } from '../../server/config/index.ts';
import { findHome } from '../../server/home/paths.ts';
import { LINK_MINUTES } from '../../server/playground/sign-in-links.ts';
import { type StartedServer, startServer } from '../../server/start.ts';
import { calledAs } from '../called-as.ts';
import { CliError, UsageError } from '../cli-error.ts';
import { defineCommand } from '../command.ts';
import { createLogger } from '../logger.ts';
import { offerModels } from '../models/offer.ts';
import { withProgress } from '../progress.ts';
import { stopSignals } from '../stop-signals.ts';

/** How long running requests may take to finish once the server is told to stop. */
const CLOSE_WITHIN_MS = 10_000;

export const serve = defineCommand({
  name: 'serve',
  options: {
    host: { type: 'string', value: 'address', description: 'Where to listen. Default: 127.0.0.1.' },
    port: { type: 'string', value: 'port', description: 'Default: 8080; 0 for any.' },
    config: { type: 'string', value: 'file', description: 'Default: samtal.config.json, if there is one.' },
  },
  run: async ({ options }) => {
    const source = { path: options.config, cwd: process.cwd(), env: process.env };
    const config = loadConfig(source);
    const host = options.host || config.server.host;
    const port = options.port === undefined ? config.server.port : parsePort(options.port);
    const home = findHome(process.env);
    if (Object.keys(config.engines).length === 0) await offerModels(home);
    const stop = stopSignals();
    const starting = start({
      config,
      configFile: findConfigFile(source),
      home,
      host,
      port,
      logger: createLogger(config.log),
    });
    const server = await withProgress('Starting the engines', starting);
    announce(server, host);
    await stop.first;
    // What still does not end by then, such as an engine in the middle of a call, ends with the process.
    setTimeout(() => process.exit(1), CLOSE_WITHIN_MS + 5000).unref();
    console.error('Stopping once running requests are done. Ctrl-C again stops at once.');
    await server.close(CLOSE_WITHIN_MS);
    stop.release();
  },
});

function parsePort(text: string): number {
  const port = Number(text);
  if (/^\d+$/.test(text) && port <= 65_535) return port;
  throw new UsageError(`--port must be a number from 0 to 65535, not "${text}"`);
}

async function start(options: Parameters<typeof startServer>[0]): Promise<StartedServer> {
  try {
    return await startServer(options);
  } catch (error) {
    const advice = isListenFault(error) ? adviceFor(String(error.code), options) : undefined;
    throw advice ? new CliError(advice, { cause: error }) : error;
  }
}

/** The same codes come from files: a home that can not be written is no fault of the port. */
function isListenFault(error: unknown): error is Error & { readonly code: unknown } {
  if (!(error instanceof Error && 'code' in error && 'syscall' in error)) return false;
  return error.syscall === 'listen' || error.syscall === 'getaddrinfo';
}

function adviceFor(
  code: string,
  { host, port }: { readonly host: string; readonly port: number },
): string | undefined {
  switch (code) {
    case 'EADDRINUSE':
      return (
        `another program listens at port ${port} of ${host}. ` +
        'Stop it, or choose another port; --port 0 takes any that is free'
      );
    case 'EACCES':
      return `this user may not listen at port ${port}. Choose one above 1023, such as --port 8080`;
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return `"${host}" is no address of this machine. --host 127.0.0.1 is for this machine, 0.0.0.0 for all its networks`;
    default:
      return undefined;
  }
}

/** Standard output gets one line, for people and for programs that wait for it. */
function announce(server: StartedServer, host: string): void {
  for (const { role, engine } of server.engines) console.error(`${styled('bold', `${role}:`)} ${engine}`);
  const notices = isLoopbackHost(host) ? server.notices : [...server.notices, exposure(host)];
  for (const notice of notices) console.error(`${styled('yellow', 'Note:')} ${notice}`);
  const url = styleText('bold', server.url, { stream: process.stdout });
  const samtal = calledAs(process.env);
  console.log(`Samtal is ready at ${url} (in another terminal: eval "$(${samtal} env)")`);
  const link = server.signInLink?.();
  if (link)
    console.error(`${styled('bold', 'Playground:')} ${link.url} (once, within ${LINK_MINUTES} minutes)`);
}

/** For a terminal that shows colours, and plain for anything else. */
function styled(style: 'bold' | 'yellow', text: string): string {
  return styleText(style, text, { stream: process.stderr });
}

function exposure(host: string): string {
  return (
    `Listening at ${host}, other machines can reach this server. So it gives out no tokens: every program ` +
    'needs a key (samtal key), or a token of your Microsoft Entra tenant. Keys travel readable over http: use https.'
  );
}
